//! The names of events in the log.

use super::CaseEvent;

impl CaseEvent {
    /// The kind under which it stands in the log.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Drafted(_) => "case.drafted",
            Self::EditionChanged(_) => "case.edition_changed",
            Self::DataSaved { .. } => "case.data_saved",
            Self::FileAttached { .. } => "case.file_attached",
            Self::FileRemoved { .. } => "case.file_removed",
            Self::FilesOrdered { .. } => "case.files_ordered",
            Self::FileScanned { .. } => "case.file_scanned",
            Self::Submitted { .. } => "case.submitted",
            Self::Received { .. } => "case.received",
            Self::PreReturned { .. } => "case.pre_returned",
            Self::Insisted => "case.insisted",
            Self::PrePassed => "case.pre_passed",
            Self::CorrectionNoticed { .. } => "case.correction_noticed",
            Self::CorrectionSupplied { .. } => "case.correction_supplied",
            Self::Accepted { .. } => "case.accepted",
            Self::RefusalProposed { .. } => "case.refusal_proposed",
            Self::RefusalSentBack { .. } => "case.refusal_sent_back",
            Self::NotAccepted { .. } => "case.not_accepted",
            Self::NotRequired { .. } => "case.not_required",
            Self::Checked { .. } => "case.checked",
            Self::TaskOpened(_) => "case.task_opened",
            Self::TaskClaimed { .. } => "case.task_claimed",
            Self::TaskReleased { .. } => "case.task_released",
            Self::TaskReassigned { .. } => "case.task_reassigned",
            Self::StepDone { .. } => "case.step_done",
            Self::SiteChecked { .. } => "case.site_checked",
            Self::ReturnedToReview { .. } => "case.returned_to_review",
            Self::Granted(_) => "case.granted",
            Self::Denied(_) => "case.denied",
            Self::Discarded => "case.discarded",
            Self::Made { .. } => "case.made",
            Self::Ready { .. } => "case.ready",
            Self::NoticeServed { .. } => "case.notice_served",
            Self::ConsentWithdrawn => "case.consent_withdrawn",
            Self::Delivered { .. } => "case.delivered",
            Self::Withdrawn { .. } => "case.withdrawn",
            Self::Lapsed { .. } => "case.lapsed",
            Self::ClockRecomputed { .. } => "case.clock_recomputed",
            Self::IncidentRetried { .. } => "case.incident_retried",
            Self::Incident { .. } => "case.incident",
            Self::OtherPartyNotified { .. } => "case.other_party_notified",
            Self::OtherPartyServed { .. } => "case.other_party_served",
            Self::OtherPartyFileAttached { .. } => "case.other_party_file_attached",
            Self::OtherPartyFileRemoved { .. } => "case.other_party_file_removed",
            Self::OtherPartyAnswered { .. } => "case.other_party_answered",
            Self::OtherPartySilent => "case.other_party_silent",
            Self::OtherPartyDecided { .. } => "case.other_party_decided",
            Self::OtherPartyReleased => "case.other_party_released",
        }
    }

    /// Whether it is told to the other party too.
    pub const fn concerns_other_party(&self) -> bool {
        matches!(
            self,
            Self::OtherPartyNotified { .. }
                | Self::OtherPartyServed { .. }
                | Self::OtherPartyAnswered { .. }
                | Self::OtherPartySilent
                | Self::OtherPartyDecided { .. }
                | Self::OtherPartyReleased
        )
    }

    /// Whether it only records what the system did, and changes nothing that people decide on.
    pub const fn is_record(&self) -> bool {
        match self {
            Self::NoticeServed { .. }
            | Self::ClockRecomputed { .. }
            | Self::ConsentWithdrawn
            | Self::OtherPartyServed { .. }
            | Self::OtherPartyFileAttached { .. }
            | Self::OtherPartyFileRemoved { .. } => true,
            Self::FileScanned { virus, .. } => virus.is_none(),
            _ => false,
        }
    }
}
