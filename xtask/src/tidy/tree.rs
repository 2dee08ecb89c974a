//! The files of the checkout, as text.

use std::{collections::BTreeMap, fmt, fs, path::Path};

/// Something that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    place: String,
    what: String,
}

impl Fault {
    /// In a file, or about a thing.
    pub(crate) fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            what: what.into(),
        }
    }

    /// At a line, counted from one.
    pub(crate) fn at(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self::new(format!("{path}:{line}"), what)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.place, self.what)
    }
}

/// Paths (with `/`) and contents of all text files that belong to the project.
pub(crate) struct Tree {
    files: BTreeMap<String, String>,
}

impl Tree {
    /// Reads a checkout without what `.gitignore` leaves out.
    pub(crate) fn read(root: &Path) -> Self {
        let ignored = fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
        let ignored: Vec<&str> = ignored
            .lines()
            .chain(["/.git"])
            .filter(|line| !line.is_empty())
            .collect();
        let mut files = BTreeMap::new();
        read_folder(root, "", &ignored, &mut files);
        assert!(!files.is_empty(), "no checkout in {}", root.display());
        Self { files }
    }

    /// A small tree for a test.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        Self {
            files: files
                .iter()
                .map(|(path, text)| ((*path).into(), (*text).into()))
                .collect(),
        }
    }

    /// One file.
    pub(crate) fn file(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// All files, by path.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Files of one kind, named by what follows the last dot.
    pub(crate) fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files().filter(move |(path, _)| kind_of(path) == kind)
    }

    /// Rust files with their crate's folder.
    pub(crate) fn rust(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.of_kind("rs")
            .map(|(path, text)| (folder_of(path), path, text))
    }
}

/// What follows the last dot of a path.
pub(crate) fn kind_of(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}

/// The crate's folder: what stands before `src/` or `tests/`.
fn folder_of(path: &str) -> &str {
    let at = ["/src/", "/tests/"]
        .iter()
        .filter_map(|part| path.find(part))
        .min();
    path.get(..at.unwrap_or(0)).unwrap_or_default()
}

fn read_folder(
    folder: &Path,
    prefix: &str,
    ignored: &[&str],
    files: &mut BTreeMap<String, String>,
) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}/{name}")
        };
        if ignored
            .iter()
            .any(|pattern| is_ignored(pattern, &path, &name))
        {
            continue;
        }
        if entry.path().is_dir() {
            read_folder(&entry.path(), &path, ignored, files);
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            files.insert(path, text);
        }
    }
}

/// The kinds of patterns that our `.gitignore` uses: `/path/`, `name/`, `*.ending`.
fn is_ignored(pattern: &str, path: &str, name: &str) -> bool {
    if let Some(anchored) = pattern.strip_prefix('/') {
        path == anchored.trim_end_matches('/')
    } else if let Some(end) = pattern.strip_prefix('*') {
        name.ends_with(end)
    } else {
        name == pattern.trim_end_matches('/')
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn ignored_patterns_are_understood() {
        assert!(super::is_ignored("/var/", "var", "var"));
        assert!(!super::is_ignored("/var/", "docs/var", "var"));
        assert!(super::is_ignored(
            "node_modules/",
            "web/node_modules",
            "node_modules"
        ));
        assert!(super::is_ignored(
            "*.tsbuildinfo",
            "web/a.tsbuildinfo",
            "a.tsbuildinfo"
        ));
    }

    #[test]
    fn the_folder_of_a_crate_is_what_stands_before_its_sources() {
        assert_eq!(super::folder_of("bench/load/src/main.rs"), "bench/load");
        assert_eq!(super::folder_of("store/tests/it.rs"), "store");
    }
}
