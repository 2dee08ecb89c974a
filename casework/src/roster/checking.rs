//! Checking rows: registers are asked for a page of them at once, then form and rules look at each.

use kernel::{
    AppError, codes,
    error::Broken,
    ids::{Id as _, RosterId},
    item::{MaterialSource, Words},
};
use seal::DataKey;
use serde_json::{Value, json};
use store::{NewJob, Work, jobs::Lease};

use super::{
    Filled, RosterState, RowFault,
    command::{RosterAct, become_state, end_with},
    jobs::{CHECK, OfRoster, find},
    key_of, open_row,
    reading::{applicant_of, facts_of, model_of},
    seal_row,
    sheet::faults_of,
    stage::RowState,
};
use crate::{
    apply::open::ask_each,
    desk::Casework,
    model::Model,
    perform::{FormData, ruled},
    store::rosters::{self, roster, row},
};

/// Rows that are checked together: registers answer for all of them at once, within a second or two.
const ROWS_PER_PAGE: u32 = 200;

/// Checks the next rows of a roster.
pub(super) async fn check(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let of: OfRoster = lease.read()?;
    let Some(roster) = find(desk, &of).await? else {
        return Ok(());
    };
    if RosterState::of(&roster)? != RosterState::Checking {
        return Ok(());
    }
    let wanted = [RowState::Read.as_str()];
    let rows = rosters::rows_in(&desk.kit.store, &roster, &wanted, of.after, ROWS_PER_PAGE).await?;
    let Some(last) = rows.last() else {
        return end_with(desk, lease, &roster, HaveChecked).await;
    };
    let next = CHECK.after(of.bureau, of.roster, last.row_no);
    let rows = checked(desk, &roster, rows).await?;
    end_with(desk, lease, &roster, KeepChecked { rows, next }).await
}

/// Rows as the checks leave them.
async fn checked(
    desk: &Casework,
    roster: &roster::Model,
    rows: Vec<row::Model>,
) -> Result<Vec<Checked>, AppError> {
    let model = model_of(desk, roster)?;
    let key = key_of(desk, roster)?;
    let mut filled = Vec::with_capacity(rows.len());
    for row in &rows {
        filled.push(open_row(&key, row)?);
    }
    let forms = filled.iter().map(|one| FormData {
        form: Value::Object(one.values.clone()),
        ..FormData::default()
    });
    let applicant = applicant_of(desk, roster).await?;
    let data = ask_each(desk, &model, &applicant, forms.collect()).await?;
    let mut checked = Vec::with_capacity(rows.len());
    for ((row, mut filled), data) in rows.into_iter().zip(filled).zip(data) {
        let state = judge(desk, &model, &mut filled, data)?;
        checked.push(Checked::of(desk, &key, row, state, &filled)?);
        // The rules work for milliseconds; others want to work as well.
        tokio::task::yield_now().await;
    }
    Ok(checked)
}

/// What form, papers and rules say of a row.
fn judge(
    desk: &Casework,
    model: &Model,
    filled: &mut Filled,
    mut data: FormData,
) -> Result<RowState, AppError> {
    let today = desk.now().day();
    let known = Value::Object(data.facts.clone());
    filled.faults = faults_of(&model.form, filled, &known, today);
    if !filled.faults.is_empty() {
        return Ok(RowState::Bad);
    }
    data.form = data.whole(model);
    for material in model.missing(&data.form, &data.registers, &[], &[]) {
        if material.promise_allowed {
            filled.promises.push(material.id.clone());
        } else {
            filled.faults.push(RowFault {
                field: None,
                code: codes::E1212.id.to_owned(),
                args: vec![("materials".to_owned(), material.name.clone())],
                check: None,
            });
        }
    }
    let input = json!({
        "form": data.form,
        "registers": data.registers,
        "case": {
            "item": model.edition.facts.code,
            "channel": "online",
            "applicant": "enterprise",
            "received_on": today,
            "today": today,
        },
        "materials": filled.promises,
    });
    let ruled = ruled(model, &input)?;
    let checks = ruled.checks.as_array().map_or(&[][..], Vec::as_slice);
    filled.faults.extend(failed(model, checks)?);
    let granted = ruled.outcome.get("outcome").and_then(Value::as_str) == Some("grant");
    Ok(match (filled.faults.is_empty(), granted) {
        (false, _) => RowState::Bad,
        (true, true) => RowState::Good,
        (true, false) => RowState::Doubtful,
    })
}

