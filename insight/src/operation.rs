//! The operator's and the auditor's view of one agency: failed jobs, the audit log.

pub(crate) mod audit;
pub(crate) mod jobs;

pub use audit::{AuditActor, AuditQuery, AuditRow, list_audit};
pub use jobs::{JobQuery, JobRow, JobState, Retried, list_jobs, retry_job};
