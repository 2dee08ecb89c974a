//! The posts, places, services and decisions that a flow names exist.

use flow::{Definition, NodeKind, UserTask};
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
    for node in definition.nodes() {
        let messages = match &node.kind {
            NodeKind::UserTask(task) => user_task(pack, task),
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

fn user_task(pack: &Pack, task: &UserTask) -> Vec<String> {
    let mut messages = Vec::new();
    if PERMISSIONS
        .iter()
        .all(|(name, ..)| *name != task.permission)
    {
        messages.push(format!("there is no permission `{}`", task.permission));
    }
    let place = match &task.org {
        Some(org) => format!("{}/{org}", pack.city.code),
        None => pack.city.code.to_string(),
    };
    let mut organisations = pack.organisations.iter();
    let org = organisations.find(|org| org.path.as_str() == place);
    if org.is_none() {
        messages.push(format!("there is no organisation {place}"));
    }
    let Some(id) = &task.post else {
        return messages;
    };
    match post_of(pack, id) {
        None => messages.push(format!("there is no post `{id}`")),
        Some(post) if !post.permissions.contains(&task.permission) => {
            messages.push(format!(
                "the post `{id}` has no permission `{}`",
                task.permission
            ));
        }
        Some(_) => {
            let short = |org: &OrgPath| holders(pack, id, org) < usize::from(task.people.get());
            if org.is_some_and(|org| short(&org.path)) {
                let people = task.people;
                messages.push(format!(
                    "fewer than {people} hold the post `{id}` in {place}"
                ));
            }
        }
    }
    messages
}

/// How many staff hold a post over an organisation.
fn holders(pack: &Pack, post: &str, org: &OrgPath) -> usize {
    let holds = |held: &crate::pack::PostHeld| held.post == post && held.org.contains(org);
    let staff = pack.staff.iter();
    staff
        .filter(|member| member.posts.iter().any(holds))
        .count()
}
