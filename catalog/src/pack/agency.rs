//! The city, its divisions, organisations, posts and staff.

use kernel::{CitizenNo, DivisionCode, item::Words};
use serde::Deserialize;

use super::{
    City, Division, Organisation, Post, PostHeld, StaffMember,
    fault::Faults,
    read::Files,
    source::{Source, words},
    tsv::{Line, lines},
};

/// The format of packs that this program reads.
const FORMAT: u32 = 1;
pub(super) const CITY: &str = "pack.toml";
pub(super) const DIVISIONS: &str = "divisions.tsv";
pub(super) const ORGANISATIONS: &str = "organisations.tsv";
pub(super) const POSTS: &str = "posts.toml";
pub(super) const STAFF: &str = "staff.tsv";

/// A TOML file of the pack that must be there; its words are checked.
pub(super) fn source<'t>(
    files: &'t Files,
    file: &'t str,
    faults: &mut Faults,
) -> Option<Source<'t>> {
    let Some(text) = files.get(file) else {
        faults.add(file, None, "the file is missing");
        return None;
    };
    let source = Source::parse(file, text, faults)?;
    source.check_words(faults);
    Some(source)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackFile {
    format: u32,
    hotline: String,
    #[serde(default)]
    fictional: bool,
    city: CityFile,
    bureau: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CityFile {
    code: DivisionCode,
    zh: String,
    en: String,
}

pub(super) fn city(files: &Files, faults: &mut Faults) -> Option<City> {
    let source = source(files, CITY, faults)?;
    let read: PackFile = source.read(faults)?;
    if read.format != FORMAT {
        let message = format!("the format is {FORMAT}");
        faults.add(CITY, source.line("format"), message);
    }
    if read.hotline.trim().is_empty() {
        faults.add(CITY, source.line("hotline"), "`hotline` is empty");
    }
    Some(City {
        code: read.city.code,
        name: words(&read.city.zh, &read.city.en),
        bureau: read.bureau,
        hotline: read.hotline,
        fictional: read.fictional,
    })
}

fn named(line: &Line<'_>, faults: &mut Faults) -> Words {
    words(
        line.filled("name_zh", faults),
        line.filled("name_en", faults),
    )
}

pub(super) fn divisions(files: &Files, faults: &mut Faults) -> Vec<Division> {
    let columns = ["code", "name_zh", "name_en", "parent"];
    let mut divisions = Vec::new();
    for line in lines(files, DIVISIONS, &columns, faults) {
        let name = named(&line, faults);
        let parent = line.optional("parent", faults);
        if let Some(code) = line.value("code", faults) {
            divisions.push(Division { code, name, parent });
        }
    }
    divisions
}

pub(super) fn organisations(files: &Files, faults: &mut Faults) -> Vec<Organisation> {
    let columns = ["path", "name_zh", "name_en"];
    let mut organisations = Vec::new();
    for line in lines(files, ORGANISATIONS, &columns, faults) {
        let name = named(&line, faults);
        if let Some(path) = line.value("path", faults) {
            organisations.push(Organisation { path, name });
        }
    }
    organisations
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PostsFile {
    post: Vec<PostFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PostFile {
    id: String,
    name: Words,
    permissions: Vec<String>,
    #[serde(default)]
    incompatible: Vec<String>,
}

pub(super) fn posts(files: &Files, faults: &mut Faults) -> Vec<Post> {
    let Some(read) = source(files, POSTS, faults).and_then(|source| source.read(faults)) else {
        return Vec::new();
    };
    let PostsFile { post } = read;
    post.into_iter()
        .map(|post| Post {
            id: post.id,
            name: post.name,
            permissions: post.permissions,
            incompatible: post.incompatible,
        })
        .collect()
}

pub(super) const STAFF_COLUMNS: [&str; 6] =
    ["account", "name_zh", "bureau", "org", "posts", "citizen_no"];

pub(super) fn staff(files: &Files, faults: &mut Faults) -> Vec<StaffMember> {
    lines(files, STAFF, &STAFF_COLUMNS, faults)
        .iter()
        .filter_map(|line| member(line, faults))
        .collect()
}

fn member(line: &Line<'_>, faults: &mut Faults) -> Option<StaffMember> {
    let account = line.filled("account", faults).to_owned();
    let name = line.filled("name_zh", faults).to_owned();
    let number: Option<CitizenNo> = line.optional("citizen_no", faults);
    let bureau = line.value("bureau", faults);
    let org: Option<kernel::OrgPath> = line.value("org", faults);
    let mut posts = Vec::new();
    for text in line.list("posts") {
        let (post, place) = text.split_once('@').unwrap_or((text, line.text("org")));
        match place.parse() {
            Ok(org) => posts.push(PostHeld {
                post: post.to_owned(),
                org,
            }),
            Err(fault) => line.fault(faults, format!("`posts`: {fault}")),
        }
    }
    Some(StaffMember {
        account,
        name,
        bureau: bureau?,
        org: org?,
        posts,
        number,
    })
}
