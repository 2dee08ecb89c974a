//! What an error of the database means for the commands that met it, by its code and never by its
//! words: PostgreSQL speaks the language of its operator.

use sea_orm::{DbErr, RuntimeErr, SqlxError};

/// What an error means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// The database broke the transaction off for reasons of its own: the same again may work.
    BrokenOff,
    /// The connection broke: the next one may work.
    Lost,
    /// No connection was to be had within the time that callers wait.
    Unreachable,
    /// The database says no to what it was asked.
    Refused,
}

/// Reads an error.
pub(crate) fn sort(error: &DbErr) -> Sort {
    match error {
        DbErr::ConnectionAcquire(_) => Sort::Unreachable,
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => sort_of_driver(cause),
        _ => Sort::Refused,
    }
}

/// The table that an error is about, where the database tells.
pub(crate) fn table(error: &DbErr) -> Option<&str> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            cause.as_database_error()?.table()
        }
        _ => None,
    }
}

fn sort_of_driver(cause: &SqlxError) -> Sort {
    match cause {
        SqlxError::PoolTimedOut | SqlxError::PoolClosed => Sort::Unreachable,
        SqlxError::Io(_)
        | SqlxError::Tls(_)
        | SqlxError::Protocol(_)
        | SqlxError::WorkerCrashed => Sort::Lost,
        SqlxError::Database(said) => said.code().map_or(Sort::Refused, |code| sort_of(&code)),
        _ => Sort::Refused,
    }
}

/// SQLSTATEs have five characters; result codes of SQLite are numbers of at most four digits, the
/// sort of fault in the lowest byte.
fn sort_of(code: &str) -> Sort {
    const SQLITE_BUSY: i32 = 5;
    const SQLITE_LOCKED: i32 = 6;
    if code.len() < 5 {
        return match code.parse::<i32>().map(|code| code & 0xff) {
            Ok(SQLITE_BUSY | SQLITE_LOCKED) => Sort::BrokenOff,
            _ => Sort::Refused,
        };
    }
    match code {
        // Deadlock, serialisation, lock not to be had.
        "40P01" | "40001" | "55P03" => Sort::BrokenOff,
        // The server stops, crashes, starts.
        "57P01" | "57P02" | "57P03" => Sort::Lost,
        code if code.starts_with("08") => Sort::Lost,
        _ => Sort::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_tell_what_may_be_tried_again() {
        for code in ["40P01", "40001", "55P03", "5", "6", "261", "262", "517"] {
            assert_eq!(sort_of(code), Sort::BrokenOff, "{code}");
        }
        for code in ["57P01", "57P03", "08006"] {
            assert_eq!(sort_of(code), Sort::Lost, "{code}");
        }
        for code in ["23505", "22P02", "1555", "2067", "11", "x", ""] {
            assert_eq!(sort_of(code), Sort::Refused, "{code}");
        }
    }
}
