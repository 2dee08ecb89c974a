//! The examples of the pack: every act through the real use cases, every state as told.

use catalog::pack::Example;
use testkit::{Database, on_both};

use crate::{
    harness::{TestApp, pack},
    replay::replays,
    story::Story,
};

/// An example of an item.
pub(crate) fn example(item: &str, name: &str) -> Example {
    let item = pack()
        .items
        .iter()
        .find(|one| one.facts.code.as_str() == item)
        .unwrap();
    item.examples.get(name).unwrap().clone()
}

async fn plays(database: Database, name: &str) {
    let app = TestApp::new(database).await;
    for item in &pack().items {
        let code = item.facts.code.as_str();
        let Some(example) = item.examples.get(name) else {
            continue;
        };
        app.at("2026-03-02T09:00:00");
        let mut story = Story::of(&app, code, example);
        for act in &example.act {
            app.later(600);
            story.perform(act).await;
            app.run_jobs().await;
            assert_eq!(
                app.state(&story.case).await,
                act.state,
                "{code} {name}: after {}",
                act.verb
            );
        }
        let case = app
            .get(&story.applicant().await, &format!("/cases/{}", story.case))
            .await;
        assert_eq!(case["outcome"], example.expect.as_str(), "{code} {name}");
    }
    assert!(replays(&app.app.kit.store).await >= pack().items.len());
}

#[test]
fn every_item_has_its_three_examples() {
    for item in &pack().items {
        let names: Vec<&str> = item.examples.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            ["corrected", "denied", "granted"],
            "{}",
            item.facts.code
        );
    }
}

on_both! {
    async fn what_the_granted_examples_tell_comes_true(database) {
        plays(database, "granted").await;
    }
}

on_both! {
    async fn what_the_corrected_examples_tell_comes_true(database) {
        plays(database, "corrected").await;
    }
}

on_both! {
    async fn what_the_denied_examples_tell_comes_true(database) {
        plays(database, "denied").await;
    }
}
