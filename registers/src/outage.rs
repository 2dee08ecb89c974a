//! A switch that makes the registers unreachable, for tests and the simulator.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Whether the registers answer. All clones are one switch.
#[derive(Debug, Clone, Default)]
pub struct Outage(Arc<AtomicBool>);

impl Outage {
    /// From now on every question is refused with `E1226`.
    pub fn begin(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// The registers answer again.
    pub fn end(&self) {
        self.0.store(false, Ordering::SeqCst);
    }

    pub(crate) fn is_on(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
