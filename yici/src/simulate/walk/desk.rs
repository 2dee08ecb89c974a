//! Colleagues at their desks: what they find in their inboxes, and what they do with it.

use casework::{
    Acted, Asked,
    state::State,
    views::tasks::{InboxQuery, TaskRow, inbox},
    work::{
        DefectLine, accept, correct, decide, hand_out, make, pre_review, refuse::Wording, review,
        site_check,
    },
};
use kernel::{AppError, Caller, Entropy as _, caller::IsStaff, ports::Parties as _};

use super::Walk;
use crate::{city::told, simulate::staff::Colleague};

/// Rows of an inbox a colleague looks at.
const LOOKED_AT: u32 = 60;

impl Walk<'_, '_> {
    /// A colleague works through his inbox, most urgent first.
    pub(crate) async fn work(
        &mut self,
        permission: &str,
        who: &Colleague,
        most: usize,
    ) -> anyhow::Result<()> {
        let caller: Caller<IsStaff> = self.colleague(who)?;
        let query = InboxQuery {
            limit: Some(LOOKED_AT),
            ..InboxQuery::default()
        };
        let rows = inbox(&self.run.app.casework, &caller, query, None)
            .await
            .map_err(told)?
            .rows;
        let lies =
            |row: &TaskRow| row.stage == "intake" && self.city.overlooked.contains(&row.case_id);
        let mine = rows.into_iter().filter(|row| {
            row.may_claim && stage_permission(&row.stage) == permission && !lies(row)
        });
        for row in mine.take(most).collect::<Vec<_>>() {
            let person = self.applicant(row.case_id, &caller).await?;
            if let Some(acted) = self.task(who, &row).await? {
                self.noted(&acted, person);
            }
        }
        Ok(())
    }

    async fn task(&mut self, who: &Colleague, row: &TaskRow) -> anyhow::Result<Option<Acted>> {
        let dice = self.city.choices.below(100);
        let result = match row.stage.as_str() {
            "intake" => self.intake(who, row, dice).await?,
            "review" => self.review(who, row, dice).await?,
            "site_check" => self.site_check(who, row).await?,
            "decide" => self.decide(who, row, dice).await?,
            "make" => {
                let caller = self.colleague(who)?;
                make::make(&self.run.app.casework, &caller, row.case_id, &seen(row)).await
            }
            // Some come the next day.
            "hand_out" if dice >= 50 => self.hand_out(who, row).await?,
            _ => return Ok(None),
        };
        self.allowed(result)
    }

    async fn intake(&mut self, who: &Colleague, row: &TaskRow, dice: u64) -> Outcome {
        let (desk, id, asked) = (&self.run.app.casework, row.case_id, seen(row));
        let caller = self.colleague(who)?;
        let state = casework::views::staff::state_of(desk, &caller, id)
            .await
            .map_err(told)?;
        if state == State::Submitted && dice < 8 {
            let lines = vec![line("mobile", "手机号看起来不对", "请核对手机号")];
            let given = pre_review::PreReturn { lines };
            return Ok(pre_review::pre_return(desk, &caller, id, &asked, given).await);
        }
        let accepted = accept::accept(desk, &caller, id, &asked).await;
        if row.item != "LD-001" || !refused(&accepted, "E1212") {
            return Ok(accepted);
        }
        let lines = vec![DefectLine {
            material: Some("m4".to_owned()),
            field: None,
            defect: "没有交这份材料".to_owned(),
            how_to_fix: "请补交".to_owned(),
        }];
        Ok(correct::correct(desk, &caller, id, &asked, correct::Correct { lines }).await)
    }

    async fn review(&mut self, who: &Colleague, row: &TaskRow, dice: u64) -> Outcome {
        let proposal = if dice < 92 {
            review::Proposal::Grant
        } else {
            review::Proposal::Deny
        };
        let given = review::Review {
            proposal,
            opinion: "已核对登记信息和材料。".to_owned(),
            basis: "见事项的设定依据".to_owned(),
        };
        let caller = self.colleague(who)?;
        Ok(review::review(
            &self.run.app.casework,
            &caller,
            row.case_id,
            &seen(row),
            given,
        )
        .await)
    }

