//! Whoever changes the audit log is found out.

use kernel::{Clock as _, Timestamp};
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use store::system::SystemClock;
use testkit::on_both;

use crate::{
    binary::Installation,
    client::{Call, Who},
    harness::{TestApp, pack},
    story::Story,
};

/// An installation with an anchored log; tells the longest chain and its last entry.
async fn anchored(installation: &Installation) -> (i64, i64) {
    let app = installation.app().await;
    // Every account is an entry.
    yici::city::demo_accounts(&app, pack()).await.unwrap();
    let now: Timestamp = SystemClock.now();
    assert!(now > testkit::MONDAY);
    let key = &installation.keys.signing;
    let mut known = Vec::new();
    yici::anchors::write(
        &app.kit.store,
        key,
        &SystemClock,
        &yici::anchors::file_of(&installation.anchors(), app.node.slot),
        &mut known,
    )
    .await
    .unwrap();
    let last = known
        .iter()
        .map(|head| (head.seq, head.lane))
        .max()
        .unwrap();
    assert!(last.0 > 10);
    installation.leave(app).await;
    (last.1, last.0)
}

/// What `yici audit verify` says, and whether it is content.
fn verify(installation: &Installation) -> (bool, String) {
    let output = installation.run(&["audit", "verify"]);
    let words = String::from_utf8(output.stdout).unwrap();
    (output.status.code() == Some(0), words)
}

on_both! {
    async fn tampering_is_found_and_named(database) {
        let installation = Installation::new(database).await;
        let (lane, last) = anchored(&installation).await;
        let (clean, words) = verify(&installation);
        assert!(clean, "{words}");
        assert!(words.ends_with("1 anchors, 0 findings\n"), "{words}");

        let url = installation.database.options().url.clone();
        let connection = sea_orm::Database::connect(url).await.unwrap();
        connection.execute_unprepared("CREATE TABLE kept AS SELECT * FROM audit_entry").await.unwrap();
        let of = |seq: i64| format!("WHERE lane = {lane} AND seq = {seq}");
        let cut = last - 3;
        let cases = [
            (vec![format!("UPDATE audit_entry SET outcome = 'E1102' {}", of(5))], "entry 5 was changed".to_owned()),
            (vec![format!("UPDATE audit_entry SET at_us = at_us + 1 {}", of(last))], format!("entry {last} was changed")),
            (vec![format!("DELETE FROM audit_entry {}", of(6))], "missing between 5 and 7".to_owned()),
            (
                vec![
                    format!("UPDATE audit_entry SET seq = 0 {}", of(7)),
                    format!("UPDATE audit_entry SET seq = 7 {}", of(8)),
                    format!("UPDATE audit_entry SET seq = 8 {}", of(0)),
                ],
                "entry 7 was changed".to_owned(),
            ),
            (
                vec![format!("DELETE FROM audit_entry WHERE lane = {lane} AND seq > {cut}")],
                format!("the chain ends with entry {cut}, entry {last} was anchored"),
            ),
            (vec![format!("DELETE FROM audit_entry WHERE lane = {lane}")], format!("entry {last} was anchored")),
        ];
        for (changes, named) in cases {
            for change in &changes {
                connection.execute_unprepared(change).await.unwrap();
            }
            let output = installation.run(&["audit", "verify"]);
            let words = String::from_utf8(output.stdout).unwrap();
            assert_eq!(output.status.code(), Some(1), "{changes:?}: {words}");
            assert!(words.contains(&format!("lane {lane}")) && words.contains(&named), "{changes:?}: {words}");
            connection.execute_unprepared("DELETE FROM audit_entry").await.unwrap();
            connection.execute_unprepared("INSERT INTO audit_entry SELECT * FROM kept").await.unwrap();
        }
        assert!(verify(&installation).0);
    }
}

