//! Where copies belong: agencies, organisations, items, people, colleagues.

use std::collections::{BTreeSet, HashMap};

use catalog::pack::Pack;
use kernel::{DivisionCode, Principal, Private, ids::Id as _, ports::Parties as _};
use store::copy::Cell;
use uuid::Uuid;

use super::{Dice, ModelCase, Models, Plan, id, text};
use crate::{App, city::told};

/// People for each of whom there are a few cases.
const CASES_OF_ONE: u64 = 3;
/// One case in so many belongs to the first named person, and one to the first enterprise.
const NAMED_EACH: u64 = 5_000;
const ENTERPRISE_EACH: u64 = 200;
/// Of a hundred cases so many are handled by another agency than the city's.
const ELSEWHERE: u64 = 30;

/// Who applies, for what, and who handles it.
pub(crate) struct Face {
    pub bureau: String,
    /// The agency of the model, where it is another one.
    pub moved_from: Option<String>,
    pub org: String,
    pub item: String,
    pub name_zh: String,
    pub name_en: String,
    pub person: Uuid,
    pub employer: Option<Uuid>,
    pub applicant: String,
    pub tail: String,
    /// The day that presses, where it is another than the model's.
    pub presses: Option<String>,
    /// Whether it looks as its model does.
    pub is_model: bool,
}

impl Face {
    /// The path of an organisation of the model in the agency of the copy.
    pub(crate) fn at_home(&self, org: &str) -> String {
        match &self.moved_from {
            Some(from) => org.replacen(from.as_str(), &self.bureau, 1),
            None => org.to_owned(),
        }
    }
}

struct ItemFace {
    code: String,
    name_zh: String,
    name_en: String,
    handled_by: String,
}

/// Everything that a face is made of.
pub(crate) struct Places {
    city: String,
    elsewhere: Vec<String>,
    orgs: BTreeSet<String>,
    items: Vec<ItemFace>,
    surnames: Vec<char>,
    /// By agency and permission.
    staff: HashMap<(String, String), Vec<Uuid>>,
    person: Uuid,
    employer: Option<Uuid>,
    people: u64,
}

impl Places {
    /// Looks them up in the pack and in the database.
    pub(crate) async fn find(app: &App, pack: &Pack, plan: Plan) -> anyhow::Result<Self> {
        let city = pack.city.code.to_string();
        let orgs: BTreeSet<String> = pack
            .organisations
            .iter()
            .map(|one| one.path.to_string())
            .collect();
        let roots = orgs
            .iter()
            .filter(|path| !path.contains('/') && **path != city);
        let elsewhere: Vec<String> = roots.cloned().collect();
        let staff = colleagues(app, elsewhere.iter().chain([&city])).await?;
        let by = Principal::System("fill");
        let now = app.kit.clock.now();
        let named = pack.people.iter().find(|one| one.account);
        let person = match named {
            Some(one) => {
                let number = Private::new(one.number.clone());
                let card = app
                    .identity
                    .enrol_person(&one.name, &number, &by, now)
                    .await;
                card.map_err(told)?.id.uuid()
            }
            None => Uuid::from_u128(1),
        };
        let employer = match pack.employers.first() {
            Some(one) => {
                let card = app
                    .identity
                    .enrol_employer(one.code.as_str(), &by, now)
                    .await;
                Some(card.map_err(told)?.id.uuid())
            }
            None => None,
        };
        let surnames: BTreeSet<char> = pack
            .people
            .iter()
            .filter_map(|one| one.name.reveal().chars().next())
            .collect();
        Ok(Self {
            items: items(pack),
            surnames: surnames.into_iter().collect(),
            people: (plan.cases / CASES_OF_ONE).max(1),
            city,
            elsewhere,
            orgs,
            staff,
            person,
            employer,
        })
    }

    /// A colleague of an agency who may do something; nobody where nobody may.
    pub(crate) fn colleague(&self, dice: &mut Dice, bureau: &str, permission: &str) -> Cell {
        let holders = self.staff.get(&(bureau.to_owned(), permission.to_owned()));
        let who = holders.and_then(|holders| dice.pick(holders));
        who.map_or(Cell::Null, |id| Cell::Id(*id))
    }