/// The checks that say no. One that cannot be told says nothing against the row.
fn failed(model: &Model, checks: &[Value]) -> Result<Vec<RowFault>, AppError> {
    let facts = facts_of(model)?;
    let placed = |check: &Value| {
        let id = check.get("id").and_then(Value::as_str);
        facts.checks.iter().find(|one| Some(one.id.as_str()) == id)
    };
    let says = |check: &Value, word: bool| check.get("ok") == Some(&Value::Bool(word));
    let proves = |check: &&Value| placed(check).is_some_and(|one| one.proves);
    // Of somebody whom the enterprise cannot name it learns nothing that is his own affair.
    let knows = checks.iter().filter(proves).all(|check| says(check, true));
    let no = checks
        .iter()
        .filter(|check| says(check, false))
        .filter(|check| knows || placed(check).is_none_or(|one| !one.private));
    let fault = |check: &Value| {
        let id = check.get("id").and_then(Value::as_str).unwrap_or_default();
        let label = check.get("label").and_then(Value::as_str);
        RowFault {
            field: placed(check).and_then(|known| known.field.clone()),
            code: codes::E1077.id.to_owned(),
            args: vec![("label".to_owned(), Words::same(label.unwrap_or_default()))],
            check: Some(id.to_owned()),
        }
    };
    Ok(no.map(fault).collect())
}

/// A row that was checked.
struct Checked {
    row: row::Model,
    state: RowState,
    promised: bool,
}

impl Checked {
    fn of(
        desk: &Casework,
        key: &DataKey,
        row: row::Model,
        state: RowState,
        filled: &Filled,
    ) -> Result<Self, AppError> {
        let id = RosterId::from_uuid(row.roster_id);
        Ok(Self {
            row: row::Model {
                state: state.as_str().to_owned(),
                sealed: seal_row(key, id, filled, &mut desk.entropy())?,
                ..row
            },
            state,
            promised: state == RowState::Doubtful && !filled.promises.is_empty(),
        })
    }
}

/// Keeps a page of checked rows, and goes on.
struct KeepChecked {
    rows: Vec<Checked>,
    next: NewJob,
}

impl RosterAct for KeepChecked {
    const NAME: &'static str = "roster.check_rows";
    const AUDITED: bool = false;

    fn decide(&self, row: &mut roster::Model, work: &mut Work<'_>) -> Result<(), AppError> {
        if RosterState::of(row)? != RosterState::Checking {
            return Ok(());
        }
        for one in &self.rows {
            match one.state {
                RowState::Good => row.rows_good += 1,
                RowState::Doubtful => row.rows_doubtful += 1,
                _ => row.rows_bad += 1,
            }
            row.rows_promised += i32::from(one.promised);
            row.rows_checked += 1;
            work.put(one.row.clone())?;
        }
        work.job(self.next.clone());
        Ok(())
    }
}

/// Every row is checked: the enterprise confirms.
struct HaveChecked;

impl RosterAct for HaveChecked {
    const NAME: &'static str = "roster.check";

    fn decide(&self, row: &mut roster::Model, work: &mut Work<'_>) -> Result<(), AppError> {
        if RosterState::of(row)? != RosterState::Checking {
            return Ok(());
        }
        let counts = json!({
            "rows": row.rows_good + row.rows_doubtful,
            "bad": row.rows_bad,
        });
        become_state(row, RosterState::Checked, ("roster.checked", counts), work);
        Ok(())
    }
}

/// Whether a promise may stand in for what a roster lacks, for the words of its confirmation.
pub(super) fn promised_materials(model: &Model) -> Result<Vec<Words>, AppError> {
    let materials = &model.edition.facts.materials;
    let may = materials
        .iter()
        .filter(|one| one.promise_allowed && one.source == MaterialSource::Shared);
    let names: Vec<_> = may.map(|one| one.name.clone()).collect();
    if names.is_empty() {
        return Err(Broken::new("no promise stands in for anything").into());
    }
    Ok(names)
}
