//! Where uploaded files lie: a folder of this machine, or a bucket of whatever speaks S3.

use std::{fmt, path::PathBuf, str::FromStr, sync::Arc, time::Duration};

use anyhow::{Context as _, anyhow, bail};
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::{
    ClientConfigKey, ObjectStore, ObjectStoreExt as _, PutPayload, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    local::LocalFileSystem,
    path::Path,
    prefix::PrefixStore,
};
use store::Store;

use crate::city::told;

/// How long a bucket has to answer one request; somebody waits for it.
const ANSWER_SECONDS: u64 = 20;
/// How long a request that failed is begun again.
const INSIST: Duration = Duration::from_secs(5);
/// Letters of what a place said that are told on: enough for a code, not for a page.
const SAID_CHARS: usize = 160;
/// What the names of the files begin with that [`probe`] writes.
const PROBE: &str = "doctor-probe-";
/// Files looked at together by [`left_behind`].
const LOOKED_AT_ONCE: usize = 200;

/// Where uploaded files lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket, and what the names in it begin with. Keys, region and address come from the usual
    /// variables: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL`.
    Bucket {
        /// The bucket.
        name: String,
        /// The beginning of every name in it; may be empty.
        prefix: String,
    },
}

impl FromStr for Place {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        // What was given is not repeated: an address may hold a password.
        let Some(bucket) = text.strip_prefix("s3://") else {
            if text.is_empty() || text.starts_with("s3:") || text.contains("://") {
                bail!("uploads go to a folder, or to a bucket: s3://BUCKET/PREFIX");
            }
            return Ok(Self::Folder(PathBuf::from(text)));
        };
        let (name, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
        if name.is_empty() {
            bail!("which bucket? uploads go to s3://BUCKET/PREFIX");
        }
        Ok(Self::Bucket {
            name: name.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::Bucket { name, prefix } if prefix.is_empty() => write!(f, "s3://{name}"),
            Self::Bucket { name, prefix } => write!(f, "s3://{name}/{prefix}"),
        }
    }
}

impl Place {
    /// Opens the place. A folder is made; whether a bucket is there shows at the first request.
    ///
    /// # Errors
    /// When the folder cannot be made, or the variables of the bucket make no sense.
    pub fn open(&self) -> anyhow::Result<Arc<dyn ObjectStore>> {
        match self {
            Self::Folder(folder) => {
                std::fs::create_dir_all(folder)
                    .with_context(|| format!("cannot make {}", folder.display()))?;
                Ok(Arc::new(LocalFileSystem::new_with_prefix(folder)?))
            }
            Self::Bucket { name, prefix } => {
                let retry = RetryConfig {
                    retry_timeout: INSIST,
                    ..RetryConfig::default()
                };
                let timeout = AmazonS3ConfigKey::Client(ClientConfigKey::Timeout);
                let bucket = AmazonS3Builder::from_env()
                    .with_bucket_name(name)
                    .with_config(timeout, format!("{ANSWER_SECONDS} seconds"))
                    .with_allow_http(spelled_out_http())
                    // Not every server has that call, and we delete one file at a time.
                    .with_disable_bulk_delete(true)
                    .with_retry(retry)
                    .build()
                    .with_context(|| format!("{self} cannot be used"))?;
                Ok(Arc::new(PrefixStore::new(bucket, prefix.as_str())))
            }
        }
    }
}

/// Files are sealed before they leave us: who gives an address without TLS means it.
fn spelled_out_http() -> bool {
    ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .any(|address| address.starts_with("http://"))
}

/// Writes, reads and deletes a small file; `mark` tells it from those of others.
///
/// # Errors
/// What the place refuses.
pub async fn probe(files: &dyn ObjectStore, mark: u64) -> anyhow::Result<()> {
    let name = Path::from(format!("{PROBE}{mark:016x}"));
    let content = PutPayload::from_static(b"probe");
    let written = files.put(&name, content).await;
    written.map_err(|fault| anyhow!("nothing can be written ({})", said(&fault)))?;
    let read = async { files.get(&name).await?.bytes().await }.await;
    let deleted = files.delete(&name).await;
    let read = read.map_err(|fault| anyhow!("nothing can be read ({})", said(&fault)))?;
    deleted.map_err(|fault| anyhow!("nothing can be deleted ({})", said(&fault)))?;
    if read != b"probe".as_slice() {
        bail!("what was written comes back changed");
    }
    Ok(())
}

/// How many files lie there that no case knows: their rows never came, or are gone.
///
/// # Errors
/// When the place cannot be listed, or the database does not answer.
pub async fn left_behind(files: &dyn ObjectStore, store: &Store) -> anyhow::Result<u64> {
    let mut unknown = 0;
    let mut listed = files.list(None).try_chunks(LOOKED_AT_ONCE);
    while let Some(some) = listed.next().await {
        let some = some.map_err(|fault| anyhow!("{}", said(&fault.1)))?;
        let names = some.into_iter().map(|file| file.location.to_string());
        let names = names.filter(|name| !name.starts_with(PROBE)).collect();
        let found = casework::files_without_case(store, names).await;
        unknown += found.map_err(told)?;
    }
    Ok(unknown)
}

/// A fault in few words: the answer of a server is a page, in which keys may stand.
fn said(fault: &object_store::Error) -> String {
    use object_store::Error;
    match fault {
        Error::NotFound { .. } => "not found".to_owned(),
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
            "permission denied".to_owned()
        }
        other => {
            let words = other.to_string();
            let words = words.split(['<', '\n']).next().unwrap_or_default();
            words.chars().take(SAID_CHARS).collect()
        }
    }
}
