//! Anchors of the audit log: signed heads of all chains, one line every few seconds, in a file
//! outside the database; and the verification of the log against them.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use kernel::{Clock, Timestamp};
use seal::{
    SigningKey, VerifyingKey,
    anchor::{Anchor, AnchorCheck},
    chain::{ChainCheck, Link},
};
use store::Store;
use tokio::sync::watch;
use uuid::Uuid;

/// How often heads are anchored when something has happened.
pub const EVERY: Duration = Duration::from_secs(5);
/// Entries as old as this have an anchor, unless anchors were taken away.
const ANCHORED_AFTER_SECONDS: i64 = 60;
/// Entries read at once while verifying.
const PAGE: u64 = 2_000;

/// Where the anchors of an installation lie in a data folder.
pub fn folder_of(data: &Path, installation: Uuid) -> PathBuf {
    data.join("audit").join(installation.to_string())
}

/// The file in it of the program with this node number: each writes a file of its own.
pub fn file_of(folder: &Path, node: i64) -> PathBuf {
    folder.join(format!("anchors-{node}.jsonl"))
}

/// Writes anchors until `stop` says so; the last one after the last commit.
pub async fn keep(
    store: Store,
    key: Arc<SigningKey>,
    clock: Arc<dyn Clock>,
    file: PathBuf,
    mut stop: watch::Receiver<bool>,
) {
    let mut heads = Vec::new();
    loop {
        let stopping = *stop.borrow();
        if let Err(error) = write(&store, &key, clock.as_ref(), &file, &mut heads).await {
            tracing::error!(%error, "the audit log could not be anchored");
        }
        if stopping {
            return;
        }
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// Adds one anchor when the heads have moved.
///
/// # Errors
/// When the heads cannot be read or the file cannot be written.
pub async fn write(
    store: &Store,
    key: &SigningKey,
    clock: &dyn Clock,
    file: &Path,
    known: &mut Vec<Link>,
) -> anyhow::Result<()> {
    let heads = store.audit_heads().await?;
    if heads == *known || heads.is_empty() {
        return Ok(());
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut open = fs::OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .open(file)?;
    let before = last_line(&mut open)?;
    let anchor = Anchor::sign(clock.now(), heads.clone(), before.as_deref(), key)
        .map_err(|fault| anyhow::anyhow!("an anchor could not be signed: {fault}"))?;
    writeln!(open, "{}", anchor.to_line())?;
    open.sync_data()?;
    *known = heads;
    Ok(())
}

/// The last whole line; a torn one at the end, left by a power cut, is cut off.
fn last_line(file: &mut fs::File) -> anyhow::Result<Option<String>> {
    let length = file.metadata()?.len();
    let tail = length.min(256 * 1024);
    file.seek(SeekFrom::Start(length - tail))?;
    let mut text = String::new();
    file.read_to_string(&mut text)
        .context("the anchor file is not text")?;
    if !text.is_empty() && !text.ends_with('\n') {
        let torn = text.len() - text.rfind('\n').map_or(0, |at| at + 1);
        file.set_len(length - u64::try_from(torn)?)?;
        text.truncate(text.len() - torn);
    }
    Ok(text.lines().next_back().map(ToOwned::to_owned))
}

/// What a verification found.
#[derive(Debug, Default)]
pub struct Verified {
    /// Entries read.
    pub entries: u64,
    /// Chains read.
    pub chains: usize,
    /// Anchors read.
    pub anchors: usize,
    /// Everything that is wrong, in words.
    pub findings: Vec<String>,
}

/// Heads that anchors vouch for: lane → sequence → digest.
type Anchored = BTreeMap<i64, BTreeMap<i64, [u8; 32]>>;

/// Reads all anchor files of a folder.
fn read_anchors(
    folder: &Path,
    keys: &[VerifyingKey],
    verified: &mut Verified,
) -> anyhow::Result<Anchored> {
    let mut anchored = Anchored::new();
    let mut files = Vec::new();
    if folder.exists() {
        for entry in fs::read_dir(folder)? {
            files.push(entry?.path());
        }
    }
    files.sort();
    for file in files {
        let mut check = AnchorCheck::new(keys);
        let text = fs::read_to_string(&file)?;
        // A torn last line was never finished: it proves nothing and accuses nobody.
        let whole = text
            .rfind('\n')
            .map_or("", |at| text.get(..at).unwrap_or(""));
        for line in whole.lines() {
            check.push(line);
        }
        let found = check.finish();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        verified.anchors += usize::try_from(found.lines)?;
        verified.findings.extend(
            found
                .findings
                .iter()
                .map(|finding| format!("{name}: {finding}")),
        );
        for (lane, heads) in found.anchored {
            anchored.entry(lane).or_default().extend(heads);
        }
    }
    Ok(anchored)
}

/// Reads the whole audit log and the anchors, and tells everything that does not fit. Entries are
/// anchored seconds after they were written: an old log without any anchor has lost them.
///
/// # Errors
/// When the log or a file cannot be read.
pub async fn verify(
    store: &Store,
    keys: &[VerifyingKey],
    folder: &Path,
    now: Timestamp,
) -> anyhow::Result<Verified> {
    let mut verified = Verified::default();
    let anchored = read_anchors(folder, keys, &mut verified)?;
    let settled = now.plus_seconds(-ANCHORED_AFTER_SECONDS).as_micros();
    let mut lanes: Vec<i64> = store
        .audit_heads()
        .await?
        .iter()
        .map(|head| head.lane)
        .collect();
    lanes.extend(anchored.keys());
    lanes.sort_unstable();
    lanes.dedup();
    let nothing = BTreeMap::new();
    let mut unanchored = false;
    for lane in lanes {
        let of_lane = anchored.get(&lane).unwrap_or(&nothing);
        let mut chain = ChainCheck::new(Link::start(lane), of_lane);
        let mut after = 0;
        loop {
            let page = store.audit_after(lane, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            unanchored |= anchored.is_empty() && page.iter().any(|one| one.at_us < settled);
            for entry in &page {
                let fields = entry.fields();
                chain.push(entry.seq, fields.iter().map(Vec::as_slice), &entry.hash);
            }
        }
        let report = chain.finish();
        verified.chains += 1;
        verified.entries += report.entries;
        verified.findings.extend(
            report
                .findings
                .iter()
                .map(|finding| format!("chain {lane}: {finding}")),
        );
    }
    if unanchored {
        let folder = folder.display();
        verified.findings.push(format!(
            "no anchor is left in {folder}: it was emptied or moved"
        ));
    }
    Ok(verified)
}