    /// How a copy looks. A whole one looks as its model: its log says so.
    pub(crate) fn face(
        &self,
        dice: &mut Dice,
        model: &ModelCase,
        models: &Models,
        whole: bool,
        n: u64,
    ) -> anyhow::Result<Face> {
        let shape = models.shape("case_file")?;
        let of = |column: &str| anyhow::Ok(model.file[shape.at(column)?].clone());
        let same = Face {
            bureau: text(&of("bureau")?),
            moved_from: None,
            org: text(&of("org")?),
            item: text(&of("item")?),
            name_zh: text(&of("name_zh")?),
            name_en: text(&of("name_en")?),
            person: id(&of("person_id")?).unwrap_or_default(),
            employer: id(&of("employer_id")?),
            applicant: text(&of("applicant_masked")?),
            tail: text(&of("number_tail")?),
            presses: None,
            is_model: true,
        };
        if whole {
            return Ok(same);
        }
        let mut face = Face {
            is_model: false,
            ..same
        };
        self.settle(dice, &mut face);
        let second = if dice.below(3) == 0 { "*" } else { "**" };
        let surname = dice.pick(&self.surnames).copied().unwrap_or('王');
        let others =
            Uuid::from_u64_pair(0x0199_0000_0000_7000, (1 << 63) | dice.below(self.people));
        if n % ENTERPRISE_EACH == 1 {
            face.employer = self.employer;
        } else if face.employer.is_none() {
            face.person = if n % NAMED_EACH == 2 {
                self.person
            } else {
                others
            };
            face.applicant = format!("{surname}{second}");
            face.tail = format!("{:04}", dice.below(10_000));
        }
        Ok(face)
    }

    /// Agency, item and organisation: many cases of few items, few of many.
    fn settle(&self, dice: &mut Dice, face: &mut Face) {
        if dice.below(100) < ELSEWHERE
            && let Some(bureau) = dice.pick(&self.elsewhere)
        {
            face.moved_from = Some(self.city.clone());
            face.bureau.clone_from(bureau);
            face.org = face.org.replacen(&self.city, bureau, 1);
        }
        let most = u64::try_from(self.items.len()).unwrap_or(1);
        let at = dice.below(most) * dice.below(most) / most.max(1);
        let at = at * dice.below(most) / most.max(1);
        let item = usize::try_from(at).ok().and_then(|at| self.items.get(at));
        let handled = item.map(|item| (item, format!("{}/{}", face.bureau, item.handled_by)));
        if let Some((item, org)) = handled.filter(|(_, org)| self.orgs.contains(org)) {
            face.item.clone_from(&item.code);
            face.name_zh.clone_from(&item.name_zh);
            face.name_en.clone_from(&item.name_en);
            face.org = org;
        }
    }
}

/// Who may do what, by agency and permission.
async fn colleagues(
    app: &App,
    agencies: impl Iterator<Item = &String>,
) -> anyhow::Result<HashMap<(String, String), Vec<Uuid>>> {
    let mut staff = HashMap::new();
    for bureau in agencies {
        let code: DivisionCode = bureau.parse()?;
        for permission in ["case.accept", "case.review", "case.decide", "case.deliver"] {
            let holders = app.identity.holders(code, permission).await.map_err(told)?;
            let ids = holders.into_iter().map(|card| card.id.uuid()).collect();
            staff.insert((bureau.clone(), permission.to_owned()), ids);
        }
    }
    Ok(staff)
}

fn items(pack: &Pack) -> Vec<ItemFace> {
    let items = pack.items.iter().map(|item| ItemFace {
        code: item.facts.code.to_string(),
        name_zh: item.facts.name.zh.clone(),
        name_en: item.facts.name.en.clone(),
        handled_by: item.facts.handled_by.clone(),
    });
    items.collect()
}
