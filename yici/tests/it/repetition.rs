//! The same request again: the same answer, and nothing done twice, whatever has happened since.

use axum::{body::Body, http::Method};
use identity::ClientAddress;
use kernel::limits::{UPLOADS_AT_ONCE_MAX, UPLOADS_OF_ONE_MAX};
use serde_json::json;
use testkit::on_both;
use tokio::task::JoinHandle;
use tower::ServiceExt as _;

use crate::{
    client::{Call, PNG},
    harness::TestApp,
    story::Story,
};

on_both! {
    async fn a_repetition_is_known_where_its_first_checks_would_fail_now(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        let task = app.task_of("lijuan", &story.case).await;
        let lijuan = app.staff("lijuan").await;
        let claim = |key: &str| Call::post(format!("/tasks/{task}/claim"), &json!({})).key(key);
        let first = app.call(claim("claim-once").by(&lijuan)).await.good();
        story.accept("lijuan").await.good();
        // The task is done and gone.
        assert_eq!(app.call(claim("claim-once").by(&lijuan)).await.good(), first);
        app.call(claim("claim-again").by(&lijuan)).await.refused(404, "E1012");
        let colleague = app.staff("wanglei").await;
        app.call(claim("claim-once").by(&colleague)).await.refused(404, "E1012");
    }
}

on_both! {
    async fn a_draft_is_thrown_away_once(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        let who = story.draft().await;
        let discard = || Call::delete(format!("/cases/{}", story.case)).by(&who);
        app.send(discard()).await.refused(400, "E1007");
        app.call(discard().key("discard-1")).await.good();
        app.call(discard().key("discard-1")).await.good();
        app.call(discard().key("discard-2")).await.refused(404, "E1012");
    }
}

on_both! {
    async fn a_file_sent_twice_is_there_once(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "LD-001", "granted");
        let who = story.draft().await;
        let version = app.version(&story.case).await;
        let upload = |name: &str| {
            let path = format!("/cases/{}/files?material=m4", story.case);
            Call::new(Method::POST, path).file(name, PNG).version(version).by(&who)
        };
        app.send(upload("章程.png")).await.refused(400, "E1007");
        let first = app.call(upload("章程.png").key("upload-1")).await.good();
        let again = app.call(upload("章程.png").key("upload-1")).await.good();
        assert_eq!(again, first);
        app.call(upload("别的.png").key("upload-1")).await.refused(422, "E1008");
        let file = format!("/cases/{}/files/{}", story.case, first["material_id"].as_str().unwrap());
        assert_eq!(app.call(Call::get(&file).by(&who)).await.status, 200);
        let remove = || Call::delete(&file).by(&who);
        app.send(remove()).await.refused(400, "E1007");
        let gone = app.call(remove().key("remove-1")).await.good();
        assert_eq!(app.call(remove().key("remove-1")).await.good(), gone);
        app.call(remove().key("remove-2")).await.refused(404, "E1012");
    }
}

/// An upload whose body never ends, sent through the application.
fn halting(app: &TestApp, upload: Call) -> JoinHandle<u16> {
    let (mut parts, _) = upload.request().into_parts();
    parts
        .extensions
        .insert(ClientAddress([127, 0, 0, 1].into()));
    let body = Body::from_stream(tokio_stream::pending::<std::io::Result<Vec<u8>>>());
    let request = axum::http::Request::from_parts(parts, body);
    let answer = app.router.clone().oneshot(request);
    tokio::spawn(async move { answer.await.unwrap().status().as_u16() })
}

on_both! {
    async fn who_sends_slowly_takes_no_place_from_others_and_none_without_a_slot(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "LD-001", "granted");
        let who = story.draft().await;
        let mut other = Story::named(&app, "SB-084", "granted");
        let neighbour = other.draft().await;
        let upload = |case: &str, slot: &str, key: &str| {
            let path = format!("/cases/{case}/files?material={slot}");
            Call::new(Method::POST, &path).file("章程.png", PNG).key(key)
        };
        // Nobody waits for the body of what is refused anyway.
        for (case, slot, status) in [(&story.case, "m4", 404), (&other.case, "m99", 422)] {
            for n in 0..=UPLOADS_AT_ONCE_MAX {
                let call = upload(case, slot, &format!("vain-{n:04}")).by(&neighbour);
                assert_eq!(halting(&app, call).await.unwrap(), status);
            }
        }
        let mut slow = Vec::new();
        for n in 0..UPLOADS_OF_ONE_MAX {
            slow.push(halting(&app, upload(&story.case, "m4", &format!("slow-{n:04}")).by(&who)));
            // Others are served meanwhile, and each sender gets to the point where he waits.
            for _ in 0..5 {
                app.get(&who, "/session").await;
            }
        }
        app.call(upload(&story.case, "m4", "fast-0001").by(&who)).await.refused(503, "E1901");
        app.call(upload(&other.case, "m3", "fast-0002").by(&neighbour)).await.good();
        for one in slow {
            one.abort();
            drop(one.await);
        }
        app.call(upload(&story.case, "m4", "fast-0003").by(&who)).await.good();
    }
}
