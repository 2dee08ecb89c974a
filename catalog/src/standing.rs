//! Where an edition stands: drafted, reviewed by somebody else, published from a day on, suspended
//! for a while, retired. Its content never changes; only this does. An edition that a newer one has
//! followed counts as retired by itself.

use kernel::{Code, Date, caller::Actor, codes, item::Suspension};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The state of an edition.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EditionState {
    /// 起草: nobody but staff sees it.
    Draft,
    /// 审定: found right by somebody else than who drafted it.
    Reviewed,
    /// 发布: in force from its day on.
    Published,
    /// 暂停: in force, but no new cases are taken.
    Suspended,
    /// 废止: withdrawn, ended, or followed by a newer one.
    Retired,
}

impl EditionState {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Draft, "draft"),
        (Self::Reviewed, "reviewed"),
        (Self::Published, "published"),
        (Self::Suspended, "suspended"),
        (Self::Retired, "retired"),
    ];

    /// As it stands in the database.
    pub(crate) fn as_str(self) -> &'static str {
        let mut all = Self::ALL.into_iter();
        all.find(|(state, _)| *state == self)
            .map_or("", |(_, text)| text)
    }

    /// Reads what stands in the database.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|(_, known)| *known == text)
            .map(|(state, _)| state)
    }
}

/// What is done with an edition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum EditionAct {
    /// A draft is found right, by somebody else than who drafted it.
    Review,
    /// A draft is found wrong and withdrawn.
    SendBack { reason: String },
    /// A reviewed edition comes into force on its day.
    Publish { effective: Date },
    /// No new cases are taken until the last day, or until further notice; those that run go on.
    Suspend { reason: String, until: Option<Date> },
    /// New cases are taken again.
    Resume,
    /// A draft is withdrawn, or an edition in force ended.
    Retire { reason: String },
}

impl EditionAct {
    /// Its name, as it stands in the database and in events.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Publish { .. } => "publish",
            Self::Suspend { .. } => "suspend",
            Self::Resume => "resume",
            Self::SendBack { .. } | Self::Retire { .. } => "retire",
        }
    }

    /// The day it names, if it names one.
    pub(crate) const fn day(&self) -> Option<Date> {
        match self {
            Self::Publish { effective } => Some(*effective),
            Self::Suspend { until, .. } => *until,
            Self::Review | Self::SendBack { .. } | Self::Resume | Self::Retire { .. } => None,
        }
    }
}

/// Where an edition stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Standing {
    pub state: EditionState,
    /// In force from this day on; none for one that never came into force.
    pub effective: Option<Date>,
    /// The last day of a suspension, if that is known.
    pub until: Option<Date>,
    /// Why it is suspended or retired.
    pub reason: String,
    /// Who did the last thing with it.
    pub moved_by: Actor,
}

impl Standing {
    /// A new draft.
    pub(crate) const fn draft(moved_by: Actor) -> Self {
        Self {
            state: EditionState::Draft,
            effective: None,
            until: None,
            reason: String::new(),
            moved_by,
        }
    }

    /// In force from a day on.
    pub(crate) fn published(self, effective: Date) -> Self {
        Self {
            state: EditionState::Published,
            effective: Some(effective),
            until: None,
            reason: String::new(),
            ..self
        }
    }

    /// What becomes of an edition to come when this was done with the one in force.
    pub(crate) fn with(self, done: &Self, today: Date) -> Self {
        match done.state {
            EditionState::Retired => self.retired(done.reason.clone(), today),
            _ => self.keeping_pace(done),
        }
    }

    /// Whether the bureau ended it, and not a pack that lists it no more.
    pub(crate) fn is_ended_by_staff(&self) -> bool {
        self.state == EditionState::Retired && matches!(self.moved_by, Actor::Staff(_))
    }

    /// Whether it comes into force later, if nothing happens to it.
    pub(crate) fn is_coming(&self, today: Date) -> bool {
        let is_due = self.effective.is_some_and(|day| day > today);
        is_due && self.state != EditionState::Retired
    }

    /// Offered or suspended as the edition is that is in force now.
    pub(crate) fn keeping_pace(self, now: &Self) -> Self {
        Self {
            state: now.state,
            until: now.until,
            reason: now.reason.clone(),
            ..self
        }
    }

