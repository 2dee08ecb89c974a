//! Absences and deputies (AB岗): while somebody is absent his deputy holds his posts.

use std::time::Duration;

use axum::extract::State;
use httpkit::{Act, Authorised, Faults, Params, ProblemDocument, Reply, Versioned};
use kernel::{
    AppError, Date, DivisionCode,
    caller::{Caller, CanManageStaff},
    codes,
    ids::{AbsenceId, Id as _, StaffId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Command, Envelope, Loads, Work, key};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{assign_posts::incompatible, change::expect, managed, not_oneself};
use crate::{
    Identity,
    http::Bare,
    roster::bureau_of,
    session::lane_of,
    store::{self as sql, absence, staff_post, staff_row},
};

/// How long an absence may last: longer ones are a change of posts.
const LONGEST: Duration = Duration::from_hours(366 * 24);
/// Times a lost race is run again before the caller is told.
const ATTEMPTS: usize = 3;

/// A new absence.
#[derive(Debug, Clone)]
pub struct NewAbsence {
    /// Who is absent.
    pub staff: StaffId,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Who holds his posts meanwhile.
    pub deputy: StaffId,
    /// Why.
    pub reason: AbsenceReason,
}

/// Why somebody is absent. A list and no free text: why a colleague is ill is nobody's business.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AbsenceReason {
    /// 休假
    Leave,
    /// 培训
    Training,
    /// 其他
    #[default]
    Other,
}

impl AbsenceReason {
    const ALL: [Self; 3] = [Self::Leave, Self::Training, Self::Other];

    /// As it stands in the database.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::Training => "training",
            Self::Other => "other",
        }
    }

    /// Reads what stands in the database.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// What a change of absences answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AbsenceChanged {
    /// The absence.
    pub absence_id: AbsenceId,
    /// Version of the absent staff member.
    pub version: i64,
}

/// Registers an absence with a deputy.
///
/// # Errors
/// `E1109` when there is an absence in this period, `E1110` when the deputy is not possible,
/// `E1112` when the covered posts must not meet his own or others that he covers in these days, `E1114` when the caller would be the
/// deputy himself.
pub async fn add_absence(
    context: &Identity,
    caller: &Caller<CanManageStaff>,
    envelope: Envelope,
    new: NewAbsence,
) -> Result<AbsenceChanged, AppError> {
    // Nobody gives himself another one's posts.
    not_oneself(caller.principal(), new.deputy)?;
    let mut attempts = 0;
    loop {
        attempts += 1;
        let row = managed(context, caller.principal(), new.staff).await?;
        let bureau = bureau_of("staff", row.staff_id, &row.bureau)?;
        let overlaps = is_away(context, bureau, new.staff, &new).await?;
        let deputy_is_away = is_away(context, bureau, new.deputy, &new).await?;
        check_posts(context, caller, bureau, &new).await?;
        let command = AddAbsence {
            bureau,
            absence: AbsenceId::new(envelope.now, &mut context.entropy()),
            version: row.version,
            overlaps,
            deputy_is_away,
            new: new.clone(),
        };
        match context.kit().run(envelope.clone(), command).await {
            Err(error) if error.code() == codes::E1010.id && attempts < ATTEMPTS => {}
            other => {
                context.book().forget_all();
                return other;
            }
        }
    }
}

async fn is_away(
    context: &Identity,
    bureau: DivisionCode,
    staff: StaffId,
    new: &NewAbsence,
) -> Result<bool, AppError> {
    let earlier = sql::absences_of(context.store(), bureau, staff, new.from).await?;
    let to = new.to.to_string();
    Ok(earlier.iter().any(|row| row.from_day <= to))
}

