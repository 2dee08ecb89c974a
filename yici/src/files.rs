//! Where uploaded files lie: a folder of this machine, or a bucket of whatever speaks S3.

use std::{fmt, path::PathBuf, str::FromStr, sync::Arc, time::Duration};

use anyhow::{Context as _, bail};
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt as _, PutPayload, RetryConfig,
    aws::AmazonS3Builder, local::LocalFileSystem, path::Path, prefix::PrefixStore,
};
use store::Store;

/// How long a bucket has to answer one request; somebody waits for it.
const ANSWER: Duration = Duration::from_secs(20);
/// How long a request that failed is sent again.
const INSIST: Duration = Duration::from_secs(10);
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
        let Some(bucket) = text.strip_prefix("s3://") else {
            if text.is_empty() || text.contains("://") {
                bail!("uploads go to a folder or to s3://BUCKET/PREFIX, not to {text:?}");
            }
            return Ok(Self::Folder(PathBuf::from(text)));
        };
        let (name, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
        if name.is_empty() {
            bail!("{text:?} does not say which bucket: s3://BUCKET/PREFIX");
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
    /// Opens the place; a folder is made, a bucket must be there.
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
                let bucket = AmazonS3Builder::from_env()
                    .with_bucket_name(name)
                    .with_client_options(ClientOptions::new().with_timeout(ANSWER))
                    .with_allow_http(spelled_out_http())
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

/// Writes, reads and deletes a small file.
///
/// # Errors
/// What the place refuses.
pub async fn probe(files: &dyn ObjectStore) -> anyhow::Result<()> {
    let name = Path::from("doctor/probe");
    files
        .put(&name, PutPayload::from_static(b"probe"))
        .await
        .context("nothing can be written")?;
    let read = files.get(&name).await?.bytes().await;
    files.delete(&name).await.context("nothing can be deleted")?;
    if read.context("nothing can be read")? != b"probe".as_slice() {
        bail!("what was written comes back changed");
    }
    Ok(())
}

/// How many files lie there that no case knows: their rows never came, or are gone.
///
/// # Errors
/// When the place or the database does not answer.
pub async fn left_behind(files: &dyn ObjectStore, store: &Store) -> anyhow::Result<u64> {
    let mut unknown = 0;
    let mut listed = files.list(None).try_chunks(LOOKED_AT_ONCE);
    while let Some(some) = listed.next().await {
        let names = some
            .map_err(|fault| fault.1)?
            .into_iter()
            .map(|file| file.location.to_string())
            .collect();
        unknown += casework::files_without_case(store, names).await?;
    }
    Ok(unknown)
}