    /// In force not before an edition that already is, or was.
    pub(crate) fn not_before(self, last: Option<&Self>) -> Self {
        let first = last.and_then(|last| last.effective);
        let effective = self.effective.max(first);
        Self { effective, ..self }
    }

    /// Suspended as an edition is that it follows: a new edition alone ends no suspension.
    pub(crate) fn following(self, before: Option<&Self>, today: Date) -> Self {
        match before.filter(|before| before.state_on(today) == EditionState::Suspended) {
            Some(before) => self.keeping_pace(before),
            None => self,
        }
    }

    /// Ended for good; one that had not come into force yet never will.
    pub(crate) fn retired(self, reason: String, today: Date) -> Self {
        Self {
            state: EditionState::Retired,
            effective: self.effective.filter(|day| *day <= today),
            until: None,
            reason,
            ..self
        }
    }

    /// Its state on a day by itself: a suspension ends with its last day.
    pub(crate) fn state_on(&self, today: Date) -> EditionState {
        match self.state {
            EditionState::Suspended if self.until.is_some_and(|until| until < today) => {
                EditionState::Published
            }
            state => state,
        }
    }

    /// Whether its day has come, whatever happened since.
    pub(crate) fn has_begun(&self, today: Date) -> bool {
        self.effective.is_some_and(|day| day <= today)
    }

    /// Why no new cases are taken, where it is in force and suspended.
    pub(crate) fn suspension(&self, today: Date) -> Option<Suspension> {
        (self.state_on(today) == EditionState::Suspended).then(|| Suspension {
            reason: self.reason.clone(),
            until: self.until,
        })
    }

    /// Where it stands after an act. `in_force` tells whether new cases fall under it today.
    ///
    /// # Errors
    /// `E1044` where who drafted it reviews it or who reviewed it publishes it, `E1045` where the act
    /// does not follow from its state.
    pub(crate) fn after(
        &self,
        act: &EditionAct,
        by: &Actor,
        (today, in_force): (Date, bool),
    ) -> Result<Self, &'static Code> {
        let now = Self {
            moved_by: by.clone(),
            ..self.clone()
        };
        match (act, self.state_on(today)) {
            (EditionAct::Review, EditionState::Draft)
            | (EditionAct::Publish { .. }, EditionState::Reviewed)
                if *by == self.moved_by =>
            {
                Err(&codes::E1044)
            }
            (EditionAct::Review, EditionState::Draft) => Ok(Self {
                state: EditionState::Reviewed,
                ..now
            }),
            (EditionAct::SendBack { reason }, EditionState::Draft) => {
                Ok(now.retired(reason.clone(), today))
            }
            (EditionAct::Publish { effective }, EditionState::Reviewed) => {
                Ok(now.published(*effective))
            }
            (EditionAct::Suspend { reason, until }, EditionState::Published) if in_force => {
                Ok(Self {
                    state: EditionState::Suspended,
                    until: *until,
                    reason: reason.clone(),
                    ..now
                })
            }
            (EditionAct::Resume, EditionState::Suspended) if in_force => Ok(Self {
                state: EditionState::Published,
                until: None,
                reason: String::new(),
                ..now
            }),
            (
                EditionAct::Retire { reason },
                EditionState::Draft
                | EditionState::Reviewed
                | EditionState::Published
                | EditionState::Suspended,
            ) if in_force || !self.has_begun(today) => Ok(now.retired(reason.clone(), today)),
            _ => Err(&codes::E1045),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::ids::{Id as _, StaffId};
    use uuid::Uuid;

    use super::*;

    const TODAY: Date = Date::constant(2026, 3, 2);
    const LATER: Date = Date::constant(2026, 3, 10);

    fn staff(number: u128) -> Actor {
        Actor::Staff(StaffId::from_uuid(Uuid::from_u128(number)))
    }

    fn every_act() -> [EditionAct; 5] {
        let reason = || "系统升级".to_owned();
        [
            EditionAct::Review,
            EditionAct::Publish { effective: TODAY },
            EditionAct::Suspend {
                reason: reason(),
                until: Some(LATER),
            },
            EditionAct::Resume,
            EditionAct::Retire { reason: reason() },
        ]
    }

    /// The names of the acts that may follow.
    fn possible(standing: &Standing, in_force: bool) -> Vec<&'static str> {
        let acts = every_act();
        let may = |act: &&EditionAct| standing.after(act, &staff(2), (TODAY, in_force)).is_ok();
        acts.iter().filter(may).map(EditionAct::name).collect()
    }

