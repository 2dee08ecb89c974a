//! The rows that must be mended, as a spreadsheet with the reasons beside them: the enterprise mends
//! it and uploads it as it is.

use axum::{body::Body, extract::State as Context, http::Response};
use httpkit::{Authorised, Params, Refusals, Reply};
use kernel::{
    AppError, Lang, caller::CanApply, ids::RosterId, limits::ROSTER_BYTES_MAX, roster::RosterColumn,
};
use serde_json::Value;
use spreadsheets::{Column, Holds, Sheet};

use super::{
    key_of, open_row,
    reading::{facts_of, model_of},
    sheet::ADDED,
    stage::RowState,
    template::{columns, page_name, workbook},
    upload::enterprise_of,
    views::RowFaultView,
    words::told,
};
use crate::{
    desk::Casework,
    model::Model,
    store::rosters::{self, roster},
};

/// Rows read at once.
const ROWS_PER_PAGE: u32 = 500;

/// The rows of a roster that must be mended, with the reasons.
#[utoipa::path(get, path = "/rosters/{roster_id}/faults", tag = "rosters",
    params(("roster_id" = RosterId, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), Refusals))]
pub(crate) async fn roster_faults(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Params(id): Params<RosterId>,
) -> Reply<Response<Body>> {
    let employer = enterprise_of(caller.citizen()?)?;
    let roster = rosters::find_own(&desk.kit.store, employer, id).await?;
    let bytes = i64::try_from(ROSTER_BYTES_MAX).unwrap_or(i64::MAX);
    let who = caller.principal().actor();
    let _place = desk.place_for_download(who, bytes).await?;
    let lang = caller.request().lang;
    let model = model_of(&desk, &roster)?;
    let facts = facts_of(&model)?;
    let sheet = Sheet {
        name: page_name(facts.name.get(lang)),
        columns: with_reasons(columns(&model, facts, lang), lang),
        rows: lines(&desk, &roster, &model, lang).await?,
        prepared: facts.rows,
        guide_name: String::new(),
        guide: Vec::new(),
    };
    let name = match lang {
        Lang::Zh => "要改的人.xlsx",
        Lang::En => "rows to correct.xlsx",
    };
    Ok(workbook(sheet, name).await?)
}

/// The columns of the template, and those that say where a row was and what is wrong with it.
fn with_reasons(mut columns: Vec<Column>, lang: Lang) -> Vec<Column> {
    for ((zh, en), width) in ADDED.into_iter().zip([10, 60]) {
        let heading = match lang {
            Lang::Zh => zh,
            Lang::En => en,
        };
        columns.push(Column {
            heading: heading.to_owned(),
            note: String::new(),
            holds: Holds::Text,
            required: false,
            width,
        });
    }
    columns
}

/// The faulty rows as they were filled in, with their numbers and reasons.
async fn lines(
    desk: &Casework,
    roster: &roster::Model,
    model: &Model,
    lang: Lang,
) -> Result<Vec<Vec<String>>, AppError> {
    let facts = facts_of(model)?;
    let key = key_of(desk, roster)?;
    let states = [RowState::Bad.as_str(), RowState::Failed.as_str()];
    let (mut lines, mut after) = (Vec::new(), 0);
    loop {
        let store = &desk.kit.store;
        let page = rosters::rows_in(store, roster, &states, after, ROWS_PER_PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(lines);
        };
        after = last.row_no;
        for row in &page {
            let filled = open_row(&key, row)?;
            let cell = |column: &RosterColumn| {
                let text = filled.cells.get(&column.field).and_then(Value::as_str);
                text.unwrap_or_default().to_owned()
            };
            let mut line: Vec<String> = facts.columns.iter().map(cell).collect();
            line.push(row.row_no.to_string());
            line.push(reasons(&told(model, facts, &filled, lang), lang));
            lines.push(line);
        }
    }
}

/// What is wrong with a row, one line for each fault.
fn reasons(faults: &[RowFaultView], lang: Lang) -> String {
    let reason = |fault: &RowFaultView| {
        let RowFaultView { wrong, mend, .. } = fault;
        match (&fault.heading, lang) {
            (Some(heading), Lang::Zh) => format!("{heading}：{wrong}。{mend}"),
            (Some(heading), Lang::En) => format!("{heading}: {wrong}. {mend}"),
            (None, Lang::Zh) => format!("{wrong}。{mend}"),
            (None, Lang::En) => format!("{wrong}. {mend}"),
        }
    };
    faults.iter().map(reason).collect::<Vec<_>>().join("\n")
}