/// What the deputy takes over must meet neither a post of his own nor one that he covers for
/// somebody else in these days.
async fn check_posts(
    context: &Identity,
    caller: &Caller<CanManageStaff>,
    bureau: DivisionCode,
    new: &NewAbsence,
) -> Result<(), AppError> {
    let days = (new.from, new.to);
    let covers = sql::covers_of(context.store(), bureau, new.deputy, days).await?;
    let mut ids: Vec<Uuid> = covers.into_iter().map(|row| row.staff_id).collect();
    ids.extend([new.staff.uuid(), new.deputy.uuid()]);
    let posts = sql::posts_of(context.store(), bureau, &ids).await?;
    let (taken_over, held): (Vec<_>, Vec<_>) = posts
        .into_iter()
        .partition(|row| row.staff_id == new.staff.uuid());
    let directory = context.directory().await?;
    for post in taken_over {
        let clash = |one: &&staff_post::Model| directory.are_incompatible(&one.post, &post.post);
        if let Some(other) = held.iter().find(clash) {
            return Err(incompatible(
                &directory,
                (&other.post, &post.post),
                caller.request().lang,
            ));
        }
    }
    Ok(())
}

struct AddAbsence {
    bureau: DivisionCode,
    absence: AbsenceId,
    /// The version of the absent at which his absences were read.
    version: i64,
    overlaps: bool,
    deputy_is_away: bool,
    new: NewAbsence,
}

