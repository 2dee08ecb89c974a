//! Cases that staff look for: the delivery desk and the search box.

use std::collections::BTreeSet;

use kernel::{AppError, DivisionCode, OrgPath, mask};
use sea_orm::{
    Condition, QueryOrder as _, QuerySelect as _, entity::prelude::*, sea_query::SimpleExpr,
};
use store::{
    Store, StoreError,
    page::{Page, PageQuery},
};
use uuid::Uuid;

use super::{super::file, newest_of};

/// Cases of an agency whose result waits to be handed out by one of these organisations, oldest first.
pub(crate) async fn ready(
    store: &Store,
    bureau: DivisionCode,
    by: &[OrgPath],
    text: Option<&str>,
    page: &PageQuery,
) -> Result<Page<file::Model>, AppError> {
    let mut condition = Condition::all()
        .add(file::Column::Bureau.eq(bureau.to_string()))
        .add(file::Column::ReadyUs.is_not_null())
        .add(within(file::Column::ReadyOrg, by));
    if let Some(text) = text {
        condition = condition.add(finding_part(text));
    }
    if let Some((ready, id)) = page.position::<(i64, Uuid)>()? {
        condition = condition.add(file::Column::ReadyUs.gte(ready)).add(
            Condition::any().add(file::Column::ReadyUs.gt(ready)).add(
                Condition::all()
                    .add(file::Column::ReadyUs.eq(ready))
                    .add(file::Column::CaseId.gt(id)),
            ),
        );
    }
    let rows = file::Entity::find()
        .filter(condition)
        .order_by_asc(file::Column::ReadyUs)
        .order_by_asc(file::Column::CaseId)
        .limit(u64::from(page.rows()) + 1)
        .all(store.read())
        .await
        .map_err(StoreError::from)?;
    Ok(Page::cut(rows, page.rows(), |row| {
        (row.ready_us.unwrap_or(0), row.case_id)
    }))
}

/// Cases of an agency with a paper that these organisations serve on the other party, oldest first.
pub(crate) async fn to_serve(
    store: &Store,
    bureau: DivisionCode,
    by: &[OrgPath],
    page: &PageQuery,
) -> Result<Page<file::Model>, AppError> {
    let mut condition = Condition::all()
        .add(file::Column::Bureau.eq(bureau.to_string()))
        .add(file::Column::ServeUs.is_not_null())
        .add(within(file::Column::ServeOrg, by));
    if let Some((since, id)) = page.position::<(i64, Uuid)>()? {
        condition = condition.add(
            Condition::any().add(file::Column::ServeUs.gt(since)).add(
                Condition::all()
                    .add(file::Column::ServeUs.eq(since))
                    .add(file::Column::CaseId.gt(id)),
            ),
        );
    }
    let rows = file::Entity::find()
        .filter(condition)
        .order_by_asc(file::Column::ServeUs)
        .order_by_asc(file::Column::CaseId)
        .limit(u64::from(page.rows()) + 1)
        .all(store.read())
        .await
        .map_err(StoreError::from)?;
    Ok(Page::cut(rows, page.rows(), |row| {
        (row.serve_us.unwrap_or(0), row.case_id)
    }))
}

