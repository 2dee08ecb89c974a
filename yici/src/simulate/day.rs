//! One day: arrivals by the hour, staff at work, jobs, and what waits for tomorrow.

use kernel::{Clock as _, Date, Entropy as _};

use super::{
    Report, Run, at,
    cast::City,
    staff::{Colleague, holders},
    walk::Walk,
};
use crate::city::told;

/// Hours in which people apply on line; windows are open from nine to five.
const HOURS: std::ops::Range<u64> = 8..21;
const OFFICE: std::ops::Range<u64> = 9..17;
/// Tasks one colleague finishes in an hour.
const TASKS_PER_HOUR: usize = 6;
/// Share of applications in each office hour, in percent of the day: two peaks.
const CURVE: [u64; 13] = [4, 14, 16, 10, 4, 6, 12, 12, 8, 5, 4, 3, 2];

/// The acts of the product, in words of permissions.
const WORK: [&str; 4] = ["case.accept", "case.review", "case.decide", "case.deliver"];

/// One day of the city.
pub(crate) struct Day<'a, 'r> {
    pub run: &'a Run<'r>,
    pub city: &'a mut City,
    pub report: &'a mut Report,
    pub date: Date,
}

impl Day<'_, '_> {
    pub(crate) async fn live(mut self) -> anyhow::Result<()> {
        let app = self.run.app;
        let works = app.catalog.calendars().current().is_working_day(self.date);
        let mut teams: Vec<(&str, Vec<Colleague>)> = Vec::new();
        for permission in WORK {
            let team = holders(app, self.run.pack.city.code, permission).await?;
            teams.push((permission, team));
        }
        let usual = u64::from(self.run.per_day);
        let expected = if works { usual } else { usual / 5 };
        for (hour, share) in HOURS.zip(CURVE) {
            let open = works && OFFICE.contains(&hour);
            let clerks = teams.first().map_or(&[][..], |(_, team)| team.as_slice());
            self.arrive(hour, expected * share, open.then_some(clerks))
                .await?;
            self.jobs(hour * 3_600 + 3_590).await?;
            if open {
                self.work(hour, &teams).await?;
            }
        }
        self.set(21 * 3_600);
        let mut walk = self.walk();
        walk.react().await?;
        walk.rate().await?;
        self.jobs(21 * 3_600).await?;
        self.jobs(24 * 3_600 - 1).await?;
        app.kit.store.events_settled().await?;
        insight::catch_up(&app.insight).await.map_err(told)?;
        Ok(())
    }

    fn set(&self, second: u64) {
        self.run.clock.set(at(self.date, second));
    }

    fn walk(&mut self) -> Walk<'_, '_> {
        Walk {
            run: self.run,
            city: self.city,
            report: self.report,
            bureau: self.run.pack.city.code,
        }
    }

    /// What is due at a second of the day.
    async fn jobs(&self, second: u64) -> anyhow::Result<()> {
        self.set(second);
        let (app, now) = (self.run.app, self.run.clock.now());
        app.kit.store.run_due_jobs(&app.handlers(), now).await?;
        Ok(())
    }

    /// People apply within an hour; some at the windows while these are open. `arriving` is in
    /// hundredths.
    async fn arrive(
        &mut self,
        hour: u64,
        arriving: u64,
        clerks: Option<&[Colleague]>,
    ) -> anyhow::Result<()> {
        // The fraction of an arrival is a chance of one more.
        let count = arriving / 100 + u64::from(self.city.arrivals.below(100) < arriving % 100);
        for n in 0..count {
            self.set(hour * 3_600 + 3_500 * n / count.max(1));
            let counter = clerks.is_some() && self.city.arrivals.below(100) < 40;
            let clerks = clerks.unwrap_or_default();
            self.walk().apply(counter, clerks).await?;
        }
        Ok(())
    }

    /// Everybody works on his tasks at the end of an hour.
    async fn work(&mut self, hour: u64, teams: &[(&str, Vec<Colleague>)]) -> anyhow::Result<()> {
        for (permission, team) in teams {
            for (second, colleague) in (0..50).cycle().zip(team) {
                self.set((hour + 1) * 3_600 + second);
                let mut walk = self.walk();
                walk.work(permission, colleague, TASKS_PER_HOUR).await?;
            }
        }
        self.jobs((hour + 1) * 3_600).await
    }
}
