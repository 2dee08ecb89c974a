//! The browser side: installed and built only when something changed.

use std::{
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;

use crate::{need, place, shell};

/// `npm …` in `web/`.
pub(crate) fn npm(args: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.args(args).current_dir(place::web());
    command.env("npm_config_update_notifier", "false");
    command
}

/// Installs the locked packages, when the lock is another than the one installed.
pub(crate) fn install() -> Result<()> {
    need::node()?;
    let stamp = place::web().join("node_modules/.yici-installed");
    let wanted = digest(&[
        place::web().join("package.json"),
        place::web().join("package-lock.json"),
    ])?;
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    println!("installing the packages of the browser side");
    shell::output(npm(&["ci", "--no-audit", "--no-fund"]))?;
    fs::write(stamp, wanted)?;
    Ok(())
}

/// Builds `web/dist`, when a source is another than the one built.
pub(crate) fn build() -> Result<()> {
    install()?;
    let stamp = built_stamp();
    let wanted = sources_digest()?;
    let built = place::web().join("dist/portal.html").is_file();
    if built && fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    println!("building the browser side");
    shell::output(npm(&["run", "build"]))?;
    mark_built()
}

/// Remembers that `web/dist` is made of the sources as they are now.
pub(crate) fn mark_built() -> Result<()> {
    fs::write(built_stamp(), sources_digest()?)?;
    Ok(())
}

fn built_stamp() -> PathBuf {
    place::web().join("node_modules/.yici-built")
}

fn sources_digest() -> Result<String> {
    let mut files = Vec::new();
    collect(&place::web(), &mut files)?;
    digest(&files)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !matches!(&*name, "node_modules" | "dist" | "e2e" | "test-results") {
                collect(&path, files)?;
            }
        } else if !name.ends_with(".test.ts") && path.extension() != Some("tsbuildinfo".as_ref()) {
            files.push(path);
        }
    }
    Ok(())
}

/// A digest of names and contents. It guards against needless work, not against anybody.
fn digest(files: &[PathBuf]) -> Result<String> {
    let mut files = files.to_vec();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}
