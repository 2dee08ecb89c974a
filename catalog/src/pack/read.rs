//! The files of a pack. The only place of this crate that reads files.

use std::{collections::BTreeMap, fs, path::Path};

use super::fault::{Fault, Faults};

/// Bytes of one file: the largest flow with its diagram is below 200 kB.
const FILE_BYTES_MAX: u64 = 2 * 1024 * 1024;
/// Depth of folders: `items/<code>/examples/<name>.toml`.
const DEPTH_MAX: usize = 4;

/// The texts of a pack by their path, which is relative and written with `/`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(pub BTreeMap<String, String>);

impl Files {
    /// Reads every file of a folder.
    ///
    /// # Errors
    /// Every file that cannot be read as text, or is too large.
    pub fn read(folder: &Path) -> Result<Self, Vec<Fault>> {
        let mut files = Self::default();
        let mut faults = Faults::default();
        files.gather(folder, "", 0, &mut faults);
        let (faults, _) = faults.done();
        if faults.is_empty() {
            Ok(files)
        } else {
            Err(faults)
        }
    }

    pub(crate) fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    fn gather(&mut self, folder: &Path, path: &str, depth: usize, faults: &mut Faults) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(fault) => return faults.add(path, None, format!("cannot be read: {fault}")),
        };
        for entry in entries.filter_map(Result::ok) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let place = if path.is_empty() {
                name
            } else {
                format!("{path}/{name}")
            };
            match entry.metadata() {
                Ok(about) if about.is_dir() && depth < DEPTH_MAX => {
                    self.gather(&entry.path(), &place, depth + 1, faults);
                }
                Ok(about) if about.is_file() && about.len() <= FILE_BYTES_MAX => {
                    self.take(&entry.path(), place, faults);
                }
                Ok(_) => faults.add(&place, None, "too large, too deep, or not a plain file"),
                Err(fault) => faults.add(&place, None, format!("cannot be read: {fault}")),
            }
        }
    }

    fn take(&mut self, file: &Path, place: String, faults: &mut Faults) {
        match fs::read_to_string(file) {
            Ok(text) => drop(self.0.insert(place, text)),
            Err(fault) => faults.add(&place, None, format!("cannot be read as UTF-8: {fault}")),
        }
    }
}