impl Command for AddAbsence {
    type Out = AbsenceChanged;
    const NAME: &'static str = "staff.add_absence";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.new.staff.to_string()
    }

    fn lane(&self) -> u64 {
        lane_of(self.new.staff.uuid())
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        for staff in [self.new.staff, self.new.deputy] {
            loads.row::<staff_row::Model>(key!(self.bureau, staff.uuid()));
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<AbsenceChanged, AppError> {
        let mut row = expect(work, self.bureau, self.new.staff, self.version)?;
        let deputy = work.get::<staff_row::Model>(&key!(self.bureau, self.new.deputy.uuid()))?;
        let is_possible = deputy.is_some_and(|row| row.active) && self.new.staff != self.new.deputy;
        if !is_possible || self.deputy_is_away {
            return Err(AppError::refused(&codes::E1110));
        }
        if self.overlaps {
            return Err(AppError::refused(&codes::E1109));
        }
        work.append(absence::Model {
            bureau: self.bureau.to_string(),
            absence_id: self.absence.uuid(),
            staff_id: self.new.staff.uuid(),
            deputy_id: self.new.deputy.uuid(),
            from_day: self.new.from.to_string(),
            to_day: self.new.to.to_string(),
            reason: self.new.reason.as_str().to_owned(),
        });
        row.version += 1;
        let version = row.version;
        work.put(row)?;
        let body = json!({
            "absence": self.absence, "deputy": self.new.deputy,
            "from": self.new.from.to_string(), "to": self.new.to.to_string(),
        });
        work.emit(
            "staff",
            self.new.staff.uuid(),
            version,
            "staff.absent",
            body,
        );
        Ok(AbsenceChanged {
            absence_id: self.absence,
            version,
        })
    }
}

/// Cancels an absence; the deputy's grants end at once.
///
/// # Errors
/// `E1012` when there is none that the caller manages.
pub async fn remove_absence(
    context: &Identity,
    caller: &Caller<CanManageStaff>,
    envelope: Envelope,
    id: AbsenceId,
) -> Result<AbsenceChanged, AppError> {
    let row = sql::absence_by_id(context.store(), id).await?;
    let row = row.ok_or_else(|| AppError::refused(&codes::E1012))?;
    let staff = StaffId::from_uuid(row.staff_id);
    managed(context, caller.principal(), staff).await?;
    let command = RemoveAbsence {
        bureau: bureau_of("staff_absence", row.absence_id, &row.bureau)?,
        absence: id,
        staff,
    };
    let changed = context.kit().run(envelope, command).await;
    context.book().forget_all();
    changed
}

struct RemoveAbsence {
    bureau: DivisionCode,
    absence: AbsenceId,
    staff: StaffId,
}

impl Command for RemoveAbsence {
    type Out = AbsenceChanged;
    const NAME: &'static str = "staff.remove_absence";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.staff.to_string()
    }

    fn lane(&self) -> u64 {
        lane_of(self.staff.uuid())
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<staff_row::Model>(key!(self.bureau, self.staff.uuid()));
        loads.row::<absence::Model>(key!(self.bureau, self.absence.uuid()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<AbsenceChanged, AppError> {
        let key = key!(self.bureau, self.absence.uuid());
        work.require::<absence::Model>(&key)?;
        work.remove::<absence::Model>(key);
        let staff = key!(self.bureau, self.staff.uuid());
        let mut row = work.require::<staff_row::Model>(&staff)?.clone();
        row.version += 1;
        let version = row.version;
        work.put(row)?;
        let body = json!({"absence": self.absence});
        work.emit(
            "staff",
            self.staff.uuid(),
            version,
            "staff.absence_cancelled",
            body,
        );
        Ok(AbsenceChanged {
            absence_id: self.absence,
            version,
        })
    }
}

/// A new absence.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AbsenceIn {
    staff_id: StaffId,
    #[schema(format = Date)]
    from: String,
    #[schema(format = Date)]
    to: String,
    deputy_id: StaffId,
    #[serde(default)]
    reason: AbsenceReason,
}

impl AbsenceIn {
    fn checked(&self, today: Date) -> Result<NewAbsence, AppError> {
        let mut faults = Faults::default();
        let from: Option<Date> = faults.parse("/from", &self.from, &codes::E1027);
        let to: Option<Date> = faults.parse("/to", &self.to, &codes::E1027);
        if let (Some(from), Some(to)) = (from, to) {
            let first = from.max(today);
            let last = from.saturating_add(LONGEST);
            if last < first {
                // No last day could be right.
                let earliest = today.saturating_sub(LONGEST);
                faults.between("/from", earliest, to.max(today));
            } else if to < first || to > last {
                faults.between("/to", first, last);
            }
        }
        faults.done()?;
        let wrong = || AppError::refused(&codes::E1027);
        Ok(NewAbsence {
            staff: self.staff_id,
            from: from.ok_or_else(wrong)?,
            to: to.ok_or_else(wrong)?,
            deputy: self.deputy_id,
            reason: self.reason,
        })
    }
}

/// Register an absence with a deputy.
#[utoipa::path(post, path = "/absences", tag = "identity", request_body = AbsenceIn, params(
    ("Idempotency-Key" = String, Header, description = "Recognises a repetition"),
), responses(
    (status = 200, description = "Registered", body = AbsenceChanged),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn create_absence(
    State(context): State<Identity>,
    Authorised(caller): Authorised<CanManageStaff>,
    act: Act<AbsenceIn>,
) -> Reply<Versioned<AbsenceChanged>> {
    let new = act.body.checked(context.now().day())?;
    let envelope = context.kit().envelope(&caller, &act.repetition);
    let changed = add_absence(&context, &caller, envelope, new).await?;
    Ok(Versioned(changed.version, changed))
}

/// Cancel an absence.
#[utoipa::path(delete, path = "/absences/{absence_id}", tag = "identity", params(
    ("absence_id" = AbsenceId, Path, description = "The absence"),
    ("Idempotency-Key" = String, Header, description = "Recognises a repetition"),
), responses(
    (status = 200, description = "Cancelled", body = AbsenceChanged),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn delete_absence(
    State(context): State<Identity>,
    Authorised(caller): Authorised<CanManageStaff>,
    Params(id): Params<AbsenceId>,
    Bare(repetition): Bare,
) -> Reply<Versioned<AbsenceChanged>> {
    let envelope = context.kit().envelope(&caller, &repetition);
    let changed = remove_absence(&context, &caller, envelope, id).await?;
    Ok(Versioned(changed.version, changed))
}
