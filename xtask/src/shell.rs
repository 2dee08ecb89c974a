//! Running other programs.

use std::{
    fs,
    io::Read as _,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context as _, Result, bail};

use crate::place;

/// No step runs longer: something hangs.
const STEP_SECONDS_MAX: &str = "3600";

/// `cargo …` in the checkout, with our target folder.
pub(crate) fn cargo_command(args: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(args).current_dir(place::root());
    command.env("CARGO_TARGET_DIR", place::target());
    command
}

/// Runs `cargo …` and shows what it says.
pub(crate) fn cargo(args: &[&str]) -> Result<()> {
    run(cargo_command(args))
}

/// Runs a program and shows what it says.
pub(crate) fn run(mut command: Command) -> Result<()> {
    let name = describe(&command);
    let status = command
        .status()
        .with_context(|| format!("{name} did not start"))?;
    if !status.success() {
        bail!("{name}: {status}");
    }
    Ok(())
}

/// What a program prints; its complaints become the error.
pub(crate) fn output(mut command: Command) -> Result<String> {
    let name = describe(&command);
    let out = command.stdin(Stdio::null()).output();
    let out = out.with_context(|| format!("{name} did not start"))?;
    if !out.status.success() {
        let said = String::from_utf8_lossy(&out.stderr);
        bail!(
            "{name}: {}\n{}{}",
            out.status,
            String::from_utf8_lossy(&out.stdout),
            said.trim()
        );
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// Runs a program with its whole output in a file; whether it ended well, and what it said.
pub(crate) fn logged(command: &Command, log: &Path) -> Result<(bool, String)> {
    let mut file = fs::OpenOptions::new().create(true).append(true).open(log)?;
    let mut limited = limited(command);
    limited
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file.try_clone()?);
    let name = describe(command);
    std::io::Write::write_all(&mut file, format!("$ {name}\n").as_bytes())?;
    let status = limited
        .status()
        .with_context(|| format!("{name} did not start"))?;
    let mut said = Vec::new();
    fs::File::open(log)?.read_to_end(&mut said)?;
    Ok((status.success(), plain(&String::from_utf8_lossy(&said))))
}

/// The same program under a limit of time; in the same process group, so that Ctrl-C reaches it.
fn limited(command: &Command) -> Command {
    let mut limited = Command::new("timeout");
    limited.args(["--foreground", "--kill-after=10", STEP_SECONDS_MAX]);
    limited.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        limited.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited
}

/// Whether a program can be found.
pub(crate) fn exists(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

/// Whether we are root.
pub(crate) fn is_root() -> bool {
    let mut id = Command::new("id");
    id.arg("-u");
    output(id).is_ok_and(|uid| uid.trim() == "0")
}

/// Runs as another user: nothing in between, so signals and open pipes pass through.
pub(crate) fn as_user(user: &str, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args([
        "--reuid",
        user,
        "--regid",
        &group_of(user),
        "--clear-groups",
        "--",
    ]);
    command.arg(program);
    command
}

/// The main group of a user.
pub(crate) fn group_of(user: &str) -> String {
    let mut id = Command::new("id");
    id.args(["-gn", user]);
    output(id).map_or_else(|_| user.to_owned(), |name| name.trim().to_owned())
}

/// Time that passes while tools run.
#[expect(
    clippy::disallowed_methods,
    reason = "tools measure real time; nothing is decided by it"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

fn describe(command: &Command) -> String {
    let args = command
        .get_args()
        .map(|arg| format!(" {}", arg.to_string_lossy()));
    format!(
        "{}{}",
        command.get_program().to_string_lossy(),
        args.collect::<String>()
    )
}

/// Text without colours.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            // ESC [ parameters letter
            if chars.next() == Some('[') {
                chars.by_ref().find(char::is_ascii_alphabetic);
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn colours_are_taken_out() {
        assert_eq!(super::plain("\u{1b}[1;32mok\u{1b}[0m 完成"), "ok 完成");
    }
}
