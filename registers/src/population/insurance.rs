//! What the insurance register knows: months paid, months drawn, employers.

use jiff::ToSpan as _;
use kernel::{Date, Entropy};
use serde_json::{Value, json};

use super::{
    draw::{chance, weighted},
    employers::Firm,
    params::Insurance,
};

/// Months of contributions that the benefit needs (社会保险法 art. 45).
const BENEFIT_MONTHS_MIN: i64 = 12;
/// Age from which contributions are paid, for the generator.
const PAID_FROM_AGE: i64 = 18;

/// Months of contributions, and what was drawn for them.
pub(super) struct Paid {
    pub(super) unemployment: i64,
    pub(super) pension: i64,
    pub(super) claimed: i64,
    monthly_fen: u64,
}

impl Paid {
    /// Draws the months of somebody born on `birth` who paid until a day.
    pub(super) fn draw(
        own: &Insurance,
        birth: Date,
        until: Date,
        entropy: &mut dyn Entropy,
    ) -> Self {
        let bands = own.band.iter().map(|band| (band, band.weight));
        let months = if chance(own.share_short, entropy) {
            own.short_months
        } else {
            weighted(bands, entropy).map_or(own.short_months, |band| band.months)
        };
        let most = months_between(birth.saturating_add(PAID_FROM_AGE.years()), until);
        let unemployment = months.draw(entropy).min(most);
        let extra = own.pension.extra_months.draw(entropy);
        let limit = limit_of(unemployment);
        let ever = chance(own.claimed.share_ever, entropy);
        let whole = chance(own.claimed.share_to_the_limit, entropy);
        let part = own.claimed.months.draw(entropy).min(limit);
        Self {
            unemployment,
            pension: (unemployment + extra).min(most.max(unemployment)),
            claimed: match (ever, whole) {
                (false, _) => 0,
                (true, true) => limit,
                (true, false) => part,
            },
            monthly_fen: own.benefit.monthly_fen,
        }
    }

    /// Contributions to pension insurance alone.
    pub(super) fn pension_only(self) -> Self {
        Self {
            unemployment: 0,
            claimed: 0,
            ..self
        }
    }

    /// Whether months of benefit are left.
    pub(super) const fn gives_benefit(&self) -> bool {
        self.unemployment >= BENEFIT_MONTHS_MIN && self.claimed < limit_of(self.unemployment)
    }

    /// The facts: the last employer, the last month paid, and the employer who pays now.
    pub(super) fn facts(
        &self,
        last: Option<&Firm>,
        month: Date,
        now: Option<&Firm>,
        active: bool,
    ) -> Value {
        json!({
            "unemployment_months": self.unemployment,
            "pension_months": self.pension,
            "last_employer": last.map(|firm| firm.name.as_str()),
            "last_employer_code": last.map(|firm| firm.record.code.as_str()),
            "last_paid_month": month.strftime("%Y-%m").to_string(),
            "active_employer": now.map(|firm| firm.name.as_str()),
            "claimed_months": self.claimed,
            "monthly_benefit_fen": self.monthly_fen,
            "active": active,
        })
    }
}

/// Months of benefit that months of contributions give at most (社会保险法 art. 46).
const fn limit_of(months: i64) -> i64 {
    match months {
        ..12 => 0,
        12..60 => 12,
        60..120 => 18,
        _ => 24,
    }
}

/// Whole months from a day to a later one; 0 when it is not later.
fn months_between(from: Date, until: Date) -> i64 {
    let years = i64::from(until.year()) - i64::from(from.year());
    let months = i64::from(until.month()) - i64::from(from.month());
    let partial = i64::from(until.day() < from.day());
    (years * 12 + months - partial).max(0)
}