    /// One writes the record, the next confirms it.
    async fn site_check(&mut self, who: &Colleague, row: &TaskRow) -> Outcome {
        let (desk, id, asked) = (&self.run.app.casework, row.case_id, seen(row));
        let caller = self.colleague(who)?;
        let given = site_check::SiteCheck {
            place: "申请的经营场所".to_owned(),
            at: kernel::Clock::now(self.run.clock.as_ref()),
            facts: "场所、设施、制度与申请一致。".to_owned(),
        };
        let recorded = site_check::site_check(desk, &caller, id, &asked, given).await;
        if refused(&recorded, "E1201") {
            return Ok(site_check::confirm(desk, &caller, id, &asked).await);
        }
        Ok(recorded)
    }

    async fn decide(&mut self, who: &Colleague, row: &TaskRow, dice: u64) -> Outcome {
        let outcome = match dice {
            0..90 => decide::Outcome::Grant,
            90..96 => decide::Outcome::Return,
            _ => decide::Outcome::Deny,
        };
        let given = decide::Decide {
            outcome,
            opinion: "同意。".to_owned(),
            wording: Wording {
                ground: None,
                reason: "经核实，不符合规定的条件。".to_owned(),
                basis: "见事项的设定依据".to_owned(),
                instead: "请到综合窗口或拨打 12333 咨询".to_owned(),
            },
        };
        let caller = self.colleague(who)?;
        Ok(decide::decide(
            &self.run.app.casework,
            &caller,
            row.case_id,
            &seen(row),
            given,
        )
        .await)
    }

    /// Who comes for a result: the applicant with his card, or the agent of an enterprise.
    async fn receiver<P>(
        &self,
        row: &TaskRow,
        caller: &Caller<P>,
    ) -> anyhow::Result<(String, hand_out::Relation, Option<String>)> {
        let person = self.applicant(row.case_id, caller).await?;
        let cards = self.run.app.identity.persons(&[person]).await;
        let cards = cards.map_err(told)?;
        let Some(card) = cards.get(&person) else {
            anyhow::bail!("{person} has no card");
        };
        let (relation, number) = match &*row.item {
            "LD-001" => {
                let number = card.number.reveal().reveal().to_owned();
                (hand_out::Relation::EnterpriseAgent, Some(number))
            }
            _ => (hand_out::Relation::Applicant, None),
        };
        Ok((card.name.reveal().clone(), relation, number))
    }

    async fn hand_out(&mut self, who: &Colleague, row: &TaskRow) -> Outcome {
        let caller = self.colleague(who)?;
        let (receiver, relation, receiver_number) = self.receiver(row, &caller).await?;
        let given = hand_out::HandOut {
            receiver,
            relation,
            receiver_number,
            authorised: false,
            method: hand_out::HandOutMethod::Counter,
            received_on: None,
            signed: true,
        };
        Ok(hand_out::hand_out(
            &self.run.app.casework,
            &caller,
            row.case_id,
            &seen(row),
            given,
        )
        .await)
    }
}

/// What an act of the product came to; the outer error is a fault of the simulation.
type Outcome = anyhow::Result<Result<Acted, AppError>>;

/// The case as the inbox showed it.
fn seen(row: &TaskRow) -> Asked {
    Asked {
        version: Some(row.version),
        repetition: None,
    }
}

fn refused<T>(result: &Result<T, AppError>, code: &str) -> bool {
    matches!(result, Err(AppError::Refused(refusal)) if refusal.code().id == code)
}

fn stage_permission(stage: &str) -> &'static str {
    match stage {
        "intake" => "case.accept",
        "review" | "second_review" | "site_check" => "case.review",
        "decide" => "case.decide",
        _ => "case.deliver",
    }
}

fn line(field: &str, defect: &str, how_to_fix: &str) -> DefectLine {
    DefectLine {
        material: None,
        field: Some(field.to_owned()),
        defect: defect.to_owned(),
        how_to_fix: how_to_fix.to_owned(),
    }
}
