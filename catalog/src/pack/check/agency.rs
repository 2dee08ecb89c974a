//! Divisions, organisations, posts and staff fit each other.

use kernel::{
    DivisionCode, OrgPath,
    caller::{PERMISSIONS, Rule},
};

use super::{row, second_row};
use crate::pack::{
    Pack, Post, StaffMember,
    agency::{CITY, DIVISIONS, ORGANISATIONS, POSTS, STAFF, source},
    fault::Faults,
    read::Files,
};

pub(super) fn check(files: &Files, pack: &Pack, faults: &mut Faults) {
    divisions(files, pack, faults);
    organisations(files, pack, faults);
    posts(files, pack, faults);
    for member in &pack.staff {
        staff(files, pack, member, faults);
    }
}

fn is_division(pack: &Pack, code: DivisionCode) -> bool {
    pack.divisions.iter().any(|division| division.code == code)
}

fn is_organisation(pack: &Pack, path: &OrgPath) -> bool {
    pack.organisations.iter().any(|org| org.path == *path)
}

/// The agency in whose tree an organisation stands.
pub(super) fn agency_of(path: &OrgPath) -> &str {
    path.as_str().split('/').next().unwrap_or_default()
}

fn divisions(files: &Files, pack: &Pack, faults: &mut Faults) {
    if !is_division(pack, pack.city.code) {
        let message = format!("{} is not in {DIVISIONS}", pack.city.code);
        faults.add(CITY, None, message);
    }
    for division in &pack.divisions {
        let code = division.code.to_string();
        if let Some(line) = second_row(files, DIVISIONS, &code) {
            faults.add(DIVISIONS, line, format!("{code} stands in the file twice"));
        }
        if let Some(parent) = division.parent.filter(|parent| !is_division(pack, *parent)) {
            let line = row(files, DIVISIONS, &code);
            faults.add(DIVISIONS, line, format!("there is no division {parent}"));
        }
    }
}

fn organisations(files: &Files, pack: &Pack, faults: &mut Faults) {
    for organisation in &pack.organisations {
        let path = &organisation.path;
        let line = row(files, ORGANISATIONS, path.as_str());
        if let Some(line) = second_row(files, ORGANISATIONS, path.as_str()) {
            faults.add(
                ORGANISATIONS,
                line,
                format!("{path} stands in the file twice"),
            );
        }
        let agency = agency_of(path).parse().ok();
        if !agency.is_some_and(|agency| is_division(pack, agency)) {
            let message = format!("`{}` is not a division", agency_of(path));
            faults.add(ORGANISATIONS, line, message);
        }
        let parent = path.as_str().rsplit_once('/').map(|(parent, _)| parent);
        let missing = |parent: &&str| {
            pack.organisations
                .iter()
                .all(|other| other.path.as_str() != *parent)
        };
        if let Some(parent) = parent.filter(missing) {
            faults.add(
                ORGANISATIONS,
                line,
                format!("there is no organisation {parent}"),
            );
        }
    }
}

fn posts(files: &Files, pack: &Pack, faults: &mut Faults) {
    let Some(source) = source(files, POSTS, faults) else {
        return;
    };
    let granted = |name: &str| {
        PERMISSIONS
            .iter()
            .any(|(known, rule, _)| *known == name && *rule == Rule::Granted)
    };
    for (at, post) in pack.posts.iter().enumerate() {
        if pack.posts.iter().take(at).any(|other| other.id == post.id) {
            let line = source.line(&format!("post/{at}/id"));
            faults.add(POSTS, line, format!("there is another post `{}`", post.id));
        }
        for (place, name) in post.permissions.iter().enumerate() {
            if !granted(name) {
                let line = source.line(&format!("post/{at}/permissions/{place}"));
                faults.add(
                    POSTS,
                    line,
                    format!("no post can carry the permission `{name}`"),
                );
            }
        }
        for (place, other) in post.incompatible.iter().enumerate() {
            if post_of(pack, other).is_none() {
                let line = source.line(&format!("post/{at}/incompatible/{place}"));
                faults.add(POSTS, line, format!("there is no post `{other}`"));
            }
        }
    }
}

/// A post by its id.
pub(super) fn post_of<'p>(pack: &'p Pack, id: &str) -> Option<&'p Post> {
    pack.posts.iter().find(|post| post.id == id)
}

fn staff(files: &Files, pack: &Pack, member: &StaffMember, faults: &mut Faults) {
    let line = row(files, STAFF, &member.account);
    if let Some(line) = second_row(files, STAFF, &member.account) {
        let message = format!("the account {} stands in the file twice", member.account);
        faults.add(STAFF, line, message);
    }
    let places = member.posts.iter().map(|held| &held.org);
    for org in std::iter::once(&member.org).chain(places) {
        if !is_organisation(pack, org) {
            faults.add(STAFF, line, format!("there is no organisation {org}"));
        }
        if agency_of(org) != member.bureau.to_string() {
            faults.add(
                STAFF,
                line,
                format!("{org} is not in agency {}", member.bureau),
            );
        }
    }
    let held: Vec<&str> = member.posts.iter().map(|held| held.post.as_str()).collect();
    for id in &held {
        let Some(post) = post_of(pack, id) else {
            faults.add(STAFF, line, format!("there is no post `{id}`"));
            continue;
        };
        let clash = |other: &&&str| post.incompatible.iter().any(|no| no == **other);
        if let Some(other) = held.iter().find(clash) {
            let message = format!("`{id}` and `{other}` must not be held by one person");
            faults.add(STAFF, line, message);
        }
    }
}
