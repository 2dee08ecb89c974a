//! Places for what a node can hold only so much of: whole files in memory, pages that listen.
//!
//! Nobody gets more than his share, so that no single session can keep everybody else out.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use kernel::{AppError, Refusal, codes};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

/// Places, and who holds them.
pub struct Places<K> {
    all: Arc<Semaphore>,
    shares: Mutex<HashMap<K, Arc<Semaphore>>>,
    share: usize,
    retry_seconds: i64,
}

/// Places that somebody holds, until this is dropped.
#[derive(Debug)]
pub struct Place {
    _own: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

impl<K: Eq + Hash> Places<K> {
    /// So many places, of which one may hold `share`; who found none may ask again after
    /// `retry_seconds`.
    pub fn new(all: usize, share: usize, retry_seconds: i64) -> Self {
        Self {
            all: Arc::new(Semaphore::new(all)),
            shares: Mutex::default(),
            share,
            retry_seconds,
        }
    }

    /// A place now.
    ///
    /// # Errors
    /// `E1901` when all are taken, or his share is.
    pub fn try_take(&self, who: K) -> Result<Place, AppError> {
        let busy = |_: TryAcquireError| self.busy();
        let own = self.share_of(who).try_acquire_owned().map_err(busy)?;
        let of_all = Arc::clone(&self.all).try_acquire_owned().map_err(busy)?;
        Ok(Place {
            _own: own,
            _of_all: of_all,
        })
    }

    /// So many places, as soon as they are free; those who wait get them in turn. More than a share
    /// is never given.
    ///
    /// # Errors
    /// None while the program runs.
    pub async fn take(&self, who: K, places: u32) -> Result<Place, AppError> {
        let own = self.share_of(who).acquire_many_owned(places);
        let own = own.await.map_err(|_| self.busy())?;
        let of_all = Arc::clone(&self.all).acquire_many_owned(places);
        Ok(Place {
            _own: own,
            _of_all: of_all.await.map_err(|_| self.busy())?,
        })
    }

    fn busy(&self) -> AppError {
        let seconds = self.retry_seconds;
        let refusal = Refusal::new(&codes::E1901).with("seconds", seconds.to_string());
        refusal.retry_in(seconds).into()
    }

    fn share_of(&self, who: K) -> Arc<Semaphore> {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        // Who holds nothing and waits for nothing is forgotten.
        shares.retain(|_, share| Arc::strong_count(share) > 1);
        let share = shares
            .entry(who)
            .or_insert_with(|| Arc::new(Semaphore::new(self.share)));
        Arc::clone(share)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        task::{Context, Poll, Waker},
    };

    use super::*;

    fn code(refused: Result<Place, AppError>) -> &'static str {
        refused.unwrap_err().code()
    }

    #[test]
    fn one_gets_his_share_and_all_together_what_there_is() {
        let places = Places::new(3, 2, 5);
        let first = places.try_take("ann").unwrap();
        let second = places.try_take("ann").unwrap();
        assert_eq!(code(places.try_take("ann")), "E1901");
        let third = places.try_take("ben").unwrap();
        assert_eq!(code(places.try_take("ben")), "E1901");
        drop(second);
        assert!(places.try_take("ann").is_ok());
        drop((first, third));
        assert!(places.try_take("eve").is_ok());
        assert_eq!(
            places.shares.lock().unwrap().len(),
            1,
            "the others are forgotten"
        );
    }

    #[test]
    fn who_waits_gets_what_becomes_free() {
        let mut context = Context::from_waker(Waker::noop());
        let places = Places::new(4, 3, 5);
        let Poll::Ready(Ok(held)) = pin!(places.take("ann", 3)).poll(&mut context) else {
            panic!("three of four")
        };
        let mut more = pin!(places.take("ann", 1));
        let mut other = pin!(places.take("ben", 2));
        assert!(more.as_mut().poll(&mut context).is_pending());
        assert!(other.as_mut().poll(&mut context).is_pending());
        drop(held);
        assert!(matches!(other.poll(&mut context), Poll::Ready(Ok(_))));
        assert!(matches!(more.poll(&mut context), Poll::Ready(Ok(_))));
    }
}
