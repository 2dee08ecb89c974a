//! Signing in from an address that rests: one after the other, with a pause before each.
//!
//! Honest people behind the address get in with their right password, only slower; who guesses gets
//! no more than one guess a pause and node. Those who wait are kept in memory alone.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kernel::{AppError, Refusal, codes};

/// The pause before each sign-in from an address that rests: a person bears it, a program that
/// guesses makes 1,200 guesses in an hour.
pub const SLOW_SIGN_IN: Duration = Duration::from_secs(3);
/// Sign-ins from one address that may wait: the last one is answered before the request is given up.
const WAITING_MAX: usize = 8;

/// Who waits, by address.
pub(crate) struct Queue {
    pause: Duration,
    waiting: Mutex<HashMap<Vec<u8>, Line>>,
}

#[derive(Default)]
struct Line {
    people: usize,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Queue {
    pub(crate) fn new(pause: Duration) -> Self {
        Self {
            pause,
            waiting: Mutex::default(),
        }
    }

    /// Waits until it is this one's turn, and for the pause.
    ///
    /// # Errors
    /// `E1104` when too many wait already.
    pub(crate) async fn wait(&self, address: &[u8]) -> Result<(), AppError> {
        let place = self.enter(address)?;
        let turn = Arc::clone(&place.turn);
        let _turn = turn.lock().await;
        tokio::time::sleep(self.pause).await;
        Ok(())
    }

    fn enter(&self, address: &[u8]) -> Result<Place<'_>, AppError> {
        let mut waiting = self.waiting();
        let line = waiting.entry(address.to_vec()).or_default();
        if line.people >= WAITING_MAX {
            let seconds = i64::try_from(self.pause.as_secs()).unwrap_or(i64::MAX);
            let refusal = Refusal::new(&codes::E1104).with("minutes", "1");
            return Err(refusal.retry_in(seconds).into());
        }
        line.people += 1;
        Ok(Place {
            queue: self,
            address: address.to_vec(),
            turn: Arc::clone(&line.turn),
        })
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<Vec<u8>, Line>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the line, given back also by who goes away.
struct Place<'a> {
    queue: &'a Queue,
    address: Vec<u8>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut waiting = self.queue.waiting();
        if let Some(line) = waiting.get_mut(&self.address) {
            line.people -= 1;
            if line.people == 0 {
                waiting.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        task::{Context, Poll, Waker},
    };

    use super::*;

    fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test]
    async fn few_wait_for_one_address_and_who_goes_away_leaves_his_place() {
        let queue = Queue::new(Duration::from_hours(1));
        let mut waiting: Vec<_> = (0..WAITING_MAX)
            .map(|_| Box::pin(queue.wait(b"hall")))
            .collect();
        for one in &mut waiting {
            assert!(poll(one.as_mut()).is_pending());
        }
        let Poll::Ready(Err(AppError::Refused(refusal))) = poll(pin!(queue.wait(b"hall"))) else {
            panic!("one too many waits")
        };
        assert_eq!(refusal.code().id, "E1104");
        assert_eq!(refusal.retry_seconds(), Some(3_600));
        assert!(poll(pin!(queue.wait(b"home"))).is_pending());
        waiting.pop();
        assert!(poll(pin!(queue.wait(b"hall"))).is_pending());
        drop(waiting);
        assert!(queue.waiting().is_empty());
    }

    #[tokio::test]
    async fn one_goes_after_the_other() {
        let queue = Queue::new(Duration::ZERO);
        let line = queue.enter(b"hall").unwrap();
        let before = line.turn.lock().await;
        let mut next = Box::pin(queue.wait(b"hall"));
        assert!(poll(next.as_mut()).is_pending());
        drop(before);
        assert!(next.await.is_ok());
    }
}
