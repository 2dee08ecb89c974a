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

pub(crate) async fn live(
    run: &Run<'_>,
    city: &mut City,
    day: Date,
    report: &mut Report,
) -> anyhow::Result<()> {
    let app = run.app;
    let works = app.catalog.calendars().current().is_working_day(day);
    let bureau = run.pack.city.code;
    let mut teams: Vec<(&str, Vec<Colleague>)> = Vec::new();
    for permission in WORK {
        teams.push((permission, holders(app, bureau, permission).await?));
    }
    let handlers = app.handlers();
    let expected = if works { u64::from(run.per_day) } else { u64::from(run.per_day) / 5 };
    for (hour, share) in HOURS.zip(CURVE) {
        let start = hour * 3_600;
        let arriving = expected * share;
        // The fraction of an arrival is a chance of one more.
        let count = arriving / 100 + u64::from(city.arrivals.below(100) < arriving % 100);
        for n in 0..count {
            run.clock.set(at(day, start + 3_500 * n / count.max(1)));
            let counter = works && OFFICE.contains(&hour) && city.arrivals.below(100) < 40;
            let clerks = teams.first().map(|(_, team)| team.as_slice()).unwrap_or_default();
            Walk { run, city, report, bureau }.apply(counter, clerks).await?;
        }
        run.clock.set(at(day, start + 3_590));
        app.kit.store.run_due_jobs(&handlers, run.clock.now()).await?;
        if works && OFFICE.contains(&hour) {
            for (permission, team) in &teams {
                for (index, colleague) in team.iter().enumerate() {
                    let minute = u64::try_from(index).unwrap_or(0) % 50;
                    run.clock.set(at(day, start + 3_600 + minute));
                    let walk = &mut Walk { run, city, report, bureau };
                    walk.work(permission, colleague, TASKS_PER_HOUR).await?;
                }
            }
            app.kit.store.run_due_jobs(&handlers, run.clock.now()).await?;
        }
    }
    run.clock.set(at(day, 21 * 3_600));
    let mut walk = Walk { run, city, report, bureau };
    walk.react().await?;
    walk.rate().await?;
    app.kit.store.run_due_jobs(&handlers, run.clock.now()).await?;
    run.clock.set(at(day, 24 * 3_600 - 1));
    app.kit.store.run_due_jobs(&handlers, run.clock.now()).await?;
    insight::catch_up(&app.insight).await.map_err(told)?;
    Ok(())
}
