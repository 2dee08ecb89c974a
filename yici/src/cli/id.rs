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
    let fault = if is_code(number.trim()) {
        let code: Result<CreditCode, _> = number.parse();
        code.err().map(|fault| fault.to_string())
    } else {
        let number = CitizenNo::parse(number, today);
        number.err().map(|fault| fault.to_string())
    };
    match fault {
        None => ExitCode::SUCCESS,
        Some(fault) => {
            say(fault);
            ExitCode::FAILURE
        }
    }
}

/// Whether a number is judged as an organisation's: it has a letter where a citizen number has
/// none, or where that has the century of birth there is none in which anybody living was born.
fn is_code(number: &str) -> bool {
    let letters = number.bytes().enumerate().any(|(place, byte)| {
        byte.is_ascii_alphabetic() && !(place == 17 && matches!(byte, b'x' | b'X'))
    });
    let century = number.get(6..8).unwrap_or("");
    letters || (number.len() == 18 && !["18", "19", "20"].contains(&century))
}

#[cfg(test)]
mod tests {
    #[test]
    fn letters_and_registers_tell_codes_from_citizens() {
        for code in [
            "91350100M000100Y43",
            "11511301008778239R",
            "125113014522609971",
        ] {
            assert!(super::is_code(code), "{code}");
        }
        for citizen in [
            "11010519491231002X",
            "11010519491231002x",
            "110105199004310764",
            "12",
        ] {
            assert!(!super::is_code(citizen), "{citizen}");
        }
    }
}
