//! Jobs: leases, delays, dead letters.

use std::sync::Arc;

use kernel::{AppError, Timestamp, codes, ids::Id as _};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use store::{
    Envelope, Executor, NewJob, Store,
    jobs::{self, Backlog, Handler, Handlers, Lease},
    system::FakeClock,
};
use testkit::{MONDAY, on_both};
use tokio::sync::{Semaphore, mpsc, watch};
use uuid::Uuid;

use crate::common::{Act, BUREAU, Pay, balance, bureau, envelope, open};

/// Fails as often as it is told, then works.
struct Stubborn(std::sync::atomic::AtomicI32);

impl Handler for Stubborn {
    fn run<'a>(
        &'a self,
        _lease: &'a Lease,
        _now: Timestamp,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<(), AppError>> + Send + 'a>> {
        Box::pin(async {
            if self.0.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) > 0 {
                Err(AppError::refused(&codes::E1226))
            } else {
                Ok(())
            }
        })
    }
}

on_both! {
    async fn a_failing_job_waits_longer_each_time_and_ends_as_a_dead_letter(database) {
        let (store, executor) = open(&database).await;
        executor.run(envelope(1, MONDAY), Pay { account: Uuid::from_u128(1), amount: 1, create: true }).await.unwrap();
        let fine: Arc<dyn Handler> = Arc::new(Stubborn(0.into()));
        let stubborn: Arc<dyn Handler> = Arc::new(Stubborn(3.into()));
        let handlers: Handlers = [("listen", fine), ("tell", stubborn)].into();
        assert_eq!(store.run_due_jobs(&handlers, MONDAY).await.unwrap(), 2);
        // Not before its delay of two seconds, then four, then eight.
        assert_eq!(store.run_due_jobs(&handlers, MONDAY.plus_seconds(1)).await.unwrap(), 0);
        assert_eq!(store.run_due_jobs(&handlers, MONDAY.plus_seconds(2)).await.unwrap(), 1);
        assert_eq!(store.run_due_jobs(&handlers, MONDAY.plus_seconds(6)).await.unwrap(), 1);
        assert_eq!(store.run_due_jobs(&handlers, MONDAY.plus_seconds(14)).await.unwrap(), 1);
        assert_eq!(store::jobs::Entity::find().all(store.read()).await.unwrap(), []);

        executor.run(envelope(2, MONDAY), Pay { account: Uuid::from_u128(2), amount: 1, create: true }).await.unwrap();
        let never: Arc<dyn Handler> = Arc::new(Stubborn(1_000.into()));
        let handlers: Handlers = [("listen", Arc::clone(&never)), ("tell", never)].into();
        let mut now = MONDAY;
        for _ in 0..kernel::limits::JOB_ATTEMPTS_MAX {
            store.run_due_jobs(&handlers, now).await.unwrap();
            now = now.plus_seconds(20_000);
        }
        let dead = store::jobs::Entity::find().all(store.read()).await.unwrap();
        assert_eq!(dead.len(), 2);
        assert!(dead.iter().all(|job| job.state == "dead" && job.due_us.is_none() && job.last_error == "E1226"));
    }
}

on_both! {
    async fn a_worker_that_comes_back_late_changes_nothing(database) {
        let (store, executor) = open(&database).await;
        let id = Uuid::from_u128(1);
        executor.run(envelope(1, MONDAY), Pay { account: id, amount: 1, create: true }).await.unwrap();
        let early = store.lease_jobs(MONDAY, 10).await.unwrap().remove(0);
        let later = MONDAY.plus_seconds(kernel::limits::JOB_LEASE_SECONDS);
        assert!(store.lease_jobs(later.plus_seconds(-1), 10).await.unwrap().is_empty());
        let leases = store.lease_jobs(later, 10).await.unwrap();
        let second = leases.iter().find(|lease| lease.job == early.job).unwrap().clone();
        assert_eq!(second.fence, early.fence + 1);
        let with = |lease: Lease| Envelope { lease: Some(lease), ..envelope(9, later) };
        let pay = Pay { account: id, amount: 10, create: false };
        assert_eq!(executor.run(with(early.clone()), pay.clone()).await.unwrap_err().code(), "E1900");
        assert_eq!(balance(&store, id).await.unwrap().balance, 1);
        store.finish_job(&early).await.unwrap();
        executor.run(with(second), pay).await.unwrap();
        assert_eq!(balance(&store, id).await.unwrap().balance, 11);
        assert_eq!(store::jobs::Entity::find_by_id((BUREAU.to_owned(), early.job.uuid())).one(store.read()).await.unwrap(), None);
    }
}

/// As many jobs of one kind as a worker runs side by side.
const LINES: usize = 32;

/// Tells who listens that it began, and goes on when it is let.
struct Gate {
    began: mpsc::UnboundedSender<Lease>,
    open: Arc<Semaphore>,
}

