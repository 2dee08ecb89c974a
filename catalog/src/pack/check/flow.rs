//! The posts, places, services and decisions that a flow names exist, in every agency that takes
//! applications, with enough people.

use std::collections::{BTreeMap, BTreeSet};

use flow::{Definition, ElementId, NodeKind, Stage, UserTask};
use kernel::{Lang, OrgPath, caller::PERMISSIONS};

use super::{agency::post_of, item::place};
use crate::pack::{Item, Pack, fault::Faults, read::Files};

/// What a service task may ask for.
const SERVICES: [&str; 2] = ["issue_result", "serve_electronically"];

pub(super) fn check(
    files: &Files,
    pack: &Pack,
    item: &Item,
    decisions: &[String],
    faults: &mut Faults,
) {
    let file = place(files, item, "flow.bpmn");
    let definition = match Definition::read(&item.flow) {
        Ok(definition) => definition,
        Err(found) => {
            for fault in found {
                let element = fault
                    .element
                    .map_or_else(String::new, |id| format!("{id}: "));
                let message = format!("{element}{}", fault.kind.words(Lang::En));
                faults.add(&file, usize::try_from(fault.line).ok(), message);
            }
            return;
        }
    };
    let tasks: BTreeMap<&ElementId, &UserTask> = definition
        .nodes()
        .iter()
        .filter_map(|node| match &node.kind {
            NodeKind::UserTask(task) => Some((&node.id, task)),
            _ => None,
        })
        .collect();
    for node in definition.nodes() {
        let messages = match &node.kind {
            NodeKind::UserTask(task) => user_task(pack, item, task, &tasks),
            NodeKind::ServiceTask { service } if !SERVICES.contains(&service.as_str()) => {
                vec![format!("there is no service `{service}`")]
            }
            // Rules that do not load are told at their own file.
            NodeKind::BusinessRuleTask { decision }
                if !decisions.is_empty() && !decisions.contains(decision) =>
            {
                vec![format!("rules.dmn has no decision `{decision}`")]
            }
            _ => Vec::new(),
        };
        for message in messages {
            let line = usize::try_from(node.line).ok();
            faults.add(&file, line, format!("{}: {message}", node.id));
        }
    }
}

fn user_task(
    pack: &Pack,
    item: &Item,
    task: &UserTask,
    tasks: &BTreeMap<&ElementId, &UserTask>,
) -> Vec<String> {
    let mut messages = Vec::new();
    if PERMISSIONS
        .iter()
        .all(|(name, ..)| *name != task.permission)
    {
        messages.push(format!("there is no permission `{}`", task.permission));
    }
    let post = task.post.as_deref().map(|id| (id, post_of(pack, id)));
    match post {
        Some((id, None)) => messages.push(format!("there is no post `{id}`")),
        Some((id, Some(post))) if !post.permissions.contains(&task.permission) => {
            messages.push(format!(
                "the post `{id}` has no permission `{}`",
                task.permission
            ));
        }
        _ => {}
    }
    for agency in agencies(pack) {
        let place = place_of(agency, item, task);
        let mut organisations = pack.organisations.iter();
        match organisations.find(|org| org.path.as_str() == place) {
            None => messages.push(format!("there is no organisation {place}")),
            Some(org) => {
                if let Some((id, Some(_))) = post {
                    let wanted = (id, &org.path, task);
                    messages.extend(short_of_hands(pack, item, wanted, agency, tasks));
                }
            }
        }
    }
    messages
}

/// The agencies that take applications at a window: those with a hall.
fn agencies(pack: &Pack) -> impl Iterator<Item = &str> {
    let organisations = pack.organisations.iter();
    organisations.filter_map(|org| org.path.as_str().strip_suffix("/hall"))
}

/// Where a task is done in an agency, as cases find it.
fn place_of(agency: &str, item: &Item, task: &UserTask) -> String {
    let below = task.org.as_deref().unwrap_or(match task.stage {
        Stage::Intake => "hall",
        Stage::Make | Stage::HandOut => "delivery",
        _ => &item.facts.handled_by,
    });
    format!("{agency}/{below}")
}

/// Whether too few hold the post there, counting those who may not because of an earlier task.
fn short_of_hands(
    pack: &Pack,
    item: &Item,
    (post, place, task): (&str, &OrgPath, &UserTask),
    agency: &str,
    tasks: &BTreeMap<&ElementId, &UserTask>,
) -> Option<String> {
    let able = holders(pack, post, place);
    let earlier = task.exclude.iter().filter_map(|id| tasks.get(id));
    let taken: usize = earlier
        .filter_map(|earlier| {
            let there = place_of(agency, item, earlier).parse().ok()?;
            let others = holders(pack, earlier.post.as_deref()?, &there);
            let people = usize::from(earlier.people.get());
            Some(people.min(able.intersection(&others).count()))
        })
        .sum();
    let wanted = usize::from(task.people.get()) + taken;
    (able.len() < wanted).then(|| format!("fewer than {wanted} hold the post `{post}` in {place}"))
}

/// The accounts of staff who hold a post over an organisation.
fn holders<'p>(pack: &'p Pack, post: &str, org: &OrgPath) -> BTreeSet<&'p str> {
    let holds = |held: &crate::pack::PostHeld| held.post == post && held.org.contains(org);
    let staff = pack.staff.iter();
    staff
        .filter(|member| member.posts.iter().any(holds))
        .map(|member| member.account.as_str())
        .collect()
}
