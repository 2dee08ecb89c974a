//! What a staff member holds: his own posts, and those of absent colleagues whose deputy he is.
//! Pure: the rows were read before.

use kernel::{OrgPath, caller::Grant, ids::StaffId};

use crate::directory::Snapshot;

/// A post in an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub post: String,
    pub org: OrgPath,
    /// The absent colleague for whom it is held.
    pub deputy_for: Option<StaffId>,
}

/// Own posts first, then the posts of absent colleagues in the order in which the absences were
/// registered. A covered post that must not meet one of his own, or one that he covers already, is
/// left out, whatever was registered: separation of duties comes first.
pub(crate) fn held(own: Vec<Held>, covered: Vec<Held>, directory: &Snapshot) -> Vec<Held> {
    covered.into_iter().fold(own, |mut held, post| {
        let fits = !held
            .iter()
            .any(|mine| directory.are_incompatible(&mine.post, &post.post));
        if fits {
            held.push(post);
        }
        held
    })
}

/// The permissions that these posts carry, each where it holds.
pub(crate) fn grants(held: &[Held], directory: &Snapshot) -> Vec<Grant> {
    held.iter()
        .filter_map(|held| Some((held, directory.post(&held.post)?)))
        .flat_map(|(held, post)| {
            post.permissions.iter().map(|permission| Grant {
                permission: permission.clone(),
                org: held.org.clone(),
                post: held.post.clone(),
                deputy_for: held.deputy_for,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use kernel::item::Words;

    use super::*;
    use crate::directory::Post;

    fn directory() -> Snapshot {
        let post = |id: &str, permissions: &[&str], incompatible: &[&str]| Post {
            id: id.to_owned(),
            name: Words::default(),
            permissions: permissions.iter().map(ToString::to_string).collect(),
            incompatible: incompatible.iter().map(ToString::to_string).collect(),
        };
        Snapshot {
            posts: vec![
                post("intake", &["case.accept", "case.view"], &["reviewer"]),
                post("reviewer", &["case.review"], &[]),
                post("delivery", &["case.deliver"], &[]),
            ],
            ..Snapshot::default()
        }
    }

    fn post(post: &str, deputy_for: Option<StaffId>) -> Held {
        Held {
            post: post.to_owned(),
            org: "180100/hall".parse().unwrap(),
            deputy_for,
        }
    }

    #[test]
    fn a_deputy_holds_the_posts_of_the_absent_unless_they_must_not_meet_his_own() {
        let absent = testkit::id(9);
        let both = held(
            vec![post("intake", None)],
            vec![
                post("delivery", Some(absent)),
                post("reviewer", Some(absent)),
            ],
            &directory(),
        );
        assert_eq!(both, [post("intake", None), post("delivery", Some(absent))]);
        let grants = grants(&both, &directory());
        let names: Vec<_> = grants
            .iter()
            .map(|grant| (grant.permission.as_str(), grant.deputy_for))
            .collect();
        let own = |name| (name, None);
        assert_eq!(
            names,
            [
                own("case.accept"),
                own("case.view"),
                ("case.deliver", Some(absent))
            ]
        );
    }

    #[test]
    fn a_deputy_of_two_never_holds_posts_that_must_not_meet_each_other() {
        let (first, second) = (testkit::id(8), testkit::id(9));
        let (intake, reviewer) = (post("intake", Some(first)), post("reviewer", Some(second)));
        let own = post("delivery", None);
        let covered = |one: &Held, other: &Held| {
            let covered = vec![one.clone(), other.clone(), post("delivery", Some(second))];
            held(vec![own.clone()], covered, &directory())
        };
        let delivery = post("delivery", Some(second));
        // The absence that was registered first counts.
        assert_eq!(
            covered(&intake, &reviewer),
            [own.clone(), intake.clone(), delivery.clone()]
        );
        assert_eq!(
            covered(&reviewer, &intake),
            [own.clone(), reviewer, delivery]
        );
    }

    #[test]
    fn incompatibility_holds_in_both_directions() {
        let directory = directory();
        assert_eq!(
            directory.first_conflict(&["delivery", "reviewer", "intake"]),
            Some(("reviewer", "intake"))
        );
        assert_eq!(
            directory.first_conflict(&["delivery", "intake", "intake"]),
            None
        );
    }
}
