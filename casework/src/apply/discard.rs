//! Throwing a draft away: its rows and its key go; the log keeps that there was one.

use std::collections::BTreeSet;

use axum::{Json, extract::State as Context};
use httpkit::{Authorised, Keyed, Params, Refusals, Reply};
use kernel::{
    AppError, Caller, DivisionCode, Refusal,
    caller::{Permission, SignedIn},
    codes,
    ids::{CaseId, Id as _},
};
use store::{Command, Envelope, Loads, Work, key};
use uuid::Uuid;

use super::{insist::Nothing, save::expect_editor};
use crate::{
    case::Case,
    desk::{Casework, Seen},
    event::{CaseEvent, Recorded},
    perform::Asked,
    state::State,
    store::{self as rows, data, file, material, upload},
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
    let (bureau, case) = (seen.case.bureau, seen.case.id);
    let store = &desk.kit.store;
    let gone = rows::materials_of(store, &seen.file).await?.into_iter();
    let coming = rows::uploads_of(store, &seen.file).await?.into_iter();
    let discard = Discard {
        bureau,
        case,
        version,
        materials: gone.map(|row| row.material_id).collect(),
        uploads: coming.map(|row| row.upload_id).collect(),
    };
    desk.kit.run(envelope, discard).await?;
    desk.drop_contents_of(bureau, case).await;
    Ok(())
}

struct Discard {
    bureau: DivisionCode,
    case: CaseId,
    version: Option<i64>,
    /// Rows of files as they were seen, those with a virus too.
    materials: Vec<Uuid>,
    /// Files on their way.
    uploads: Vec<Uuid>,
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
        let attached = case.files.iter().map(|file| file.material_id.uuid());
        let materials: BTreeSet<Uuid> = self.materials.iter().copied().chain(attached).collect();
        for material in materials {
            work.remove::<material::Model>(key!(self.bureau, self.case.uuid(), material));
        }
        for upload in &self.uploads {
            work.remove::<upload::Model>(key!(self.bureau, self.case.uuid(), *upload));
        }
        work.remove::<file::Model>(key!(self.bureau, self.case.uuid()));
        Ok(())
    }
}
