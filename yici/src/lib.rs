//! The program: wiring only.
//!
//! [`App`] puts the contexts together over one store; [`serve`] gives it to the network; the other
//! modules are the commands of the command line. No rule of the business lives here.

pub mod anchors;
pub mod app;
pub mod assets;
pub mod city;
pub mod clamd;
mod connections;
mod document;
mod errors;
pub mod files;
pub mod fill;
pub mod keys;
pub mod metrics;
pub mod sample_roster;
pub mod serve;
pub mod settings;
pub mod simulate;

pub use app::App;
