//! What people do: apply, work on tasks, react, rate. Refusals are part of life and are counted;
//! what breaks ends the run.

mod desk;

use casework::{
    Acted, Asked,
    apply::{attach, insist, open, save, submit, supply, withdraw},
    counter::{open as at_counter, receive},
    state::State,
};
use kernel::{
    AppError, Caller, DivisionCode, Entropy as _, Principal, Private,
    caller::{Acting, CanAccept, CanApply, Citizen},
    ids::{CaseId, Id as _, PersonId, SessionId},
    ports::Parties as _,
};
use serde_json::{Map, Value};

use super::{
    Report, Run,
    cast::{City, Comer, Reaction},
    staff::{Colleague, request},
};
use crate::city::told;

/// A picture of one pixel: what simulated applicants upload.
const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1F, 0x15, 0xC4, 0x89,
];

/// One stretch of life.
pub(crate) struct Walk<'a, 'r> {
    pub run: &'a Run<'r>,
    pub city: &'a mut City,
    pub report: &'a mut Report,
    pub bureau: DivisionCode,
}

/// What somebody wants.
struct Wish {
    item: &'static str,
    comer: Comer,
    employer: Option<String>,
}

impl Walk<'_, '_> {
    /// Counts a refusal and goes on; what is broken ends the run.
    fn allowed<T>(&mut self, result: Result<T, AppError>) -> anyhow::Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(AppError::Refused(refusal)) => {
                tracing::debug!(code = refusal.code().id, "refused");
                self.report.refused += 1;
                Ok(None)
            }
            Err(broken) => Err(told(broken)),
        }
    }

    fn wish(&mut self, windows: bool) -> Option<Wish> {
        let dice = self.city.choices.below(100);
        let one = |item, comer: Option<Comer>| {
            comer.map(|comer| Wish {
                item,
                comer,
                employer: None,
            })
        };
        if dice < 50 {
            one("JY-009", self.city.out_of_work.pop_front())
        } else if dice < 60 {
            one("JY-009", self.city.doubtful.pop_front())
        } else if dice < 93 {
            one("SB-084", self.city.may_claim.pop_front())
        } else {
            // Enterprises without an agent on the portal come to a window when one is open.
            if !windows {
                return None;
            }
            let employer = self.city.employers.pop_front()?.to_string();
            let comer = self.city.agents.pop_front()?;
            Some(Wish {
                item: "LD-001",
                comer,
                employer: Some(employer),
            })
        }
    }

    /// Somebody applies, on line or at a window.
    pub(crate) async fn apply(
        &mut self,
        counter: bool,
        clerks: &[Colleague],
    ) -> anyhow::Result<()> {
        let Some(wish) = self.wish(!clerks.is_empty()) else {
            return Ok(());
        };
        if counter || wish.employer.is_some() {
            let index = self.city.choices.below(u64::try_from(clerks.len())?);
            let Some(clerk) = clerks.get(usize::try_from(index)?) else {
                return Ok(());
            };
            self.apply_at_counter(wish, clerk).await
        } else {
            self.apply_on_line(wish).await
        }
    }

    async fn apply_on_line(&mut self, wish: Wish) -> anyhow::Result<()> {
        let app = self.run.app;
        let by = Principal::System("simulate");
        let now = kernel::Clock::now(self.run.clock.as_ref());
        let (name, number) = (
            Private::new(wish.comer.name),
            Private::new(wish.comer.number),
        );
        let person = app.identity.enrol_person(&name, &number, &by, now).await;
        let Some(person) = self.allowed(person)? else {
            return Ok(());
        };
        let caller = self.citizen(person.id)?;
        let desk = &app.casework;
        let item = wish.item.parse()?;
        let opened = open::open(desk, &caller, &Asked::default(), open::OpenCase { item }).await;
        let Some(opened) = self.allowed(opened)? else {
            return Ok(());
        };
        self.report.opened += 1;
        let data = self.form(wish.item, opened.case_id, &caller).await?;
        let (asked, given) = (Asked::default(), save::SaveForm { data });
        let saved = save::save(desk, &caller, opened.case_id, &asked, given).await;
        if self.allowed(saved)?.is_none() {
            return Ok(());
        }
        // Some put it aside and never come back.
        if self.city.mistakes.below(100) < self.run.habits.given_up {
            return Ok(());
        }
        let given = submit::Submit {
            declaration: true,
            electronic_service: self.city.choices.below(100) < 80,
            promises: Vec::new(),
        };
        let submitted =
            submit::submit(desk, &caller, opened.case_id, &Asked::default(), given).await;
        if let Some(acted) = self.allowed(submitted)? {
            if self.city.oversights.below(100) < self.run.habits.overlooked {
                self.city.overlooked.insert(acted.case_id);
            }
            self.noted(&acted, person.id);
        }
        Ok(())
    }

    async fn apply_at_counter(&mut self, wish: Wish, clerk: &Colleague) -> anyhow::Result<()> {
        let desk = &self.run.app.casework;
        let caller: Caller<CanAccept> = self.colleague(clerk)?;
        let identity = at_counter::Identity {
            name: wish.comer.name,
            citizen_no: wish.comer.number.reveal().to_owned(),
        };
        let (applicant, agent) = match wish.employer {
            Some(credit_code) => (
                at_counter::CounterApplicant::Enterprise { credit_code },
                Some(identity),
            ),
            None => (at_counter::CounterApplicant::Person(identity), None),
        };
        let wanted = at_counter::OpenAtCounter {
            item: wish.item.parse()?,
            applicant,
            agent,
        };
        let opened = at_counter::open_at_counter(desk, &caller, &Asked::default(), wanted).await;
        let Some(opened) = self.allowed(opened)? else {
            return Ok(());
        };
        self.report.opened += 1;
        let case = opened.case_id;
        let data = self.form(wish.item, case, &caller).await?;
        let saved = save::save(
            desk,
            &caller,
            case,
            &Asked::default(),
            save::SaveForm { data },
        )
        .await;
        if self.allowed(saved)?.is_none() {
            return Ok(());
        }
        if wish.item == "LD-001" {
            self.bring_papers(case, &caller).await?;
        }
        let given = receive::Receive {
            read_back: true,
            electronic_service: self.city.choices.below(100) < 40,
            promises: Vec::new(),
        };
        let received = receive::receive(desk, &caller, case, &Asked::default(), given).await;
        if let Some(acted) = self.allowed(received)? {
            let person = self.applicant(case, &caller).await?;
            self.noted(&acted, person);
        }
        Ok(())
    }

    /// Some forget a paper: the clerk tells them once.
    async fn bring_papers(
        &mut self,
        case: CaseId,
        caller: &Caller<CanAccept>,
    ) -> anyhow::Result<()> {
        let forgets = self.city.mistakes.below(100) < self.run.habits.papers_forgotten;
        for slot in ["m3", "m4", "m6"] {
            if forgets && slot == "m4" {
                continue;
            }
            let upload = httpkit::upload::Upload {
                name: "材料.png".to_owned(),
                content: PIXEL.to_vec(),
            };
            let (desk, asked) = (&self.run.app.casework, Asked::default());
            let done = attach::attach(desk, caller, case, &asked, slot, upload).await;
            self.allowed(done)?;
        }
        Ok(())
    }

    /// A plausible form: the values of the granted example where the registers know nothing.
    async fn form<P: kernel::Permission>(
        &mut self,
        item: &str,
        case: CaseId,
        caller: &Caller<P>,
    ) -> anyhow::Result<Map<String, Value>> {
        let draft = casework::views::draft::draft(&self.run.app.casework, caller, case).await;
        let draft = draft.map_err(told)?;
        let mut data = self.city.forms.get(item).cloned().unwrap_or_default();
        let locked = |key: &str| {
            draft.form.pointer(&format!("/fields/{key}/locked")) == Some(&Value::Bool(true))
        };
        for (key, value) in draft.prefill.values {
            if !locked(&key)
                && data.contains_key(&key)
                && value.as_str().is_none_or(|v| !v.contains('*'))
            {
                data.insert(key, value);
            }
        }
        data.retain(|key, _| !locked(key));
        Ok(data)
    }

    async fn applicant<P>(&self, case: CaseId, caller: &Caller<P>) -> anyhow::Result<PersonId> {
        self.run
            .app
            .casework
            .party_of(caller, case)
            .await
            .map_err(told)
    }

    fn noted(&mut self, acted: &Acted, person: PersonId) {
        // Later steps of a closed case, such as handing out, count no second time.
        if acted.state.is_closed() && self.city.closed.insert(acted.case_id) {
            match acted.state {
                State::Granted | State::Ready | State::Making => self.report.granted += 1,
                State::Denied => self.report.denied += 1,
                _ => {}
            }
            self.city.to_rate.push((acted.case_id, person));
        }
        if acted.state.needs_applicant() {
            // Most react within days, some only when it is too late.
            let days = if self.city.mistakes.below(100) < self.run.habits.too_late {
                40
            } else {
                self.city.choices.below(4)
            };
            self.city.reactions.push(Reaction {
                case: acted.case_id,
                person,
                on_day: self.report.days + u32::try_from(days).unwrap_or(1),
            });
        }
    }

    fn citizen(&mut self, person: PersonId) -> anyhow::Result<Caller<CanApply>> {
        let now = kernel::Clock::now(self.run.clock.as_ref());
        let principal = Principal::Citizen(Citizen {
            session: SessionId::from_uuid(person.uuid()),
            person,
            acting: Acting::Myself,
        });
        Caller::prove(principal, request(&mut self.city.requests, now)).map_err(told)
    }

    fn colleague<P: kernel::Permission>(&mut self, who: &Colleague) -> anyhow::Result<Caller<P>> {
        let now = kernel::Clock::now(self.run.clock.as_ref());
        who.prove(self.bureau, request(&mut self.city.requests, now))
    }

    /// Applicants react to what they were asked for.
    pub(crate) async fn react(&mut self) -> anyhow::Result<()> {
        let today = self.report.days;
        let (due, later) = std::mem::take(&mut self.city.reactions)
            .into_iter()
            .partition(|one| one.on_day <= today);
        self.city.reactions = later;
        let due: Vec<Reaction> = due;
        for one in due {
            self.reacts(one).await?;
        }
        Ok(())
    }

    async fn reacts(&mut self, one: Reaction) -> anyhow::Result<()> {
        let desk = &self.run.app.casework;
        let caller = self.citizen(one.person)?;
        let asked = Asked::default();
        let Ok(state) = casework::views::staff::state_of(desk, &caller, one.case).await else {
            return Ok(());
        };
        let dice = self.city.choices.below(100);
        let result = match state {
            State::PreReturned if dice < 30 => {
                insist::insist(desk, &caller, one.case, &asked).await
            }
            State::PreReturned if dice < 35 => {
                let given = withdraw::Withdraw {
                    reason: String::new(),
                };
                withdraw::withdraw(desk, &caller, one.case, &asked, given).await
            }
            State::PreReturned => {
                let given = submit::Submit {
                    declaration: true,
                    electronic_service: true,
                    promises: Vec::new(),
                };
                submit::submit(desk, &caller, one.case, &asked, given).await
            }
            State::Correcting => {
                let upload = httpkit::upload::Upload {
                    name: "补正.png".to_owned(),
                    content: PIXEL.to_vec(),
                };
                let done = attach::attach(desk, &caller, one.case, &asked, "m4", upload).await;
                self.allowed(done)?;
                supply::supply(desk, &caller, one.case, &asked, supply::Supply::default()).await
            }
            _ => return Ok(()),
        };
        if let Some(acted) = self.allowed(result)? {
            self.noted(&acted, one.person);
        }
        Ok(())
    }

    /// A third of those whose case was closed rate it; nobody is counted as content by silence.
    pub(crate) async fn rate(&mut self) -> anyhow::Result<()> {
        for (case_id, person) in std::mem::take(&mut self.city.to_rate) {
            if self.city.choices.below(100) >= 34 {
                continue;
            }
            let caller = self.citizen(person)?;
            let stars = match self.city.choices.below(100) {
                0..70 => 5,
                70..88 => 4,
                88..95 => 3,
                95..98 => 2,
                _ => 1,
            };
            let given = voice::GiveRating {
                case_id,
                stars,
                labels: Vec::new(),
                text: None,
                anonymous: true,
            };
            let app = self.run.app;
            let envelope = app.kit.envelope_of(&caller);
            let rated = voice::give_rating(&app.voice, &caller, envelope, given).await;
            if self.allowed(rated)?.is_some() {
                self.report.rated += 1;
            }
        }
        Ok(())
    }
}
