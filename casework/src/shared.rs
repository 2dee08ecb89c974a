//! One answer for all who ask the same at the same time.
//!
//! After each event every page asks again. Who asks while the question is being answered waits for
//! the next answer, which is newer than his question and serves all who wait: nobody sees the past,
//! and the database answers each question once at a time.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use kernel::AppError;
use tokio::sync::Semaphore;

/// Questions that are being answered, with the last answer of each.
pub(crate) struct Shared<K, V> {
    lines: Mutex<HashMap<K, Line<V>>>,
    /// Counts questions and beginnings of answers: which came first.
    turns: AtomicU64,
    /// Answers looked for at once.
    running: Semaphore,
}

type Line<V> = Arc<tokio::sync::Mutex<Option<(u64, V)>>>;

impl<K: Clone + Eq + Hash, V: Clone> Shared<K, V> {
    /// So many questions are answered at once.
    pub(crate) fn new(at_once: usize) -> Self {
        Self {
            lines: Mutex::default(),
            turns: AtomicU64::new(0),
            running: Semaphore::new(at_once),
        }
    }

    /// The answer to a question, found after it was asked.
    pub(crate) async fn ask(
        &self,
        question: K,
        answer: impl Future<Output = Result<V, AppError>>,
    ) -> Result<V, AppError> {
        let asked = self.turns.fetch_add(1, Ordering::SeqCst);
        let line = self.line(question);
        let mut last = line.lock().await;
        if let Some((begun, known)) = last.as_ref()
            && *begun > asked
        {
            return Ok(known.clone());
        }
        let _running = self.running.acquire().await;
        let begun = self.turns.fetch_add(1, Ordering::SeqCst);
        let found = answer.await?;
        *last = Some((begun, found.clone()));
        Ok(found)
    }

    fn line(&self, question: K) -> Line<V> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        // An answer that nobody waits for is nobody's.
        lines.retain(|_, line| Arc::strong_count(line) > 1);
        Arc::clone(lines.entry(question).or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn a_crowd_is_answered_once_and_never_with_what_was_before_its_question() {
        let shared = Arc::new(Shared::<&str, u32>::new(1));
        let runs = Arc::new(AtomicU32::new(0));
        let (begin, has_begun) = oneshot::channel();
        let (end, ended) = oneshot::channel::<()>();
        let first = tokio::spawn({
            let (shared, runs) = (Arc::clone(&shared), Arc::clone(&runs));
            async move {
                let answer = async {
                    begin.send(()).unwrap();
                    ended.await.unwrap();
                    Ok(runs.fetch_add(1, Ordering::SeqCst))
                };
                shared.ask("inbox", answer).await
            }
        });
        has_begun.await.unwrap();
        let mut crowd = tokio::task::JoinSet::new();
        for _ in 0..100 {
            let (shared, runs) = (Arc::clone(&shared), Arc::clone(&runs));
            crowd.spawn(async move {
                let answer = async { Ok(runs.fetch_add(1, Ordering::SeqCst)) };
                shared.ask("inbox", answer).await.unwrap()
            });
        }
        // All of them wait by now: one line, which the first and each of them hold.
        while shared
            .lines
            .lock()
            .unwrap()
            .get("inbox")
            .map_or(0, Arc::strong_count)
            < 102
        {
            tokio::task::yield_now().await;
        }
        end.send(()).unwrap();
        assert_eq!(first.await.unwrap().unwrap(), 0);
        assert_eq!(crowd.join_all().await, vec![1; 100]);
        let answer = async { Ok(runs.fetch_add(1, Ordering::SeqCst)) };
        assert_eq!(shared.ask("inbox", answer).await.unwrap(), 2, "asked later");
    }

    #[tokio::test]
    async fn a_fault_is_told_to_who_met_it_alone() {
        let shared = Shared::<&str, u32>::new(1);
        let broken = async { Err(kernel::error::Broken::new("no").into()) };
        assert!(shared.ask("inbox", broken).await.is_err());
        assert_eq!(shared.ask("inbox", async { Ok(7) }).await.unwrap(), 7);
    }
}
