//! Who lives in the simulated city.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use kernel::{CitizenNo, CreditCode, ids::CaseId, ids::PersonId};
use registers::{EmployerSituation, Situation};
use serde_json::{Map, Value};
use store::system::SeededEntropy;

use super::stream;
use crate::{App, city, city::told};

/// People of one situation taken from the registers: more than any run uses.
const CANDIDATES: u32 = 4_000;

/// Somebody who may come.
#[derive(Clone)]
pub(crate) struct Comer {
    pub name: String,
    pub number: CitizenNo,
}

/// A case that waits for its applicant, and when he will react.
pub(crate) struct Reaction {
    pub case: CaseId,
    pub person: PersonId,
    pub on_day: u32,
}

/// Who lives in the city, and what is under way.
pub(crate) struct City {
    pub out_of_work: VecDeque<Comer>,
    pub may_claim: VecDeque<Comer>,
    pub doubtful: VecDeque<Comer>,
    pub employers: VecDeque<CreditCode>,
    pub agents: VecDeque<Comer>,
    /// Values of each item's granted example: what a plausible applicant fills in.
    pub forms: BTreeMap<String, Map<String, Value>>,
    pub arrivals: SeededEntropy,
    pub choices: SeededEntropy,
    pub mistakes: SeededEntropy,
    pub oversights: SeededEntropy,
    pub requests: SeededEntropy,
    /// Cases that no clerk finds.
    pub overlooked: BTreeSet<CaseId>,
    pub reactions: Vec<Reaction>,
    /// Cases that are counted as closed.
    pub closed: BTreeSet<CaseId>,
    pub to_rate: Vec<(CaseId, PersonId)>,
}

impl City {
    /// Gathers everybody from the registers and the pack.
    pub(crate) async fn gather(
        app: &App,
        pack: &catalog::pack::Pack,
        seed: u64,
    ) -> anyhow::Result<Self> {
        let generated = city::generated(pack)?;
        let names: BTreeMap<CitizenNo, String> = generated
            .people
            .iter()
            .map(|one| (one.record.number.clone(), one.name.reveal().clone()))
            .collect();
        let of = async |situation| {
            let numbers = app
                .registers
                .candidates(situation, CANDIDATES, 0)
                .await
                .map_err(told)?;
            // Named people stay free for whoever tries the product.
            let known = numbers.into_iter().filter_map(|number| {
                names.get(&number).map(|name| Comer {
                    name: name.clone(),
                    number: number.clone(),
                })
            });
            anyhow::Ok(known.collect::<VecDeque<Comer>>())
        };
        let employers = app
            .registers
            .employer_candidates(EmployerSituation::Licensable, 200, 0)
            .await
            .map_err(told)?;
        let known: Vec<&CreditCode> = pack.employers.iter().map(|one| &one.code).collect();
        let mut doubtful = of(Situation::Unreported).await?;
        doubtful.extend(of(Situation::Registered).await?);
        Ok(Self {
            out_of_work: of(Situation::OutOfWork).await?,
            may_claim: of(Situation::MayClaim).await?,
            doubtful,
            employers: employers
                .into_iter()
                .filter(|code| !known.contains(&code))
                .collect(),
            agents: of(Situation::Insured).await?,
            forms: forms(pack),
            arrivals: stream(seed, "arrivals"),
            choices: stream(seed, "choices"),
            mistakes: stream(seed, "mistakes"),
            oversights: stream(seed, "oversights"),
            requests: stream(seed, "requests"),
            overlooked: BTreeSet::new(),
            reactions: Vec::new(),
            closed: BTreeSet::new(),
            to_rate: Vec::new(),
        })
    }
}

fn forms(pack: &catalog::pack::Pack) -> BTreeMap<String, Map<String, Value>> {
    pack.items
        .iter()
        .filter_map(|item| {
            let example = item.examples.get("granted")?;
            Some((item.facts.code.to_string(), example.form.clone()))
        })
        .collect()
}
