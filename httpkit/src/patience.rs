//! How long a file may take on its way, in either direction.

use std::time::Duration;

use kernel::limits;

/// How long the other side may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the next piece.
    pub piece: Duration,
    /// For all of it.
    pub whole: Duration,
}

impl Patience {
    /// With whoever sends us a file.
    pub const UPLOAD: Self = Self {
        piece: Duration::from_secs(limits::UPLOAD_PIECE_SECONDS_MAX),
        whole: Duration::from_secs(limits::UPLOAD_SECONDS_MAX),
    };
    /// With whoever sends us a part of one.
    pub const PART: Self = Self {
        piece: Duration::from_secs(limits::UPLOAD_PIECE_SECONDS_MAX),
        whole: Duration::from_secs(limits::PART_SECONDS_MAX),
    };
    /// With whoever takes a file from us.
    pub const DOWNLOAD: Self = Self {
        piece: Duration::from_secs(limits::DOWNLOAD_PIECE_SECONDS_MAX),
        whole: Duration::from_secs(limits::DOWNLOAD_SECONDS_MAX),
    };
    /// With whoever takes a list that is made while he reads it.
    pub const EXPORT: Self = Self {
        piece: Duration::from_secs(limits::DOWNLOAD_PIECE_SECONDS_MAX),
        whole: Duration::from_secs(limits::EXPORT_SECONDS_MAX),
    };
}
