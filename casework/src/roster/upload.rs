//! A roster comes in: its file is sealed and kept until it is read.

use axum::extract::{Multipart, State as Context, multipart::MultipartRejection};
use httpkit::{
    Authorised, Filter, Keyed, Patience, Refusals, Reply, Versioned,
    upload::{self, Upload},
};
use kernel::{
    AppError, Caller, DivisionCode, Refusal, Timestamp,
    caller::{Acting, CanApply, Citizen},
    codes,
    error::Broken,
    ids::{DataKeyId, EmployerId, Id as _, RosterId},
    item::{ApplicantKind, ItemCode},
    limits::{ROSTER_BYTES_MAX, ROSTERS_A_DAY_MAX, ROSTERS_OPEN_MAX},
};
use seal::{DataKey, Nonce};
use serde::Deserialize;
use serde_json::json;
use store::{Command, Loads, Work, key, system::SeededEntropy};
use utoipa::IntoParams;
use uuid::Uuid;

use super::{
    command::{RosterActed, body_of},
    discard::when_old,
    jobs::READ,
    stage::RosterState,
};
use crate::{
    apply::{attach::FilePart, open::agency_on_line},
    desk::{Casework, seal_with},
    model::Model,
    perform::{Asked, serves},
    store::{
        counter,
        rosters::{self, file_part, roster},
    },
};

/// Bytes of one part of a file: a row of it travels as text.
pub(super) const PART_BYTES: usize = 256 * 1024;

/// For which item a roster is.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OfItem {
    /// The item.
    #[param(value_type = String)]
    pub item: ItemCode,
}

/// Uploads the spreadsheet of a roster; it is read and checked afterwards.
#[utoipa::path(post, path = "/rosters", tag = "rosters",
    request_body(content = inline(FilePart), content_type = "multipart/form-data"),
    params(OfItem, ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = RosterActed), Refusals))]
