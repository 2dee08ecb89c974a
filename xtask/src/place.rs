//! Where things are.

use std::{env, ffi::OsString, path::PathBuf};

/// The checkout in which this program was called. Asked when it runs: checkouts share the folder of
/// compiled code, so that the one in which it was compiled may be another.
pub(crate) fn root() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| env::current_dir().unwrap_or_default(), PathBuf::from);
    let checkout = here
        .ancestors()
        .find(|folder| folder.join("xtask/Cargo.toml").is_file());
    checkout.unwrap_or(&here).to_path_buf()
}

/// The browser side.
pub(crate) fn web() -> PathBuf {
    root().join("web")
}

/// Compiled code, outside the checkout so that a fresh one finds it.
pub(crate) fn target() -> PathBuf {
    let set = |name| env::var_os(name).filter(|value: &OsString| !value.is_empty());
    if let Some(target) = set("CARGO_TARGET_DIR") {
        return root().join(target);
    }
    let cache = set("XDG_CACHE_HOME").map_or_else(
        || PathBuf::from(set("HOME").unwrap_or_else(|| "/tmp".into())).join(".cache"),
        PathBuf::from,
    );
    cache.join("yici/target")
}

/// A program that we built.
pub(crate) fn binary(profile: &str, name: &str) -> PathBuf {
    target().join(profile).join(name)
}

/// The full output of each step.
pub(crate) fn logs() -> PathBuf {
    target().join("test-logs")
}
