//! `yici serve` and `yici work`.

use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr},
    process::ExitCode,
    sync::Arc,
};

use anyhow::bail;
use catalog::pack::Pack;
use identity::DemoStaff;
use kernel::Clock as _;
use store::{
    Purpose,
    system::{FakeClock, SystemClock},
};
use yici::{
    anchors,
    city::{self, DEMO_PASSWORD},
    metrics,
    serve::{Duties, Proxies, Running, listen, told_to_stop},
    settings::Resolved,
    simulate,
};

use super::{
    say,
    start::{self, How, Opened, Site},
};

/// Days of history a demo begins with.
const DEMO_DAYS: u32 = 30;
/// Applications on a working day of that history.
const DEMO_PER_DAY: u32 = 30;
/// Its seed.
const DEMO_SEED: u64 = 7;

/// Answers requests.
#[derive(clap::Args)]
pub(crate) struct Serve {
    /// Address to listen on.
    #[arg(long, env = "YICI_LISTEN")]
    listen: Option<SocketAddr>,
    /// Leaves jobs to `yici work`.
    #[arg(long)]
    no_jobs: bool,
    /// Creates a demo: fictional people, accounts that everybody knows, some weeks of history.
    #[arg(long)]
    demo: bool,
    /// Days of history that a new demo begins with.
    #[arg(long, default_value_t = DEMO_DAYS, value_parser = clap::value_parser!(u32).range(1..=60), requires = "demo")]
    demo_days: u32,
    /// A proxy whose `X-Forwarded-For` is believed; several times for several.
    #[arg(long, env = "YICI_TRUSTED_PROXY", value_delimiter = ',')]
    trusted_proxy: Vec<IpAddr>,
    /// Cookies without `Secure`, for loopback without TLS.
    #[arg(long)]
    plain_http: bool,
}

pub(crate) async fn run(settings: &Resolved, command: Serve) -> anyhow::Result<ExitCode> {
    start::log();
    let default = SocketAddr::from(([127, 0, 0, 1], 8080));
    let address = command.listen.or(settings.listen).unwrap_or(default);
    let how = How {
        demo: command.demo,
        ..How::default()
    };
    let mut site = start::enter(settings, how).await?;
    let demo = site.is.purpose != Purpose::Bureau;
    if demo && !address.ip().is_loopback() {
        bail!(
            "a demo has accounts that everybody knows: it listens on loopback only, not on {address}"
        );
    }
    let figures = metrics::install()?;
    let how = How {
        secure: !(demo || command.plain_http),
        ..how
    };
    if site.is.purpose == Purpose::UnfinishedDemo {
        site = Box::pin(prepare_demo(settings, how, site, command.demo_days)).await?;
    }
    let opened = start::open_at(settings, how, site, Arc::new(SystemClock)).await?;
    let duties = Duties {
        requests: true,
        jobs: !command.no_jobs,
    };
    let anchors = anchors::folder_of(&settings.data, opened.is.id);
    let running = Running::start(&opened.app, &opened.keys, &anchors, duties);
    let proxies = Proxies(command.trusted_proxy.into());
    let served = listen(&running, figures, &proxies, address, |address| {
        greet(&opened, address);
    })
    .await;
    running.end().await;
    served?;
    Ok(ExitCode::SUCCESS)
}

/// The first start of a demo: pack, history, accounts.
async fn prepare_demo(
    settings: &Resolved,
    how: How,
    site: Site,
    days: u32,
) -> anyhow::Result<Site> {
    say(
        "Preparing the demo city: people, registers and some weeks of history (once, under a minute) …",
    );
    let today = SystemClock.now().day();
    let from = simulate::first_day(today, days)?;
    let clock = Arc::new(FakeClock::at(kernel::Timestamp::start_of(from)));
    let (keys, is) = (site.keys.clone(), site.is.clone());
    site.store.close().await;
    // Nobody looks for viruses in papers that the simulator makes.
    let settings = &Resolved {
        scanner: None,
        ..settings.clone()
    };
    // What breaks off here begins again: nothing needs to survive a power cut before it is ready.
    let fast = How {
        durable: false,
        ..how
    };
    let store = start::open_store(settings, fast).await?;
    let site = Site { keys, store, is };
    let opened = start::open_at(settings, fast, site, Arc::<FakeClock>::clone(&clock)).await?;
    let Opened { app, pack, .. } = &opened;
    if !pack.city.fictional {
        bail!("a demo gives everybody everybody's rights: its pack must say `fictional = true`");
    }
    city::load(app, pack).await?;
    let run = simulate::Run {
        app,
        pack,
        clock,
        from,
        days,
        seed: DEMO_SEED,
        per_day: DEMO_PER_DAY,
        habits: simulate::Habits::default(),
    };
    let report = run.go().await?;
    city::demo_accounts(app, pack).await?;
    app.kit.store.finish_demo().await?;
    opened.leave().await?;
    say(format!(
        "{} applications in {} days, {} granted, {} denied, {} rated.",
        report.opened, report.days, report.granted, report.denied, report.rated
    ));
    start::enter(settings, how).await
}

fn greet(opened: &Opened, address: SocketAddr) {
    say(format!("Yici serves {}", opened.pack.city.bureau.zh));
    say(format!("  portal      http://{address}/"));
    say(format!("  workbench   http://{address}/workbench"));
    say(format!(
        "  API         http://{address}/api/v1 (document: yici openapi)"
    ));
    if opened.app.kit.demo {
        say(format!(
            "Demo accounts, all with the password {DEMO_PASSWORD}:"
        ));
        for person in opened.pack.people.iter().filter(|one| one.account).take(3) {
            say(format!(
                "  citizen  {}  {}  {}",
                person.number.reveal(),
                person.name.reveal(),
                person.note.zh
            ));
        }
        for staff in one_of_each_role(&opened.pack) {
            say(format!(
                "  staff    {:<14} {}  {}",
                staff.account, staff.name, staff.role.zh
            ));
        }
        say("  or choose anybody under “演示身份” on the sign-in page.");
    }
}

/// The first colleague of each place and post in the first agency.
fn one_of_each_role(pack: &Pack) -> Vec<DemoStaff> {
    let bureau = pack.staff.first().map(|staff| staff.bureau);
    let mut roles = BTreeSet::new();
    let known = pack.staff.iter().zip(city::demo_people(pack).1);
    let here = known.filter(|(staff, _)| Some(staff.bureau) == bureau);
    here.map(|(_, known)| known)
        .filter(|known| roles.insert(known.role.zh.clone()))
        .collect()
}

pub(crate) async fn work(settings: &Resolved) -> anyhow::Result<ExitCode> {
    start::log();
    let opened = start::open(settings, How::default()).await?;
    let duties = Duties {
        requests: false,
        jobs: true,
    };
    let anchors = anchors::folder_of(&settings.data, opened.is.id);
    let running = Running::start(&opened.app, &opened.keys, &anchors, duties);
    told_to_stop().await;
    running.end().await;
    Ok(ExitCode::SUCCESS)
}
