//! `yici id check`.

use std::process::ExitCode;

use kernel::{CitizenNo, Clock as _, CreditCode};
use store::system::SystemClock;

use super::say;

/// Checking numbers.
#[derive(clap::Subcommand)]
pub(crate) enum Id {
    /// Whether a citizen number or a unified social credit code is right; exit code 1 with the reason
    /// when it is not.
    Check {
        /// The number.
        number: String,
    },
}

pub(crate) fn run(command: &Id) -> ExitCode {
    let Id::Check { number } = command;
    let today = SystemClock.now().day();
    let Err(fault) = CitizenNo::parse(number, today) else {
        return ExitCode::SUCCESS;
    };
    // A code of an organisation has letters where a citizen number has none, or begins with its
    // register: what looks like one is judged as one.
    let trimmed = number.trim();
    let looks_like_code = trimmed.len() == 18
        && trimmed
            .chars()
            .take(17)
            .any(|letter| letter.is_ascii_alphabetic());
    match trimmed.parse::<CreditCode>() {
        Ok(_) => ExitCode::SUCCESS,
        Err(code_fault) if looks_like_code => {
            say(code_fault);
            ExitCode::FAILURE
        }
        Err(_) => {
            say(fault);
            ExitCode::FAILURE
        }
    }
}