    #[test]
    fn each_state_leads_to_the_next_and_nowhere_else() {
        let draft = Standing::draft(staff(1));
        assert_eq!(possible(&draft, false), ["review", "retire"]);
        let step = |from: &Standing, act: usize, in_force| {
            let by = staff(if act == 0 { 3 } else { 4 });
            from.after(&every_act()[act], &by, (TODAY, in_force)).ok()
        };
        let reviewed = step(&draft, 0, false).unwrap_or_else(|| draft.clone());
        assert_eq!(possible(&reviewed, false), ["publish", "retire"]);
        let published = step(&reviewed, 1, false).unwrap_or_else(|| draft.clone());
        assert_eq!(possible(&published, true), ["suspend", "retire"]);
        assert!(
            possible(&published, false).is_empty(),
            "a newer one follows"
        );
        let suspended = step(&published, 2, true).unwrap_or_else(|| draft.clone());
        assert_eq!(possible(&suspended, true), ["resume", "retire"]);
        let retired = step(&suspended, 4, true).unwrap_or_else(|| draft.clone());
        assert!(possible(&retired, true).is_empty());
        assert_eq!(retired.effective, Some(TODAY));
    }

    #[test]
    fn only_a_draft_is_sent_back() {
        let back = EditionAct::SendBack {
            reason: "材料有误".to_owned(),
        };
        let after = |one: &Standing| one.after(&back, &staff(2), (TODAY, true));
        let draft = Standing::draft(staff(1));
        let withdrawn = after(&draft).map(|one| (one.state, one.effective));
        assert_eq!(withdrawn.ok(), Some((EditionState::Retired, None)));
        let published = draft.published(TODAY);
        assert_eq!(after(&published).err().map(|code| code.id), Some("E1045"));
    }

    #[test]
    fn nobody_does_two_of_the_steps_into_force_in_a_row() {
        let step = |from: &Standing, act: usize, by| {
            let after = from.after(&every_act()[act], &staff(by), (TODAY, false));
            after.map_err(|code| code.id)
        };
        let draft = Standing::draft(staff(1));
        assert_eq!(step(&draft, 0, 1), Err("E1044"));
        let reviewed = step(&draft, 0, 2).unwrap_or_else(|_| draft.clone());
        assert_eq!(step(&reviewed, 1, 2), Err("E1044"));
        let published = step(&reviewed, 1, 3).map(|one| one.state);
        assert_eq!(published, Ok(EditionState::Published));
    }

    #[test]
    fn a_suspension_ends_with_its_last_day() {
        let published = Standing::draft(staff(1)).published(TODAY);
        let suspend = &every_act()[2];
        let suspended = published.after(suspend, &staff(2), (TODAY, true)).ok();
        let on = |day| suspended.as_ref().and_then(|one| one.suspension(day));
        assert_eq!(on(LATER).and_then(|one| one.until), Some(LATER));
        assert!(on(LATER.tomorrow().unwrap_or(LATER)).is_none());
    }

    #[test]
    fn a_new_edition_alone_ends_no_suspension() {
        let first = Standing::draft(staff(1)).published(TODAY);
        let act = &every_act()[2];
        let first = first.after(act, &staff(2), (TODAY, true)).ok();
        let second = Standing::draft(staff(1)).published(LATER);
        let second = second.following(first.as_ref(), TODAY);
        assert!(second.suspension(LATER).is_some());
        assert_eq!(second.effective, Some(LATER));
    }

    #[test]
    fn what_is_retired_before_its_day_never_comes_into_force() {
        let soon = Standing::draft(staff(1)).published(LATER);
        assert!(!soon.retired(String::new(), TODAY).has_begun(LATER));
    }
}
