//! Jobs: leases, delays, dead letters.

use std::sync::Arc;

use kernel::{AppError, Timestamp, codes, ids::Id as _};
use sea_orm::EntityTrait as _;
use store::{
    Envelope,
    jobs::{Handler, Handlers, Lease},
};
use testkit::{MONDAY, on_both};
use uuid::Uuid;

use crate::common::{BUREAU, Pay, balance, envelope, open};

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
