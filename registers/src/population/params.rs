//! The file that describes the population: `population.toml` of a pack.

use std::collections::BTreeMap;

use kernel::Date;
use serde::{Deserialize, Deserializer, de::Error as _};

use super::draw::Range;

/// The format of the file that this program reads.
const FORMAT: u32 = 1;
/// People that one file may ask for: the whole city is held in memory while it is generated.
const PEOPLE_MAX: u32 = 200_000;

/// Shares by weight: a share is weight / sum of weights.
pub(super) type Weights = BTreeMap<String, u32>;

/// One fault of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", line.map_or_else(String::new, |line| format!("{line}: ")))]
pub struct ParamsFault {
    /// Line of the file, from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
}

/// The parameters of the generator. Every table of the file has its own type here.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    pub(super) format: u32,
    /// The seed of the city as the pack wants it.
    pub seed: u64,
    pub(super) people: u32,
    pub(super) employers: u32,
    #[serde(deserialize_with = "date")]
    pub(super) reference_date: Date,
    pub(super) citizen_no: CitizenNumbers,
    pub(super) mobile: Mobiles,
    pub(super) accounts: Accounts,
    pub(super) divisions: Weighted,
    pub(super) sex: Weighted,
    pub(super) age_band: Vec<AgeBand>,
    pub(super) names: Names,
    #[serde(rename = "population")]
    pub(super) households: Households,
    pub(super) states: States,
    pub(super) insurance: Insurance,
    pub(super) employment: Employment,
    pub(super) card: Cards,
    pub(super) employer: Employers,
    pub(super) licence: Licences,
}

macro_rules! tables {
    ($($name:ident { $($field:ident: $kind:ty,)* })*) => {
        $(
            #[derive(Debug, Clone, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub(super) struct $name {
                $(pub(super) $field: $kind,)*
            }
        )*
    };
}

tables! {
    CitizenNumbers { order: Range, }
    Mobiles {
        prefix: String,
        suffix: Range,
        share_with_mobile_below_60: f64,
        share_with_mobile_from_60: f64,
    }
    Accounts { share_with_account: f64, share_electronic_service: f64, }
    Weighted { weights: Weights, }
    AgeBand { age: Range, weight: u32, }
    Names {
        share_one_character: f64,
        given_men: String,
        given_women: String,
        surnames: Weights,
    }
    Households {
        share_dead_from_65: f64,
        death_years_before_reference: Range,
        share_own_household: f64,
        share_household_in_other_division: f64,
    }
    States {
        retired_from_age_men: i64,
        retired_from_age_women: i64,
        weights_working_age: Weights,
        weights_retired_age: Weights,
    }
    Insurance {
        share_short: f64,
        short_months: Range,
        band: Vec<MonthBand>,
        pension: PensionMonths,
        claimed: Claimed,
        benefit: Benefit,
    }
    MonthBand { months: Range, weight: u32, }
    PensionMonths { extra_months: Range, }
    Claimed { share_ever: f64, share_to_the_limit: f64, months: Range, }
    Benefit { monthly_fen: u64, }
    Employment {
        months_since_end: Range,
        share_registered: f64,
        registered_days_after_end: Range,
        share_benefit_running: f64,
        share_insured_elsewhere: f64,
        reason_weights: Weights,
        reason_texts: BTreeMap<String, String>,
    }
    Cards { share_with_card: f64, share_active: f64, bank_weights: Weights, }
    Employers {
        serial: u32,
        share_with_agent: f64,
        founded_year: Range,
        street_number: Range,
        prefixes: BTreeMap<String, String>,
        status_weights: Weights,
        capital: Vec<CapitalBand>,
        names: EmployerNames,
        trade: Vec<Trade>,
    }
    CapitalBand { yuan: Range, weight: u32, }
    EmployerNames {
        first: String,
        second: String,
        forms: Vec<String>,
        streets: Vec<String>,
    }
    Trade { word: String, scope: String, weight: u32, }
    Licences { share_with_dispatch: f64, share_expired: f64, valid_months: i64, }
}

fn date<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    String::deserialize(from)?.parse().map_err(D::Error::custom)
}

impl Population {
    /// Reads the file.
    ///
    /// # Errors
    /// A fault of its form with its line, or everything that is wrong with its values.
    pub fn read(text: &str) -> Result<Self, Vec<ParamsFault>> {
        let params: Self = toml::from_str(text).map_err(|error| {
            let before = |start: usize| text.as_bytes().iter().take(start);
            let line = |start| before(start).filter(|letter| **letter == b'\n').count() + 1;
            vec![ParamsFault {
                line: error.span().map(|span| line(span.start)),
                message: error.message().to_owned(),
            }]
        })?;
        let messages = params.faults();
        if messages.is_empty() {
            return Ok(params);
        }
        let fault = |message| ParamsFault {
            line: None,
            message,
        };
        Err(messages.into_iter().map(fault).collect())
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.format != FORMAT {
            faults.push(format!("the format is {FORMAT}"));
        }
        if self.people > PEOPLE_MAX {
            faults.push(format!("at most {PEOPLE_MAX} people"));
        }
        let shares = self.shares_of_people().into_iter();
        let wrong = shares
            .chain(self.shares_of_work())
            .filter(|(_, share)| !(0.0..=1.0).contains(share));
        faults.extend(wrong.map(|(name, _)| format!("{name} is a probability from 0 to 1")));
        let wrong = self
            .ranges()
            .into_iter()
            .filter(|(_, range)| !range.is_ordered());
        faults.extend(wrong.map(|(name, _)| format!("{name}: min is above max, or negative")));
        let wrong = self.sums().into_iter().filter(|(_, sum)| *sum == 0);
        faults.extend(wrong.map(|(name, _)| format!("{name} has no weight")));
        let texts = [
            ("names.given_men", &self.names.given_men),
            ("names.given_women", &self.names.given_women),
            ("employer.names.first", &self.employer.names.first),
            ("employer.names.second", &self.employer.names.second),
        ];
        let wrong = texts.into_iter().filter(|(_, text)| text.is_empty());
        faults.extend(wrong.map(|(name, _)| format!("{name} is empty")));
        for division in self.divisions.weights.keys() {
            if division.parse::<kernel::DivisionCode>().is_err() {
                faults.push(format!(
                    "divisions.weights: {division} is not a division code"
                ));
            }
            if !self.employer.prefixes.contains_key(division) {
                faults.push(format!("employer.prefixes has no {division}"));
            }
        }
        for reason in self.employment.reason_weights.keys() {
            if !self.employment.reason_texts.contains_key(reason) {
                faults.push(format!("employment.reason_texts has no {reason}"));
            }
        }
        faults
    }

