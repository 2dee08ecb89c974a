//! Files and functions that one can read in one go.

use std::collections::BTreeMap;

use super::{
    Fault, Tree,
    rust::{code, functions, is_test_file, without_tests},
};

/// Lines of a Rust file without its tests.
const FILE_MAX: usize = 600;
/// Lines of a function.
const FUNCTION_MAX: usize = 60;
/// Exceptions, each `path lines` or `path name lines`, exactly as they are.
const FILES: &str = "xtask/tidy/long-files.txt";
const FUNCTIONS: &str = "xtask/tidy/long-functions.txt";

/// Nothing is longer than it may be, and the lists of exceptions say exactly what still is.
pub(crate) fn limits(tree: &Tree) -> Vec<Fault> {
    let (mut files, mut long) = (BTreeMap::new(), BTreeMap::new());
    for (path, code) in sources(tree) {
        let lines = code.trim_end().lines().count();
        if lines > FILE_MAX {
            files.insert(path.to_owned(), lines);
        }
        for function in functions(&code)
            .iter()
            .filter(|function| function.lines > FUNCTION_MAX)
        {
            long.insert(format!("{path} {}", function.name), function.lines);
        }
    }
    let mut faults = compare(tree, FILES, &files, FILE_MAX);
    faults.extend(compare(tree, FUNCTIONS, &long, FUNCTION_MAX));
    faults
}

fn compare(tree: &Tree, list: &str, found: &BTreeMap<String, usize>, max: usize) -> Vec<Fault> {
    let listed: BTreeMap<&str, usize> = tree
        .file(list)
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.rsplit_once(' '))
        .filter_map(|(place, lines)| Some((place, lines.parse().ok()?)))
        .collect();
    let mut faults = Vec::new();
    for (place, lines) in found {
        let allowed = listed.get(place.as_str()).copied().unwrap_or(max);
        if *lines > allowed {
            faults.push(Fault::new(
                place,
                format!("{lines} lines, at most {allowed}: split it"),
            ));
        }
    }
    for (place, lines) in listed {
        if found.get(place).is_none_or(|now| *now < lines) {
            let now = found
                .get(place)
                .map_or_else(|| "take it out".to_owned(), |now| format!("write {now}"));
            faults.push(Fault::new(list, format!("`{place}` is shorter now: {now}")));
        }
    }
    faults
}

/// How long files and functions are: the numbers that the taste speaks of.
pub(crate) fn summary(tree: &Tree) -> String {
    let (mut files, mut lengths) = (Vec::new(), Vec::new());
    for (_, code) in sources(tree) {
        files.push(code.trim_end().lines().count());
        lengths.extend(functions(&code).iter().map(|function| function.lines));
    }
    let of = |values: &mut Vec<usize>, percent: usize| {
        values.sort_unstable();
        values
            .get(values.len() * percent / 100)
            .copied()
            .unwrap_or(0)
    };
    format!(
        "lines per file: median {}, p90 {}; per function: median {}, p90 {}",
        of(&mut files, 50),
        of(&mut files, 90),
        of(&mut lengths, 50),
        of(&mut lengths, 90),
    )
}

fn sources(tree: &Tree) -> impl Iterator<Item = (&str, String)> {
    tree.rust()
        .filter(|(_, path, _)| !is_test_file(path))
        .map(|(_, path, text)| (path, without_tests(&code(text))))
}

#[cfg(test)]
mod tests {
    use super::{FILES, FUNCTIONS, limits};
    use crate::tidy::Tree;

    fn function(lines: usize) -> String {
        format!("fn long() {{\n{}}}\n", "    x();\n".repeat(lines - 2))
    }

    #[test]
    fn long_functions_and_files_are_found_and_tests_are_not_counted() {
        let tests = format!(
            "fn a() {{}}\n#[cfg(test)]\nmod tests {{\n{}}}\n",
            function(700)
        );
        assert_eq!(limits(&Tree::of(&[("a/src/lib.rs", &tests)])), []);
        assert_eq!(limits(&Tree::of(&[("a/src/lib.rs", &function(60))])), []);
        assert_eq!(
            limits(&Tree::of(&[("a/src/lib.rs", &function(61))])).len(),
            1
        );
        assert_eq!(
            limits(&Tree::of(&[(
                "a/src/lib.rs",
                &"const A: u8 = 1;\n".repeat(601)
            )]))
            .len(),
            1
        );
    }

    #[test]
    fn a_list_of_exceptions_can_only_shrink() {
        let run = |lines: usize, listed: &str| {
            limits(&Tree::of(&[
                ("a/src/lib.rs", &function(lines)),
                (FUNCTIONS, listed),
                (FILES, "# none\n"),
            ]))
            .len()
        };
        assert_eq!(run(70, "a/src/lib.rs long 70\n"), 0);
        assert_eq!(run(71, "a/src/lib.rs long 70\n"), 1);
        assert_eq!(run(65, "a/src/lib.rs long 70\n"), 1);
        assert_eq!(run(50, "a/src/lib.rs long 70\n"), 1);
    }
}
