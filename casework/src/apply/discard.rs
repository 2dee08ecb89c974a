//! Throwing a draft away: its rows and its key go; the log keeps that there was one.

use axum::{Json, extract::State as Context};
use futures_util::future::join_all;
use httpkit::{Authorised, Keyed, Params, Refusals, Reply};
use kernel::{
    AppError, Caller, DivisionCode, Refusal,
    caller::{Permission, SignedIn},
    codes,
    ids::{CaseId, Id as _},
};
use store::{Command, Envelope, Loads, Work, key};

use super::{attach::drop_content, insist::Nothing, save::expect_editor};
use crate::{
    case::Case,
    desk::{Casework, Seen},
    event::{CaseEvent, Recorded},
    perform::Asked,
    state::State,
    store::{data, file, material},
};

/// Throws a draft away.
#[utoipa::path(delete, path = "/cases/{case_id}", tag = "cases",
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Nothing), Refusals))]
pub(crate) async fn discard_draft(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<SignedIn>,
    Params(id): Params<CaseId>,
    keyed: Keyed,
) -> Reply<Json<Nothing>> {
    let asked = Asked::keyed(&keyed, Vec::new());
    let done = discard(&desk, &caller, id, &asked);
    desk.once(&caller, &asked, done).await?;
    Ok(Json(Nothing {}))
}

/// Throws a draft away.
///
/// # Errors
/// `E1201` when it was submitted.
pub async fn discard<P: Permission>(
    desk: &Casework,
    caller: &Caller<P>,
    id: CaseId,
    asked: &Asked,
) -> Result<(), AppError> {
    let seen = desk.see(caller, id).await?;
    expect_editor(caller.principal(), &seen)?;
    throw_away(desk, desk.envelope(caller, asked), &seen, None).await
}

/// Throws a draft away with its files; of this version only, where one is named.
pub(crate) async fn throw_away(
    desk: &Casework,
    envelope: Envelope,
    seen: &Seen,
    version: Option<i64>,
) -> Result<(), AppError> {
    let discard = Discard {
        bureau: seen.case.bureau,
        case: seen.case.id,
        version,
    };
    desk.kit.run(envelope, discard).await?;
    let files = seen.case.files.iter();
    join_all(files.map(|file| drop_content(desk, &seen.case, file.material_id))).await;
    Ok(())
}

struct Discard {
    bureau: DivisionCode,
    case: CaseId,
    version: Option<i64>,
}

impl Command for Discard {
    type Out = ();
    const NAME: &'static str = "case.discard";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.case.to_string()
    }

    fn lane(&self) -> u64 {
        self.case.uuid().as_u64_pair().1
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<file::Model>(key!(self.bureau, self.case.uuid()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        let row = work
            .require::<file::Model>(&key!(self.bureau, self.case.uuid()))?
            .clone();
        let case: Case = serde_json::from_str(&row.body)
            .map_err(|fault| kernel::error::Broken::caused("a draft", fault))?;
        if self.version.is_some_and(|seen| !case.was_seen_at(seen)) {
            return Err(AppError::refused(&codes::E1010));
        }
        if case.state != State::Draft {
            return Err(Refusal::new(&codes::E1201)
                .worded("state", case.state.words())
                .into());
        }
        let event = Recorded {
            event: CaseEvent::Discarded,
            by: None,
            flow: None,
        };
        work.emit(
            "case",
            self.case.uuid(),
            case.version + 1,
            "case.discarded",
            event.body(&case),
        );
        work.remove::<data::Model>(key!(self.bureau, self.case.uuid(), case.data_version));
        for attached in &case.files {
            work.remove::<material::Model>(key!(
                self.bureau,
                self.case.uuid(),
                attached.material_id.uuid()
            ));
        }
        work.remove::<file::Model>(key!(self.bureau, self.case.uuid()));
        Ok(())
    }
}