/// What a text looks for, by its shape: each has a column, and the column has an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Looked<'a> {
    /// 办件编号: agency, item, day and serial.
    Number(&'a str),
    /// The last four of the applicant's number.
    Tail(&'a str),
    /// The applicant's name.
    Name(&'a str),
}

fn looked_for(text: &str) -> Looked<'_> {
    let is_code = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match text.len() {
        4 if is_code => Looked::Tail(text),
        10.. if is_code => Looked::Number(text),
        _ => Looked::Name(text),
    }
}

/// By number of the case, the last four of the applicant's number, or his name: in full, or as lists
/// show it. A case meets one of them.
fn finding(text: &str) -> Vec<SimpleExpr> {
    match looked_for(text) {
        Looked::Number(number) => vec![file::Column::Number.eq(number.to_ascii_uppercase())],
        Looked::Tail(tail) => vec![file::Column::NumberTail.eq(tail.to_ascii_uppercase())],
        Looked::Name(name) => {
            let names = BTreeSet::from([name.to_owned(), mask::name(name)]);
            let shown = |name: String| file::Column::ApplicantMasked.eq(name);
            names.into_iter().map(shown).collect()
        }
    }
}

/// By a part of the number of the case or of the applicant's name, or by the last four of his number.
/// Only for the few cases that wait for something: no index helps.
fn finding_part(text: &str) -> Condition {
    let code = text.to_ascii_uppercase();
    Condition::any()
        .add(file::Column::Number.contains(&code))
        .add(file::Column::NumberTail.eq(code))
        .add(file::Column::ApplicantMasked.contains(text))
        .add(file::Column::ApplicantMasked.eq(mask::name(text)))
        .add(file::Column::ApplicantMasked.starts_with(beginning(text)))
}

/// How lists show a name of which this is the beginning: 王秀 begins 王\*兰.
fn beginning(part: &str) -> String {
    let mut letters = part.chars();
    let first: String = letters.next().into_iter().collect();
    format!("{first}{}", "*".repeat(letters.count()))
}

/// Cases of an agency, or of some of its organisations, by number, tail, or masked name; newest
/// first.
pub(crate) async fn find(
    store: &Store,
    bureau: DivisionCode,
    orgs: Option<&[OrgPath]>,
    text: &str,
    page: &PageQuery,
) -> Result<Page<file::Model>, AppError> {
    let mut condition = Condition::all()
        .add(file::Column::Bureau.eq(bureau.to_string()))
        .add(file::Column::Number.is_not_null());
    if let Some(orgs) = orgs {
        condition = condition.add(within(file::Column::Org, orgs));
    }
    let sought = finding(text).into_iter();
    let conditions = sought.map(|one| condition.clone().add(one)).collect();
    newest_of(store, conditions, page).await
}

/// Cases of these organisations whose flow cannot go on, last changed first.
pub(crate) async fn stuck(
    store: &Store,
    bureau: DivisionCode,
    orgs: &[OrgPath],
    page: &PageQuery,
) -> Result<Page<file::Model>, AppError> {
    let condition = Condition::all()
        .add(file::Column::Bureau.eq(bureau.to_string()))
        .add(file::Column::StuckUs.is_not_null())
        .add(within(file::Column::Org, orgs));
    newest_of(store, vec![condition], page).await
}

/// In one of these organisations or below.
fn within(column: file::Column, orgs: &[OrgPath]) -> Condition {
    let any = orgs.iter().fold(Condition::any(), |any, org| {
        any.add(column.eq(org.as_str()))
            .add(column.between(format!("{org}/"), format!("{org}0")))
    });
    // An empty `any` would let everything through.
    any.add(Expr::value(false))
}

#[cfg(test)]
mod tests {
    use super::{Looked, beginning, looked_for};

    #[test]
    fn the_shape_of_a_text_says_in_which_column_it_is_looked_for() {
        for (text, looked) in [
            (
                "180100JY009202603020001",
                Looked::Number("180100JY009202603020001"),
            ),
            ("002X", Looked::Tail("002X")),
            ("0020", Looked::Tail("0020")),
            ("王*兰", Looked::Name("王*兰")),
            ("王秀兰", Looked::Name("王秀兰")),
            (
                "云川市恒通运输有限公司",
                Looked::Name("云川市恒通运输有限公司"),
            ),
            ("Ann", Looked::Name("Ann")),
        ] {
            assert_eq!(looked_for(text), looked, "{text}");
        }
    }

    #[test]
    fn the_beginning_of_a_name_is_masked_as_lists_show_it() {
        for (part, shown) in [("王", "王"), ("王秀", "王*"), ("欧阳修", "欧**"), ("", "")]
        {
            assert_eq!(beginning(part), shown, "{part}");
        }
    }
}
