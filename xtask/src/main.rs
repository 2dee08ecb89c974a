//! The project's own tools: what `make` calls.
//!
//! Each command installs what it lacks where it may (as root), or says exactly what to install.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool speaks by printing"
)]

mod api;
mod bench;
mod browser;
mod guard;
mod need;
mod place;
mod postgres;
mod run;
mod shell;
mod test;
mod tidy;
mod web;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  run [--db URL]     build and serve the demo city; URL is postgres://… (default: SQLite in var/)
  test               everything that must be green before a merge
  check              the quick part of it: format, tidy, clippy, types
  fmt                format the Rust code
  tidy               the rules of the tree
  api                write openapi.json and the browser's client again
  bench [--seconds N] [--rounds N]   commands per second beside the floors
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["run"] => run::run(None),
        ["run", "--db", url] => run::run(Some(url)),
        ["test"] => return test::test(),
        ["check"] => return test::check(),
        ["fmt"] => shell::cargo(&["fmt", "--all"]),
        ["tidy"] => return tidy::command(),
        ["api"] => api::write(),
        ["bench", options @ ..] => bench::bench(options),
        ["help" | "--help"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault:#}");
            ExitCode::FAILURE
        }
    }
}
