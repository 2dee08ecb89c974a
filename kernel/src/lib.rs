//! The vocabulary of Yici: the words every other crate speaks.
//!
//! Owns ids, identity numbers, money, time, callers and permissions, the event envelope, errors,
//! limits and the ports to the outside. It does no IO, starts no runtime, knows no SQL and no HTTP
//! framework, and reads neither a clock nor a random source: both are parameters.

pub mod caller;
pub mod citizen_no;
pub mod codes;
pub mod credit_code;
pub mod division;
pub mod entropy;
pub mod error;
pub mod event;
pub mod fen;
pub mod ids;
pub mod item;
pub mod lang;
pub mod limits;
pub mod mask;
pub mod ports;
pub mod private;
pub mod roster;
mod schema;
pub mod time;

pub use caller::{Caller, OrgPath, Permission, Principal};
pub use citizen_no::CitizenNo;
pub use codes::Code;
pub use credit_code::CreditCode;
pub use division::DivisionCode;
pub use entropy::Entropy;
pub use error::{AppError, Refusal};
pub use event::Event;
pub use fen::Fen;
pub use lang::Lang;
pub use private::Private;
pub use time::{Clock, Date, Timestamp};
