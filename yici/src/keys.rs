//! The keys of this installation: files in `<data>/keys`, made at the first start, readable by their
//! owner alone. Without them nothing sealed can be read again.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, anyhow};
use kernel::Entropy;
use seal::{LookUpKeys, MasterKeys, SigningKey, VerifyingKey};

/// All keys.
#[derive(Clone)]
pub struct Keys {
    /// Wrap data keys.
    pub master: Arc<MasterKeys>,
    /// Hash numbers for look-up.
    pub look_up: LookUpKeys,
    /// Signs anchors of the audit log.
    pub signing: Arc<SigningKey>,
}

impl Keys {
    /// Fresh keys from a random source.
    ///
    /// # Errors
    /// When the source gives nothing usable.
    pub fn generate(entropy: &mut dyn Entropy) -> anyhow::Result<Self> {
        let signing = SigningKey::generate(entropy).map_err(|_| anyhow!("no signing key"))?;
        Ok(Self {
            master: Arc::new(MasterKeys::generate(entropy)),
            look_up: LookUpKeys::generate(entropy),
            signing: Arc::new(signing),
        })
    }

    /// What a database remembers of the keys it was made with: a digest of the oldest master key,
    /// which stays when keys are added.
    pub fn fingerprint(&self) -> String {
        let text = self.master.to_text();
        let oldest = text.lines().next().unwrap_or("");
        seal::sm3_hex(oldest.as_bytes()).chars().take(16).collect()
    }

    /// The public halves of the signing keys: the present one, and those of earlier ones that the
    /// operator keeps in `keys/verifying.keys`.
    ///
    /// # Errors
    /// When a line of that file is no key.
    pub fn verifying(&self, data: &Path) -> anyhow::Result<Vec<VerifyingKey>> {
        let mut keys = vec![self.signing.verifying_key().clone()];
        let file = data.join("keys").join("verifying.keys");
        if file.exists() {
            for line in fs::read_to_string(&file)?.lines() {
                keys.push(
                    line.parse()
                        .map_err(|fault| anyhow!("{}: {fault}", file.display()))?,
                );
            }
        }
        Ok(keys)
    }

    /// Reads the keys of a data folder, or makes them.
    ///
    /// # Errors
    /// When a file cannot be read or written, or some keys are there and others missing.
    pub fn open(data: &Path, entropy: &mut dyn Entropy) -> anyhow::Result<Self> {
        let folder = data.join("keys");
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        restrict(&folder, 0o700)?;
        let files = ["master.keys", "lookup.keys", "signing.key"].map(|name| folder.join(name));
        let there = files.iter().filter(|file| file.exists()).count();
        if there == 0 {
            let keys = Self::generate(entropy)?;
            let texts = [
                keys.master.to_text(),
                keys.look_up.to_text(),
                keys.signing.to_text(),
            ];
            for (file, text) in files.iter().zip(&texts) {
                write(file, text)?;
            }
            return Ok(keys);
        }
        let [master, look_up, signing] = &files;
        Ok(Self {
            master: Arc::new(read(master)?),
            look_up: read(look_up)?,
            signing: Arc::new(read(signing)?),
        })
    }
}

fn read<T: std::str::FromStr<Err: std::fmt::Display>>(file: &PathBuf) -> anyhow::Result<T> {
    let text = fs::read_to_string(file).with_context(|| {
        format!(
            "cannot read {}: restore the keys from their backup",
            file.display()
        )
    })?;
    text.parse()
        .map_err(|fault| anyhow!("{}: {fault}", file.display()))
}

fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut open = options
        .open(file)
        .with_context(|| format!("cannot write {}", file.display()))?;
    open.write_all(text.as_bytes())?;
    open.sync_all()?;
    Ok(())
}

fn restrict(path: &Path, mode: u32) -> anyhow::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))?;
    Ok(())
}
