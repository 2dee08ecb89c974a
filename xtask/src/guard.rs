//! Cleaning up whatever way we end.

use std::{
    io,
    process::{Child, ChildStdin, Command, Stdio},
};

/// Runs a shell command when it is dropped, **or when this process ends in any other way** (Ctrl-C,
/// a kill, a crash): a small shell waits at the other end of a pipe, which the system closes for us.
pub(crate) struct Guard {
    pipe: Option<ChildStdin>,
    waiter: Child,
}

impl Guard {
    /// `script` gets `args` as `$1`, `$2`, …
    pub(crate) fn new(script: &str, args: &[&str]) -> io::Result<Self> {
        let script = format!("trap '' INT TERM HUP; cat >/dev/null; {script}");
        let mut waiter = Command::new("sh")
            .args(["-c", &script, "cleanup"])
            .args(args)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self {
            pipe: waiter.stdin.take(),
            waiter,
        })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.pipe.take());
        let _ = self.waiter.wait();
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn dropping_runs_the_script() {
        let folder = std::env::temp_dir().join(format!("yici-guard-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let guard = super::Guard::new("rm -rf \"$1\"", &[folder.to_str().unwrap()]).unwrap();
        assert!(folder.exists());
        drop(guard);
        assert!(!folder.exists());
    }
}
