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
/// Bytes of one part of an upload: on a line of 50 kB a second it arrives in 20 seconds, and what is
/// lost with a broken connection is little.
pub const PART_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of a part that is not the last one: a file has at most 320 parts.
pub const PART_BYTES_MIN: usize = 64 * 1024;
/// Parts a node takes in at once: each is in memory twice, as sent and sealed, so that all of them
/// need at most 128 MB.
pub const PARTS_AT_ONCE_MAX: usize = 64;
/// Parts of one account at once: a phone sends one after the other, several windows may be open.
pub const PARTS_OF_ONE_MAX: usize = 4;
/// Seconds a part may take: 9 kB a second, below which nobody waits for a photo.
pub const PART_SECONDS_MAX: u64 = 120;
/// Uploads of one case that are not finished: more than one material takes at once.
pub const UPLOADS_OPEN_MAX: usize = 24;
/// Hours an upload may rest before it is thrown away: home from a place without a network, and a
/// night.
pub const UPLOAD_IDLE_HOURS: i64 = 24;
/// Seconds after which a file is looked at again that no scanner has answered for.
pub const SCAN_AGAIN_SECONDS: i64 = 120;
/// Seconds a virus scanner has for one file: the largest takes it a few, and a page waits 20.
pub const SCAN_SECONDS_MAX: u64 = 15;
/// Bytes of a file that the virus scanner is sent at once.
pub const SCAN_PIECE_BYTES: usize = 256 * 1024;
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
/// Files that the other party of a case may bring as evidence: records of a shift, pictures of the
/// place, statements of witnesses.
pub const EVIDENCE_FILES_MAX: usize = 20;
/// Files of one material, where the item does not say: the pages of a booklet, one photo each.
pub const FILES_PER_MATERIAL_MAX: usize = 20;
/// People in one roster: the largest employers of a city enrol as many at once, and all of them are
/// checked within minutes.
pub const ROSTER_ROWS_MAX: u32 = 10_000;
/// Bytes of the spreadsheet of a roster: 10,000 rows with twelve columns are about 1 MB packed, and
/// 2 MB as a text.
pub const ROSTER_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Bytes of the same spreadsheet unpacked: the rows above are about 12 MB. It bounds what a file can
/// make us hold.
pub const ROSTER_PLAIN_BYTES_MAX: u64 = 48 * 1024 * 1024;
/// Columns of a spreadsheet, more than any form has fields to fill in.
pub const ROSTER_COLUMNS_MAX: u32 = 64;
/// Characters of one cell: the longest single-line text, and what stands beside it.
pub const ROSTER_CELL_CHARS_MAX: usize = 500;
/// Spreadsheets a node takes in at once: each is in memory twice, and the ones that are read too.
pub const ROSTERS_AT_ONCE_MAX: usize = 4;
/// Rosters of one enterprise that are neither finished nor thrown away: some branches and some
/// mistakes.
pub const ROSTERS_OPEN_MAX: u32 = 10;
/// Rosters of one enterprise in a day, thrown away or not: whoever uploads learns something of the
/// people in them.
pub const ROSTERS_A_DAY_MAX: i64 = 30;
/// Days a roster that nobody confirms is kept, and rows that could not become cases.
pub const ROSTER_DAYS_MAX: i64 = 30;
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
/// Entries of an index that one page of the list of cases looks through at most: two or three hundredths
/// of a second; where they hold too few that match, the page says how far it came.
pub const LIST_SCAN_MAX: u64 = 10_000;
/// The same where each entry leads to a row elsewhere, as for the cases that a colleague has handled.
pub const LIST_LOOKUPS_MAX: u64 = 2_000;
/// Cases that a view counts at most: past this nobody plans his day by the number.
pub const VIEW_COUNT_MAX: u64 = 999;
/// Organisations that an address names: more than anybody's posts lie in.
pub const ORGS_NAMED_MAX: usize = 16;
/// Views of his own that a staff member keeps: as many tabs as a page can show.
pub const VIEWS_MAX: usize = 12;
/// Characters of the name of a view: it stands on a tab.
pub const VIEW_NAME_CHARS_MAX: usize = 12;
/// Rows of one exported list: what a spreadsheet still opens at once, and more than any section
/// handles in a year.
pub const EXPORT_ROWS_MAX: u64 = 100_000;
/// Lists a node exports at once: each reads without a pause.
pub const EXPORTS_AT_ONCE_MAX: usize = 2;
/// Seconds after which an export that found no place may ask again.
pub const EXPORT_RETRY_SECONDS: i64 = 30;
/// Seconds in which a reader must have taken a whole exported list.
pub const EXPORT_SECONDS_MAX: u64 = 600;