    fn shares_of_people(&self) -> [(&'static str, f64); 10] {
        [
            (
                "mobile.share_with_mobile_below_60",
                self.mobile.share_with_mobile_below_60,
            ),
            (
                "mobile.share_with_mobile_from_60",
                self.mobile.share_with_mobile_from_60,
            ),
            (
                "accounts.share_with_account",
                self.accounts.share_with_account,
            ),
            (
                "accounts.share_electronic_service",
                self.accounts.share_electronic_service,
            ),
            ("names.share_one_character", self.names.share_one_character),
            (
                "population.share_dead_from_65",
                self.households.share_dead_from_65,
            ),
            (
                "population.share_own_household",
                self.households.share_own_household,
            ),
            (
                "population.share_household_in_other_division",
                self.households.share_household_in_other_division,
            ),
            ("card.share_with_card", self.card.share_with_card),
            ("card.share_active", self.card.share_active),
        ]
    }

    fn shares_of_work(&self) -> [(&'static str, f64); 9] {
        [
            ("insurance.share_short", self.insurance.share_short),
            (
                "insurance.claimed.share_ever",
                self.insurance.claimed.share_ever,
            ),
            (
                "insurance.claimed.share_to_the_limit",
                self.insurance.claimed.share_to_the_limit,
            ),
            (
                "employment.share_registered",
                self.employment.share_registered,
            ),
            (
                "employment.share_benefit_running",
                self.employment.share_benefit_running,
            ),
            (
                "employment.share_insured_elsewhere",
                self.employment.share_insured_elsewhere,
            ),
            ("employer.share_with_agent", self.employer.share_with_agent),
            (
                "licence.share_with_dispatch",
                self.licence.share_with_dispatch,
            ),
            ("licence.share_expired", self.licence.share_expired),
        ]
    }

    fn ranges(&self) -> Vec<(&'static str, Range)> {
        let mut ranges = vec![
            ("citizen_no.order", self.citizen_no.order),
            ("mobile.suffix", self.mobile.suffix),
            (
                "population.death_years_before_reference",
                self.households.death_years_before_reference,
            ),
            ("insurance.short_months", self.insurance.short_months),
            (
                "insurance.pension.extra_months",
                self.insurance.pension.extra_months,
            ),
            ("insurance.claimed.months", self.insurance.claimed.months),
            (
                "employment.months_since_end",
                self.employment.months_since_end,
            ),
            (
                "employment.registered_days_after_end",
                self.employment.registered_days_after_end,
            ),
            ("employer.founded_year", self.employer.founded_year),
            ("employer.street_number", self.employer.street_number),
        ];
        ranges.extend(self.age_band.iter().map(|band| ("age_band.age", band.age)));
        ranges.extend(
            self.insurance
                .band
                .iter()
                .map(|band| ("insurance.band.months", band.months)),
        );
        ranges.extend(
            self.employer
                .capital
                .iter()
                .map(|band| ("employer.capital.yuan", band.yuan)),
        );
        ranges
    }

    fn sums(&self) -> Vec<(&'static str, u64)> {
        let of = |weights: &Weights| weights.values().map(|weight| u64::from(*weight)).sum();
        vec![
            ("divisions.weights", of(&self.divisions.weights)),
            ("sex.weights", of(&self.sex.weights)),
            ("names.surnames", of(&self.names.surnames)),
            (
                "states.weights_working_age",
                of(&self.states.weights_working_age),
            ),
            (
                "states.weights_retired_age",
                of(&self.states.weights_retired_age),
            ),
            (
                "employment.reason_weights",
                of(&self.employment.reason_weights),
            ),
            ("card.bank_weights", of(&self.card.bank_weights)),
            ("employer.status_weights", of(&self.employer.status_weights)),
            (
                "age_band",
                self.age_band
                    .iter()
                    .map(|band| u64::from(band.weight))
                    .sum(),
            ),
            (
                "insurance.band",
                self.insurance
                    .band
                    .iter()
                    .map(|band| u64::from(band.weight))
                    .sum(),
            ),
            (
                "employer.capital",
                self.employer
                    .capital
                    .iter()
                    .map(|band| u64::from(band.weight))
                    .sum(),
            ),
            (
                "employer.trade",
                self.employer
                    .trade
                    .iter()
                    .map(|trade| u64::from(trade.weight))
                    .sum(),
            ),
        ]
    }
}