impl Handler for Gate {
    fn run<'a>(
        &'a self,
        lease: &'a Lease,
        _now: Timestamp,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<(), AppError>> + Send + 'a>> {
        Box::pin(async {
            self.began.send(lease.clone()).unwrap();
            self.open.acquire().await.unwrap().forget();
            Ok(())
        })
    }
}

fn gate() -> (
    Arc<dyn Handler>,
    mpsc::UnboundedReceiver<Lease>,
    Arc<Semaphore>,
) {
    let (began, listener) = mpsc::unbounded_channel();
    let open = Arc::new(Semaphore::new(0));
    let handler = Gate {
        began,
        open: Arc::clone(&open),
    };
    (Arc::new(handler), listener, open)
}

/// Queues jobs, each with its number.
async fn queue(executor: &Executor, n: u128, kind: &'static str, numbers: std::ops::Range<i64>) {
    let queue = Act::on(&[], move |work| {
        for number in numbers.clone() {
            work.job(NewJob::now(
                kind,
                serde_json::json!({"v": 1, "number": number}),
            ));
        }
        Ok(0)
    });
    executor.run(envelope(n, MONDAY), queue).await.unwrap();
}

fn number_of(lease: &Lease) -> i64 {
    lease.read::<serde_json::Value>().unwrap()["number"]
        .as_i64()
        .unwrap()
}

async fn running(store: &Store) -> u64 {
    store::jobs::Entity::find()
        .filter(store::jobs::Column::State.eq("running"))
        .count(store.read())
        .await
        .unwrap()
}

on_both! {
    async fn a_worker_takes_no_more_of_a_kind_than_it_can_run_and_runs_no_job_that_another_has_taken(database) {
        let (store, executor) = open(&database).await;
        let clock = Arc::new(FakeClock::at(MONDAY));
        let (stop, stopped) = watch::channel(false);
        let ((slow, mut slow_began, slow_open), (quick, mut quick_began, quick_open)) = (gate(), gate());
        quick_open.add_permits(1_000);
        queue(&executor, 1, "slow", 0..100).await;
        let handlers: Handlers = [("slow", slow), ("quick", quick)].into();
        let worker = tokio::spawn(jobs::serve(store.clone(), handlers, Arc::<FakeClock>::clone(&clock), stopped));
        for _ in 0..LINES {
            assert!(number_of(&slow_began.recv().await.unwrap()) < 100);
        }
        // The kind that is stuck is left alone, other kinds go on.
        for n in 0..3 {
            queue(&executor, 10 + n, "quick", 0..1).await;
            quick_began.recv().await.unwrap();
        }
        let taken = running(&store).await;
        assert!((LINES..100).contains(&usize::try_from(taken).unwrap()), "{taken} of a hundred are leased");

        // The leases end; another worker takes them all and finishes them.
        let later = MONDAY.plus_seconds(kernel::limits::JOB_LEASE_SECONDS + 1);
        clock.set(later);
        let theirs = store.lease_jobs(later, 1_000).await.unwrap();
        assert_eq!(theirs.len(), 100);
        for lease in &theirs {
            store.finish_job(lease).await.unwrap();
        }
        queue(&executor, 20, "slow", 100..101).await;
        slow_open.add_permits(1_000);
        assert_eq!(number_of(&slow_began.recv().await.unwrap()), 100, "what another worker had was not begun");
        stop.send_replace(true);
        worker.await.unwrap();
    }
}

on_both! {
    async fn a_worker_that_stops_ends_what_runs_and_gives_back_what_it_has_not_begun(database) {
        let (store, executor) = open(&database).await;
        let (stop, stopped) = watch::channel(false);
        let (slow, mut began, open) = gate();
        queue(&executor, 1, "slow", 0..100).await;
        let handlers: Handlers = [("slow", slow)].into();
        let worker = tokio::spawn(jobs::serve(store.clone(), handlers, Arc::new(FakeClock::at(MONDAY)), stopped));
        for _ in 0..LINES {
            began.recv().await.unwrap();
        }
        stop.send_replace(true);
        open.add_permits(100);
        worker.await.unwrap();
        let left = store.lease_jobs(MONDAY, 100).await.unwrap();
        assert_eq!(left.len(), 100 - LINES);
        assert!(left.iter().all(|lease| lease.attempts == 1), "a job that was not begun was not tried");
        assert!(began.try_recv().is_err());
    }
}

/// Queues what happened to two aggregates by turns, and sees in which order it is worked off.
struct Diary(std::sync::Mutex<Vec<(Uuid, i64)>>);