on_both! {
    async fn anchors_prove_only_what_they_were_signed_for(database) {
        let installation = Installation::new(database).await;
        anchored(&installation).await;
        let file = std::fs::read_dir(installation.anchors()).unwrap().next().unwrap().unwrap().path();
        let text = std::fs::read_to_string(&file).unwrap();
        // A torn last line was never finished and accuses nobody.
        std::fs::write(&file, format!("{text}{}", &text[..text.len() / 2])).unwrap();
        assert!(verify(&installation).0);
        for (forged, named) in [
            (text.replacen("\"seq\":", "\"seq\":1", 1), "line 1"),
            ("not an anchor\n".to_owned(), "line 1 is not an anchor"),
        ] {
            assert_ne!(forged, text);
            std::fs::write(&file, forged).unwrap();
            let (clean, words) = verify(&installation);
            assert!(!clean && words.contains(named), "{words}");
        }
    }
}

on_both! {
    async fn anchors_that_were_taken_away_are_missed(database) {
        let installation = Installation::new(database).await;
        anchored(&installation).await;
        let app = installation.app().await;
        let (folder, keys) = (installation.anchors(), [installation.keys.signing.verifying_key().clone()]);
        let later = SystemClock.now().plus_seconds(120);
        let found = yici::anchors::verify(&app.kit.store, &keys, &folder, later).await.unwrap();
        assert_eq!(found.findings, Vec::<String>::new());
        std::fs::remove_dir_all(&folder).unwrap();
        let found = yici::anchors::verify(&app.kit.store, &keys, &folder, later).await.unwrap();
        assert!(found.findings.iter().any(|words| words.starts_with("no anchor is left")), "{found:?}");
        installation.leave(app).await;
    }
}

on_both! {
    async fn a_citizen_who_reaches_for_the_case_of_another_is_seen_by_the_auditor(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        let stranger = app.citizen("180103198508230050").await;
        let path = format!("/cases/{}", story.case);
        app.call(Call::get(&path).by(&stranger)).await.refused(404, "E1012");
        assert_eq!(app.audited("access.refused").await.len(), 1);
        let auditor = app.staff("caiyi").await;
        let rows = app.get(&auditor, "/audit?limit=100").await["rows"].clone();
        let mut rows = rows.as_array().unwrap().iter();
        let seen = rows.find(|row| row["action"] == "access.refused").unwrap();
        assert_eq!((&seen["outcome"], &seen["actor"]["kind"]), (&json!("E1012"), &json!("person")));
    }
}

on_both! {
    async fn who_sees_a_number_in_full_stands_in_the_audit_log_and_the_number_does_not(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        story.accept("lijuan").await.good();
        let reviewer = app.staff("gaoyuan").await;
        let path = format!("/workbench/cases/{}/unmask", story.case);
        let ask = |who: &Who| Call::post(&path, &json!({ "reason": "电话核实" })).by(who);
        assert!(app.audited("person.unmask").await.is_empty());
        let shown = app.call(ask(&reviewer).key("unmask-1")).await.good();
        assert_eq!(shown["number"], story.applicant.as_str());
        // And what is masked of the form.
        let fields = shown["fields"].as_array().unwrap();
        assert!(fields.iter().any(|field| field["value"] == "13800000001" && field["key"] == "mobile"), "{shown}");
        // Sent again it is the same look, with another reason it is none.
        assert_eq!(app.call(ask(&reviewer).key("unmask-1")).await.good(), shown);
        let other = Call::post(&path, &json!({ "reason": "好奇" })).by(&reviewer);
        app.call(other.key("unmask-1")).await.refused(422, "E1008");
        app.call(ask(&app.staff("lijuan").await)).await.refused(403, "E1102");
        let looked = app.audited("person.unmask").await;
        assert_eq!(looked.len(), 1, "{looked:?}");
        assert!(looked[0].actor.contains(&app.staff_id("gaoyuan").await));
        assert_eq!((looked[0].subject.as_str(), looked[0].outcome.as_str()), (story.case.as_str(), "done"));
        // Who may not see it stands there too.
        let refused = app.audited("access.refused").await;
        let lijuan = app.staff_id("lijuan").await;
        assert!(refused.iter().any(|entry| entry.actor.contains(&lijuan) && entry.outcome == "E1102" && entry.subject.ends_with("person.unmask")), "{refused:?}");
        let everything = [looked, refused].concat();
        for secret in [story.applicant.as_str(), "13800000001"] {
            assert!(everything.iter().all(|entry| !format!("{entry:?}").contains(secret)));
        }
    }
}
