//! The one place where a panic of the FEEL engine is caught.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `work` of the FEEL engine; none when it panics. The engine unwraps in its parser and in
/// calendar arithmetic, and rules are outside text: one bad rule must not end a worker. It is
/// unwind safe because parser and scope are made for the call, and evaluators are not changed by
/// an evaluation.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}
