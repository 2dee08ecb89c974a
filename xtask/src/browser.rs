//! Debian's Chromium, without root's rights.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

use crate::{guard::Guard, need, postgres::make_folder, shell};

/// The user Chromium runs as when we are root.
const USER: &str = "nobody";

/// A program that starts Chromium, and the temporary folder of whoever starts it.
pub(crate) struct Browser {
    /// What to start in place of Chromium.
    pub(crate) program: PathBuf,
    /// What `TMPDIR` must be: profiles and downloads are made there.
    pub(crate) temporary: PathBuf,
    _guard: Guard,
}

impl Browser {
    /// Finds or installs Chromium. For root it is a script that gives root's rights away; it first
    /// hands over the folders that whoever starts a browser has made for it.
    pub(crate) fn prepare() -> Result<Self> {
        let chromium = need::chromium()?;
        let folder = std::env::temp_dir().join(format!("yici-chromium-{}", std::process::id()));
        let path = folder
            .to_str()
            .context("the temporary folder has a strange name")?;
        let temporary = folder.join("tmp");
        make_folder(&folder, "")?;
        make_folder(&temporary, "")?;
        let guard = Guard::new("rm -rf \"$1\"", &[path])?;
        let program = if shell::is_root() {
            unprivileged(&chromium, &folder)?
        } else {
            chromium
        };
        Ok(Self {
            program,
            temporary,
            _guard: guard,
        })
    }
}

fn unprivileged(chromium: &Path, folder: &Path) -> Result<PathBuf> {
    let home = folder.join("home");
    make_folder(&home, USER)?;
    // The folder itself is root's; others may pass through to those inside.
    fs::set_permissions(folder, fs::Permissions::from_mode(0o711))?;
    let script = format!(
        r#"#!/bin/sh
chown -R {USER}:{group} '{folder}/tmp'
export HOME='{home}' XDG_CONFIG_HOME='{home}' XDG_CACHE_HOME='{home}' XDG_RUNTIME_DIR='{home}'
cd "$HOME" && exec setpriv --reuid {USER} --regid {group} --clear-groups -- {chromium} "$@"
"#,
        group = shell::group_of(USER),
        folder = folder.display(),
        home = home.display(),
        chromium = chromium.display(),
    );
    let program = folder.join("chromium");
    fs::write(&program, script)?;
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
    Ok(program)
}
