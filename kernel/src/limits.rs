//! Every limit of the product, each with its reason.

/// Rows in one page of a list: what a screen shows without scrolling for long, and a bound on work.
pub const PAGE_ROWS_MAX: u32 = 100;
/// Rows in a page when the caller does not say.
pub const PAGE_ROWS_DEFAULT: u32 = 30;
/// Bytes of a JSON body: the largest form with its materials listed is below 100 kB.
pub const JSON_BODY_BYTES_MAX: usize = 512 * 1024;
/// Bytes of one uploaded file: a 12-megapixel photo is about 6 MB, a 40-page scan below 20 MB.
pub const UPLOAD_BYTES_MAX: usize = 20 * 1024 * 1024;
/// Uploads a node takes in at once: each is in memory twice, as sent and sealed, so that all of them
/// need at most 320 MB.
pub const UPLOADS_AT_ONCE_MAX: usize = 8;
/// Uploads of one account at once: a phone sends one file after the other, two windows may be open.
pub const UPLOADS_OF_ONE_MAX: usize = 2;
/// Seconds in which the next piece of an upload must come: a connection that pauses longer is dead.
pub const UPLOAD_PIECE_SECONDS_MAX: u64 = 20;
/// Seconds a whole upload may take: as long as our pages wait for it.
pub const UPLOAD_SECONDS_MAX: u64 = 180;
/// Seconds after which an upload that found no place has a chance: a scan is sent in less.
pub const UPLOAD_RETRY_SECONDS: i64 = 5;
/// Megabytes of files that a node sends at once: each is in memory three times while it is opened,
/// so that all of them need at most 480 MB.
pub const DOWNLOADS_MB_MAX: usize = 160;
/// Megabytes of files that one account is sent at once: two of the largest.
pub const DOWNLOADS_OF_ONE_MB_MAX: usize = 40;
/// Seconds in which a reader must take the next piece of a file.
pub const DOWNLOAD_PIECE_SECONDS_MAX: u64 = 20;
/// Seconds in which a reader must have taken a whole file.
pub const DOWNLOAD_SECONDS_MAX: u64 = 300;
/// Files in one case: the longest material list in the catalogue has 12, some in two parts.
pub const FILES_PER_CASE_MAX: usize = 60;
/// Days a draft on line is kept after its last change: a season, with holidays and a paper that has
/// to be fetched elsewhere.
pub const DRAFT_DAYS_MAX: i64 = 90;
/// Days a draft at a window is kept: whoever went home for a paper comes back within the week.
pub const WINDOW_DRAFT_DAYS_MAX: i64 = 7;
/// Characters of a single-line text.
pub const LINE_CHARS_MAX: usize = 200;
/// Characters of an opinion, a reason or a comment (GB/T 39046 handle_explain).
pub const TEXT_CHARS_MAX: usize = 2_000;
/// Lines of one correction notice: more than every material and field of the largest item.
pub const CORRECTION_LINES_MAX: usize = 100;
/// Commands the executor takes into one batch: past this, statements grow longer than they save.
pub const BATCH_COMMANDS_MAX: usize = 128;
/// Commands waiting for a lane before a caller is told to come back: two seconds of work.
pub const LANE_QUEUE_MAX: usize = 8_192;
/// Days an idempotent answer is kept: a phone that was off for a long holiday may still retry.
pub const IDEMPOTENCY_DAYS: i64 = 7;
/// Attempts of a job before it becomes a dead letter: with delays that double from two seconds to
/// four and a half hours about fourteen hours, a partner's night.
pub const JOB_ATTEMPTS_MAX: i32 = 16;
/// Seconds a job may run before another worker takes it.
pub const JOB_LEASE_SECONDS: i64 = 60;
/// Seconds after which a handler is given up: none works so long, since long work goes on in a job of
/// its own, and a partner that never answers must not hold up the others for ever.
pub const JOB_RUN_SECONDS_MAX: u64 = 600;
/// Failed sign-ins before an account rests (GB/T 22239 8.1.4.1 b; the practice is five).
pub const SIGN_IN_FAILURES_MAX: i32 = 5;
/// Minutes an account rests after too many failures.
pub const SIGN_IN_REST_MINUTES: i64 = 15;
/// Refusals of access that one node notes in the audit log in a minute: more than honest work makes,
/// and ten a second are no load.
pub const REFUSALS_NOTED_MAX: u32 = 600;
/// Hours a one-time password from a window is good: home from the window and a night.
pub const ONE_TIME_PASSWORD_HOURS: i64 = 24;
/// Minutes after which an idle session of a citizen ends.
pub const CITIZEN_IDLE_MINUTES: i64 = 30;
/// Minutes after which an idle session of staff ends: a shift has pauses, a window is locked apart.
pub const STAFF_IDLE_MINUTES: i64 = 60;
/// Hours after which every session ends.
pub const SESSION_HOURS_MAX: i64 = 8;
/// Steps one flow may take without waiting: a longer run is a loop without a wait.
pub const FLOW_STEPS_MAX: usize = 1_000;
/// Live pages of citizens that one node serves at once: each holds a socket and a small buffer.
pub const LIVE_PAGES_MAX: usize = 2_000;
/// Live pages of staff that one node serves at once, whatever citizens take.
pub const LIVE_PAGES_OF_STAFF_MAX: usize = 2_000;
/// Live pages of one session: a browser has six connections to a server over HTTP/1.1.
pub const LIVE_PAGES_OF_SESSION_MAX: usize = 6;
/// Seconds after which a live page that found no place may ask again.
pub const LIVE_RETRY_SECONDS: i64 = 15;
/// Connections one node holds: all live pages, and as many again that ask.
pub const CONNECTIONS_MAX: u32 = 8_000;
/// Seconds in which the head of the next request must have come: longer than the minute for which
/// proxies keep a connection that rests.
pub const REQUEST_HEAD_SECONDS_MAX: u64 = 65;
