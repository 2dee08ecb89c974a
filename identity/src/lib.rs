//! People, enterprises and staff: who somebody is, for whom he acts, and what he may do.
//!
//! Owns natural persons (name, number, mobile and e-mail address sealed under a key of their own), enterprises with
//! their agents, staff with organisations, posts, absences and deputies (AB岗), sessions and
//! sign-in. Invariants: a token is never stored; a number is found by its keyed hash alone; nobody
//! holds two incompatible posts, not even as a deputy; a staff member who has left has no session.
//!
//! Never here: what a permission allows to do with a case, and anything about cases at all. Others
//! hear of changes by events of the streams `person`, `staff` and `session`.

mod act_for;
mod agents;
mod book;
mod change_password;
mod consent;
mod context;
mod demo;
mod directory;
mod email;
mod employers;
mod enrol;
mod grants;
mod guesses;
mod http;
mod load;
mod one_time;
mod own_sessions;
mod parties;
mod password;
mod people;
mod provider;
mod reset_password;
mod roster;
mod session;
mod sign_in;
mod sign_up;
mod staff;
mod store;
mod sweep;
mod throttle;
mod vault;
mod views;

pub use act_for::act_for;
pub use agents::{AgentRow, AgentsChanged, NewAgent, add_agent, list_agents, remove_agent};
pub use book::SessionBook;
pub use change_password::{NewPassword, PasswordChanged, change_password};
pub use consent::agree_to_electronic_service;
pub use context::{Identity, Options, Parts, jobs, routes, subscriptions};
pub use demo::{DemoPerson, DemoProvider, DemoStaff};
pub use email::set_email;
pub use httpkit::ClientAddress;
pub use load::{
    Loaded, NewAccount, Pack, PackAgent, PackOrganisation, PackPerson, PackPost, PackStaff,
    create_account, load_pack,
};
pub use own_sessions::{SessionRow, end_session, list_sessions, sign_out};
pub use password::{Hashing, check_strength};
pub use provider::{Identified, IdentityProvider, ProviderIdentity};
pub use reset_password::{OneTimePassword, reset_password};
pub use sign_in::{Credentials, NewSession, sign_in_citizen, sign_in_staff, sign_in_with_provider};
pub use sign_up::{Registration, sign_up};
pub use staff::{
    AbsenceChanged, AbsenceReason, AbsenceRow, NewAbsence, NewStaff, PostIn, StaffChange,
    StaffChanged, StaffRow, add_absence, assign_posts, change_staff, create_staff, hand_over,
    list_absences, list_staff, remove_absence,
};
pub use sweep::sweep_sessions;
pub use vault::Vault;
pub use views::{PostView, Role, Session, SessionCitizen, SessionStaff, session_view};