pub(crate) async fn upload_roster(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Filter(of): Filter<OfItem>,
    keyed: Keyed,
    multipart: Result<Multipart, MultipartRejection>,
) -> Reply<Versioned<RosterActed>> {
    // Nobody makes room for a file that is not taken.
    offered(&desk, &caller, &of.item)?;
    let _place = desk.rosters.try_take(caller.principal().actor())?;
    let upload = upload::receive(multipart, Patience::UPLOAD, ROSTER_BYTES_MAX).await?;
    let asked = Asked::keyed(&keyed, upload.digest(of.item.as_str()));
    let done = keep(&desk, &caller, &asked, &of.item, &upload);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// The enterprise for which a citizen acts.
///
/// # Errors
/// `E1220` for whoever acts for himself: only enterprises have rosters.
pub(super) fn enterprise_of(citizen: &Citizen) -> Result<EmployerId, AppError> {
    match citizen.acting {
        Acting::Enterprise(employer) => Ok(employer),
        Acting::Myself => Err(Refusal::new(&codes::E1220)
            .worded(
                "applicant",
                kernel::item::Words {
                    zh: "用人单位".to_owned(),
                    en: "enterprises".to_owned(),
                },
            )
            .into()),
    }
}

/// The item in force, if it takes rosters of this caller.
///
/// # Errors
/// `E1213` for an item without rosters, `E1220` for the wrong kind of applicant.
pub(super) fn offered(
    desk: &Casework,
    caller: &Caller<CanApply>,
    item: &ItemCode,
) -> Result<(EmployerId, std::sync::Arc<Model>), AppError> {
    let employer = enterprise_of(caller.citizen()?)?;
    let model = desk.models.current(desk.parts.items.as_ref(), item)?;
    serves(&model, ApplicantKind::Enterprise)?;
    if model.edition.facts.roster.is_none() {
        return Err(AppError::refused(&codes::E1213));
    }
    Ok((employer, model))
}

/// Takes a roster in.
///
/// # Errors
/// `E1072` when too many are not finished, `E1080` when there were too many today.
async fn keep(
    desk: &Casework,
    caller: &Caller<CanApply>,
    asked: &Asked,
    item: &ItemCode,
    upload: &Upload,
) -> Result<RosterActed, AppError> {
    let (employer, model) = offered(desk, caller, item)?;
    expect_room(desk, employer).await?;
    let envelope = desk.envelope(caller, asked);
    let mut entropy = SeededEntropy::new(envelope.seed);
    let id = RosterId::new(envelope.now, &mut entropy);
    let bureau = agency_on_line(desk)?;
    let key = DataKey::generate(DataKeyId::from_uuid(id.uuid()), &mut entropy);
    let nonce = Nonce::random(&mut entropy);
    let wrapped = desk.parts.keys.wrap(&key, &nonce);
    let wrapped = wrapped.map_err(|fault| Broken::caused("wrap the key of a roster", fault))?;
    let mut parts = Vec::new();
    for (part, piece) in (0..).zip(upload.content.chunks(PART_BYTES)) {
        parts.push(file_part::Model {
            bureau: bureau.to_string(),
            roster_id: id.uuid(),
            part,
            sealed: seal_with(&key, id.uuid(), piece, &mut entropy)?,
        });
    }
    let facts = &model.edition.facts;
    let row = roster::Model {
        bureau: bureau.to_string(),
        roster_id: id.uuid(),
        item: facts.code.to_string(),
        edition: model.edition.edition,
        name_zh: facts.name.zh.clone(),
        name_en: facts.name.en.clone(),
        employer_id: employer.uuid(),
        person_id: caller.citizen()?.person.uuid(),
        sealed_file_name: seal_with(&key, id.uuid(), upload.name.as_bytes(), &mut entropy)?,
        wrapped_key: wrapped.as_bytes().to_vec(),
        ..roster::Model::unread(envelope.now)
    };
    let keep = KeepRoster { bureau, row, parts };
    desk.kit.run(envelope, keep).await
}

/// Refuses one roster too many.
async fn expect_room(desk: &Casework, employer: EmployerId) -> Result<(), AppError> {
    let open = rosters::open_of(&desk.kit.store, employer, ROSTERS_OPEN_MAX).await?;
    if u32::try_from(open).unwrap_or(u32::MAX) >= ROSTERS_OPEN_MAX {
        let max = ROSTERS_OPEN_MAX.to_string();
        return Err(Refusal::new(&codes::E1072).with("max", max).into());
    }
    Ok(())
}

impl roster::Model {
    /// A roster of nobody yet, whose file waits to be read.
    fn unread(now: Timestamp) -> Self {
        Self {
            bureau: String::new(),
            roster_id: Uuid::nil(),
            version: 1,
            state: RosterState::Reading.as_str().to_owned(),
            item: String::new(),
            edition: 0,
            name_zh: String::new(),
            name_en: String::new(),
            employer_id: Uuid::nil(),
            person_id: Uuid::nil(),
            sealed_file_name: Vec::new(),
            last_row: 0,
            rows_read: 0,
            rows_checked: 0,
            rows_bad: 0,
            rows_good: 0,
            rows_doubtful: 0,
            rows_promised: 0,
            rows_opened: 0,
            rows_granted: 0,
            rows_failed: 0,
            refusal: String::new(),
            created_us: now.as_micros(),
            updated_us: now.as_micros(),
            confirmed_us: None,
            ended_us: None,
            wrapped_key: Vec::new(),
        }
    }
}

/// Writes a new roster with its file, and queues its reading.
struct KeepRoster {
    bureau: DivisionCode,
    row: roster::Model,
    parts: Vec<file_part::Model>,
}

impl KeepRoster {
    /// Under which the rosters of the enterprise are counted on this day.
    fn series(&self) -> String {
        let day = Timestamp::from_micros(self.row.created_us).day();
        let employer = EmployerId::from_uuid(self.row.employer_id);
        format!("roster/{employer}/{day}")
    }

    /// Counts one more today.
    fn count(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        let (bureau, series) = (self.bureau.to_string(), self.series());
        let today = work.get::<counter::Model>(&key!(self.bureau, series.clone()))?;
        let value = today.map_or(0, |row| row.value) + 1;
        if value > ROSTERS_A_DAY_MAX {
            let max = ROSTERS_A_DAY_MAX.to_string();
            return Err(Refusal::new(&codes::E1080).with("max", max).into());
        }
        work.put(counter::Model {
            bureau,
            series,
            value,
        })
    }
}

impl Command for KeepRoster {
    type Out = RosterActed;
    const NAME: &'static str = "roster.upload";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        RosterId::from_uuid(self.row.roster_id).to_string()
    }

    fn lane(&self) -> u64 {
        // Those of one enterprise one after the other: they are counted.
        self.row.employer_id.as_u64_pair().1
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<roster::Model>(key!(self.bureau, self.row.roster_id));
        loads.row::<counter::Model>(key!(self.bureau, self.series()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<RosterActed, AppError> {
        let id = RosterId::from_uuid(self.row.roster_id);
        let mut body = body_of(&self.row);
        if let Some(body) = body.as_object_mut() {
            body.insert("parts".to_owned(), json!(self.parts.len()));
        }
        self.count(work)?;
        work.emit("roster", id.uuid(), 1, "roster.uploaded", body);
        for part in &self.parts {
            work.append(part.clone());
        }
        work.job(READ.of(self.bureau, id));
        work.job(when_old(self.bureau, id, work.now()));
        work.put(self.row.clone())?;
        RosterActed::of(&self.row)
    }
}