impl Handler for Diary {
    fn run<'a>(
        &'a self,
        lease: &'a Lease,
        _now: Timestamp,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<(), AppError>> + Send + 'a>> {
        Box::pin(async {
            // Whoever comes after it in its line would overtake it here.
            for _ in 0..number_of(lease) % 7 {
                tokio::task::yield_now().await;
            }
            let page = (lease.stream().unwrap(), number_of(lease));
            self.0.lock().unwrap().push(page);
            Ok(())
        })
    }
}

on_both! {
    async fn what_happened_to_one_aggregate_is_worked_off_in_its_order(database) {
        let (store, executor) = open(&database).await;
        let plan = Act::on(&[], |work| {
            for number in (0..60_i64).rev() {
                let id = Uuid::from_u128(u128::try_from(number % 3).unwrap());
                work.job(NewJob::now("write", serde_json::json!({"v": 1, "id": id, "number": number})));
            }
            Ok(0)
        });
        executor.run(envelope(1, MONDAY), plan).await.unwrap();
        let diary = Arc::new(Diary(std::sync::Mutex::default()));
        let handler: Arc<dyn Handler> = Arc::<Diary>::clone(&diary);
        let (stop, stopped) = watch::channel(false);
        let worker = tokio::spawn(jobs::serve(store.clone(), [("write", handler)].into(), Arc::new(FakeClock::at(MONDAY)), stopped));
        while diary.0.lock().unwrap().len() < 60 {
            tokio::task::yield_now().await;
        }
        stop.send_replace(true);
        worker.await.unwrap();
        for line in 0..3 {
            let id = Uuid::from_u128(line);
            let written = diary.0.lock().unwrap().clone();
            let written: Vec<i64> = written.into_iter().filter(|(of, _)| *of == id).map(|(_, number)| number).collect();
            assert_eq!(written.len(), 20);
            assert!(written.is_sorted_by(|a, b| a > b), "{written:?}");
        }
    }
}

/// Panics every time.
struct Fragile;

impl Handler for Fragile {
    fn run<'a>(
        &'a self,
        _lease: &'a Lease,
        _now: Timestamp,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<(), AppError>> + Send + 'a>> {
        panic!("a fault in a handler");
    }
}

on_both! {
    async fn a_job_whose_handler_panics_ends_as_a_dead_letter(database) {
        let (store, executor) = open(&database).await;
        queue(&executor, 1, "fragile", 0..1).await;
        let fragile: Arc<dyn Handler> = Arc::new(Fragile);
        let handlers: Handlers = [("fragile", fragile)].into();
        let mut now = MONDAY;
        for _ in 0..kernel::limits::JOB_ATTEMPTS_MAX {
            assert_eq!(store.run_due_jobs(&handlers, now).await.unwrap(), 1);
            now = now.plus_seconds(20_000);
        }
        let dead = store.backlog(bureau(), Backlog::Dead, None, 10).await.unwrap();
        assert_eq!((dead.len(), dead[0].last_error.as_str()), (1, "the handler panicked"));
        assert_eq!(store.run_due_jobs(&handlers, now).await.unwrap(), 0);
    }
}

on_both! {
    async fn a_job_that_kills_its_workers_ends_as_a_dead_letter(database) {
        let (store, executor) = open(&database).await;
        queue(&executor, 1, "deadly", 0..1).await;
        let mut now = MONDAY;
        for attempt in 1..=kernel::limits::JOB_ATTEMPTS_MAX {
            // Taken, and never heard of again.
            let lease = store.lease_jobs(now, 10).await.unwrap().remove(0);
            assert_eq!(lease.attempts, attempt);
            now = now.plus_seconds(kernel::limits::JOB_LEASE_SECONDS);
        }
        assert_eq!(store.lease_jobs(now, 10).await.unwrap(), []);
        let mut dead = store.backlog(bureau(), Backlog::Dead, None, 10).await.unwrap().remove(0);
        assert_eq!((dead.due_us, dead.last_error.as_str()), (None, "every worker died with it"));
        assert!(dead.revive(now));
    }
}

on_both! {
    async fn the_backlog_tells_what_waits_of_all_kinds_in_order_of_time_page_by_page(database) {
        let (store, executor) = open(&database).await;
        let plan = Act::on(&[], |work| {
            for n in [5, 3, 9, 1, 7, 2, 8, 4, 6] {
                let kind = ["a", "b", "c"][usize::try_from(n % 3).unwrap()];
                work.job(NewJob::at(kind, serde_json::json!({"v": 1, "number": n}), MONDAY.plus_seconds(n)));
            }
            Ok(0)
        });
        executor.run(envelope(1, MONDAY), plan).await.unwrap();
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let page = store.backlog(bureau(), Backlog::Waiting, after, 4).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some((last.due_us.unwrap(), last.job_id));
            seen.extend(page.iter().map(|job| (job.due_us.unwrap() - MONDAY.as_micros()) / 1_000_000));
        }
        assert_eq!(seen, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
}
