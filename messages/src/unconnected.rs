//! Where no provider of SMS is connected: nothing is sent, and nothing says that it was.

use kernel::{
    AppError, Timestamp, codes,
    ports::{Answer, Dispatch, Messenger},
};

/// Refuses every text with `E1301`.
#[derive(Debug, Clone, Copy)]
pub struct NoMessenger;

impl Messenger for NoMessenger {
    fn send<'a>(&'a self, _dispatch: &'a Dispatch, _now: Timestamp) -> Answer<'a, String> {
        Box::pin(async { Err(AppError::refused(&codes::E1301)) })
    }
}
