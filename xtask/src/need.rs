//! What a machine must have, installed where we may.

use std::{path::PathBuf, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::shell;

/// The oldest Node that the browser side builds with.
const NODE_MIN: (u32, u32) = (20, 19);
/// The test runner; one version, so that every machine runs the same.
const NEXTEST: &str = "0.9.143";
/// The oldest PostgreSQL that the store speaks to.
const POSTGRES_MIN: u32 = 15;

/// Debian packages.
fn install(packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if !shell::is_root() || !shell::exists("apt-get") {
        bail!("missing; install it with: sudo apt-get install {names}");
    }
    println!("installing {names}");
    let mut update = Command::new("apt-get");
    update.args(["update", "-q"]);
    shell::output(update)?;
    let mut install = Command::new("apt-get");
    install
        .args(["install", "-qy", "--no-install-recommends"])
        .args(packages);
    install.env("DEBIAN_FRONTEND", "noninteractive");
    shell::output(install).map(drop)
}

/// Node with npm, which Debian 12 carries in a version too old: it is not ours to replace.
pub(crate) fn node() -> Result<()> {
    let hint = format!(
        "install Node {}.{} or newer with npm: https://nodejs.org/en/download",
        NODE_MIN.0, NODE_MIN.1
    );
    let mut version = Command::new("node");
    version.arg("--version");
    let version = shell::output(version).with_context(|| hint.clone())?;
    if parts(&version) < NODE_MIN {
        bail!("Node {} is too old; {hint}", version.trim());
    }
    if !shell::exists("npm") {
        bail!("npm is missing; {hint}");
    }
    Ok(())
}

/// The Rust test runner.
pub(crate) fn nextest() -> Result<()> {
    if shell::output(shell::cargo_command(&["nextest", "--version"])).is_ok() {
        return Ok(());
    }
    println!("installing cargo-nextest {NEXTEST} (some minutes, once)");
    let install =
        shell::cargo_command(&["install", "--locked", "cargo-nextest", "--version", NEXTEST]);
    shell::output(install)
        .context("cargo install --locked cargo-nextest")
        .map(drop)
}

/// The folder of the PostgreSQL programs.
pub(crate) fn postgres() -> Result<PathBuf> {
    if let Some(folder) = installed_postgres() {
        return Ok(folder);
    }
    install(&["postgresql"]).context("PostgreSQL 15 or newer")?;
    installed_postgres()
        .context("PostgreSQL was installed, but /usr/lib/postgresql/*/bin/initdb is not there")
}

fn installed_postgres() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let newest = folders
        .filter_map(|entry| {
            let version = major(entry.file_name().to_str()?);
            let folder = entry.path().join("bin");
            (version >= POSTGRES_MIN && folder.join("initdb").is_file())
                .then_some((version, folder))
        })
        .max()?;
    Some(newest.1)
}

/// Debian's Chromium and letters for Chinese.
pub(crate) fn chromium() -> Result<PathBuf> {
    const PROGRAM: &str = "/usr/bin/chromium";
    const LETTERS: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
    let missing: Vec<&str> = [(PROGRAM, "chromium"), (LETTERS, "fonts-noto-cjk")]
        .into_iter()
        .filter_map(|(file, package)| (!std::path::Path::new(file).exists()).then_some(package))
        .collect();
    if !missing.is_empty() {
        install(&missing).context("Chromium with Chinese letters")?;
    }
    Ok(PathBuf::from(PROGRAM))
}

fn major(version: &str) -> u32 {
    parts(version).0
}

/// The first two numbers of a version.
fn parts(version: &str) -> (u32, u32) {
    let mut numbers = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .map(|digits| digits.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    #[test]
    fn versions_are_read() {
        assert_eq!(super::parts("v20.20.2\n"), (20, 20));
        assert_eq!(super::major("15"), 15);
        assert_eq!(super::parts("none"), (0, 0));
    }
}
