//! Files that come in parts: over broken connections, a restart and two writers at once.

use kernel::limits::{
    PART_BYTES_MAX, PART_BYTES_MIN, UPLOAD_BYTES_MAX, UPLOAD_IDLE_HOURS, UPLOADS_OPEN_MAX,
};
use serde_json::{Value, json};
use testkit::on_both;
use yici::files::left_behind;

use crate::{
    binary::{Browser, Installation},
    client::{Call, PDF, PNG, Who},
    harness::TestApp,
    story::Story,
};

/// A PDF that comes in three parts.
fn large() -> Vec<u8> {
    let mut content = PDF.to_vec();
    let more = (0..3 * PART_BYTES_MIN).map(|n| u8::try_from(n % 251).unwrap());
    content.extend(more);
    content
}

/// Where its parts begin and end.
fn cuts(content: &[u8]) -> [(usize, &[u8]); 3] {
    let (first, rest) = content.split_at(PART_BYTES_MIN);
    let (second, third) = rest.split_at(PART_BYTES_MIN + 7);
    [
        (0, first),
        (first.len(), second),
        (first.len() + second.len(), third),
    ]
}

/// How many files lie in the object store, and how many of them belong to no case.
async fn lying(app: &TestApp) -> (usize, u64) {
    use futures_util::StreamExt as _;
    let files = app.files();
    let all = files.list(None).count().await;
    (
        all,
        left_behind(files.as_ref(), &app.app.kit.store)
            .await
            .unwrap(),
    )
}

async fn offset(app: &TestApp, who: &Who, path: &str) -> String {
    let call = Call::new(axum::http::Method::HEAD, path);
    let answer = app.call(call.by(who)).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    answer.headers["upload-offset"].to_str().unwrap().to_owned()
}

/// The files of a material as its page shows them.
async fn files_of(app: &TestApp, who: &Who, case: &str, material: &str) -> Vec<Value> {
    let draft = app.get(who, &format!("/cases/{case}/draft")).await;
    let slots = draft["materials"].as_array().unwrap();
    let slot = slots.iter().find(|slot| slot["id"] == material).unwrap();
    slot["files"].as_array().unwrap().clone()
}

on_both! {
    async fn a_file_comes_in_parts_and_is_read_as_one(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.materials.clear();
        let who = story.draft().await;
        let content = large();
        let upload = story.begin(&who, "m2", &content).await.good();
        let path = story.upload_path(&upload);
        assert_eq!((&upload["offset"], &upload["bytes"]), (&json!(0), &json!(content.len())));
        for (at, part) in cuts(&content) {
            assert_eq!(offset(&app, &who, &path).await, at.to_string());
            story.finish(&who, &upload).await.refused(409, "E1051");
            let answer = story.part(&who, &upload, at, part).await;
            assert_eq!((answer.status, answer.text.as_str()), (204, ""));
            assert_eq!(answer.headers["upload-offset"], (at + part.len()).to_string());
            // The answer was lost: the same part does not fit again.
            story.part(&who, &upload, at, part).await.refused(409, "E1050");
        }
        assert_eq!(app.get(&who, &format!("/cases/{}/uploads", story.case)).await["rows"].as_array().unwrap().len(), 1);
        let done = story.finish(&who, &upload).await.good();
        assert_eq!(story.finish(&who, &upload).await.good()["material_id"], done["material_id"]);
        app.call(Call::get(&path).by(&who)).await.refused(404, "E1012");
        let files = files_of(&app, &who, &story.case, "m2").await;
        assert_eq!(files.len(), 1, "finished twice it is there once");
        assert_eq!((&files[0]["name"], &files[0]["media_type"], &files[0]["scan"]), (&json!("材料.png"), &json!("application/pdf"), &json!("not_scanned")));
        let file = format!("/cases/{}/files/{}", story.case, done["material_id"].as_str().unwrap());
        let shown = app.call(Call::get(&file).by(&who)).await;
        assert_eq!(shown.headers["content-length"], content.len().to_string());
        assert_eq!(shown.text, String::from_utf8_lossy(&content));
        assert_eq!(lying(&app).await, (3, 0));
        app.call(Call::delete(&file).by(&who)).await.good();
        assert_eq!(lying(&app).await, (0, 0));
        // What was taken away does not come back.
        story.finish(&who, &upload).await.refused(404, "E1012");
    }
}

on_both! {
    async fn no_part_lies_open_and_none_opens_at_another_place(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.materials.clear();
        let who = story.draft().await;
        let content = vec![b'A'; 2 * PART_BYTES_MIN];
        let upload = story.begin(&who, "m2", &content).await.good();
        let (first, second) = content.split_at(PART_BYTES_MIN);
        story.part(&who, &upload, 0, first).await.good();
        story.part(&who, &upload, first.len(), second).await.good();
        let id = upload["upload_id"].as_str().unwrap().replace("upload_", "mat_");
        let folder = app.folder.path().join(format!("files/180100/{}/{id}", story.case));
        let mut names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        let [one, other] = names.as_slice() else { panic!("{names:?}") };
        let sealed = std::fs::read(one).unwrap();
        assert!(!sealed.windows(16).any(|piece| piece == [b'A'; 16]));
        std::fs::write(one, std::fs::read(other).unwrap()).unwrap();
        std::fs::write(other, sealed).unwrap();
        story.finish(&who, &upload).await.refused(500, "E1900");
    }
}

on_both! {
    async fn of_two_writers_one_is_too_late(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.materials.clear();
        let who = story.draft().await;
        let upload = story.begin(&who, "m2", PNG).await.good();
        let sent = || story.part(&who, &upload, 0, PNG);
        let (one, other) = tokio::join!(sent(), sent());
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409]);
        assert_eq!(lying(&app).await, (1, 0));
        let finish = || story.finish(&who, &upload);
        let (one, other) = tokio::join!(finish(), finish());
        assert_eq!(one.good()["material_id"], other.good()["material_id"]);
        assert_eq!(files_of(&app, &who, &story.case, "m2").await.len(), 1);
    }
}

on_both! {
    async fn the_same_content_goes_on_where_it_was_broken_off(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        let who = story.draft().await;
        let content = large();
        let [(_, first), ..] = cuts(&content);
        let upload = story.begin(&who, "m2", &content).await.good();
        story.part(&who, &upload, 0, first).await.good();
        let again = story.begin(&who, "m2", &content).await.good();
        assert_eq!((&again["upload_id"], &again["offset"]), (&upload["upload_id"], &json!(first.len())));
        // Another content, another material: another upload.
        let mut changed = content.clone();
        changed[PART_BYTES_MIN] ^= 1;
        for (material, content) in [("m2", &changed), ("m3", &content)] {
            let other = story.begin(&who, material, content).await.good();
            assert_ne!(other["upload_id"], upload["upload_id"], "{material}");
            assert_eq!(other["offset"], 0);
        }
    }
}

on_both! {
    async fn files_on_their_way_are_their_cases(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        let who = story.draft().await;
        let upload = story.begin(&who, "m2", PNG).await.good();
        let mut window = Story::named(&app, "JY-009", "granted");
        let clerk = window.open_at_window("lijuan").await;
        let strangers = [app.citizen("180103198508230050").await, app.staff("lijuan").await, app.staff("hanmei").await];
        for stranger in &strangers {
            let path = story.upload_path(&upload);
            for call in [Call::get(&path), Call::delete(&path), Call::get(format!("/cases/{}/uploads", story.case))] {
                app.call(call.by(stranger)).await.refused(404, "E1012");
            }
            story.begin(stranger, "m2", PNG).await.refused(404, "E1012");
            story.part(stranger, &upload, 0, PNG).await.refused(404, "E1012");
            story.finish(stranger, &upload).await.refused(404, "E1012");
        }
        // Nor does it go on under another case of one's own.
        window.part(&clerk, &upload, 0, PNG).await.refused(404, "E1012");
        story.part(&who, &upload, 0, PNG).await.good();
    }
}

on_both! {
    async fn sizes_numbers_and_kinds_have_limits(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.materials.clear();
        let who = story.draft().await;
        let path = format!("/cases/{}/uploads", story.case);
        let begin = |bytes: i64, more: Value| {
            let mut body = json!({ "material": "m2", "name": "材料.pdf", "bytes": bytes });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            app.call(Call::post(&path, &body).by(&who))
        };
        begin(0, json!({})).await.refused(422, "E1058");
        begin(i64::try_from(UPLOAD_BYTES_MAX).unwrap() + 1, json!({})).await.refused(413, "E1003");
        begin(10, json!({ "material": "m99" })).await.refused(422, "E1206");
        begin(10, json!({ "digest": "x" })).await.refused(422, "E1002");
        let upload = begin(3_000_000, json!({})).await.good();
        let large = vec![b'%'; PART_BYTES_MAX + 1];
        for content in [&large[..], &large[..PART_BYTES_MIN - 1], b""] {
            story.part(&who, &upload, 0, content).await.refused(422, "E1057");
        }
        let small = begin(10, json!({})).await.good();
        story.part(&who, &small, 0, b"%PDF-12345.").await.refused(422, "E1057");
        // What it says it is does not count.
        story.part(&who, &small, 0, b"MZ\x90\0program"[..10].as_ref()).await.good();
        story.finish(&who, &small).await.refused(422, "E1215");
        app.call(Call::get(story.upload_path(&small)).by(&who)).await.refused(404, "E1012");
        let promised = begin(i64::try_from(PNG.len()).unwrap(), json!({ "digest": "0".repeat(64) })).await.good();
        story.part(&who, &promised, 0, PNG).await.good();
        story.finish(&who, &promised).await.refused(422, "E1052");
        assert_eq!(lying(&app).await, (0, 0));
        for _ in 1..UPLOADS_OPEN_MAX {
            begin(10, json!({})).await.good();
        }
        begin(10, json!({})).await.refused(409, "E1056");
        // A material has so many files and no more.
        for _ in 0..kernel::limits::FILES_PER_MATERIAL_MAX {
            story.upload(&who, "m3").await.good();
        }
        story.upload(&who, "m3").await.refused(409, "E1055");
    }
}

on_both! {
    async fn what_nobody_goes_on_with_is_thrown_away(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.materials.clear();
        let who = story.draft().await;
        let content = large();
        let [(_, first), (second, next), _] = cuts(&content);
        let cancelled = story.begin(&who, "m3", &content).await.good();
        story.part(&who, &cancelled, 0, first).await.good();
        app.call(Call::delete(story.upload_path(&cancelled)).by(&who)).await.good();
        assert_eq!(lying(&app).await, (0, 0));
        let upload = story.begin(&who, "m2", &content).await.good();
        story.part(&who, &upload, 0, first).await.good();
        app.later(UPLOAD_IDLE_HOURS * 3_600 - 60);
        let who = story.applicant().await;
        story.part(&who, &upload, second, next).await.good();
        app.later(120);
        app.run_jobs().await;
        assert_eq!(lying(&app).await, (2, 0), "more has come since");
        app.later(UPLOAD_IDLE_HOURS * 3_600);
        app.run_jobs().await;
        assert_eq!(lying(&app).await, (0, 0));
        let who = story.applicant().await;
        app.call(Call::get(story.upload_path(&upload)).by(&who)).await.refused(404, "E1012");
        // With a draft go its files on their way.
        let upload = story.begin(&who, "m2", &content).await.good();
        story.part(&who, &upload, 0, first).await.good();
        app.call(Call::delete(format!("/cases/{}", story.case)).by(&who)).await.good();
        assert_eq!(lying(&app).await, (0, 0));
        assert!(app.rows("SELECT upload_id FROM case_upload").await.is_empty());
    }
}

on_both! {
    async fn a_power_cut_loses_no_part_that_was_acknowledged(database) {
        let installation = Installation::new(database).await;
        let content = large();
        let [(_, first), (second, next), (third, last)] = cuts(&content);
        let server = installation.serve();
        let mut browser = Browser::open(server.address).await.unwrap();
        let who = browser.sign_in("person-1", "portal").await;
        let mut keys = 0;
        let mut call = async |browser: &mut Browser, call: Call| {
            keys += 1;
            browser.call(&call.key(&format!("power-cut-{keys:04}")).by(&who)).await.unwrap()
        };
        let opened = call(&mut browser, Call::post("/cases", &json!({ "item": "SB-084" }))).await.good();
        let case = opened["case_id"].as_str().unwrap().to_owned();
        let begin = json!({ "material": "m2", "name": "证明.pdf", "bytes": content.len(), "digest": seal::sha256_hex(&content) });
        let upload = call(&mut browser, Call::post(format!("/cases/{case}/uploads"), &begin)).await.good();
        let path = format!("/cases/{case}/uploads/{}", upload["upload_id"].as_str().unwrap());
        let part = |at, content| Call::new(axum::http::Method::PATCH, &path).part(at, content);
        call(&mut browser, part(0, first)).await.good();
        server.kill();
        let server = installation.serve();
        let mut browser = Browser::open(server.address).await.unwrap();
        let here = call(&mut browser, Call::get(&path)).await.good();
        assert_eq!(here["offset"], first.len());
        call(&mut browser, part(second, next)).await.good();
        call(&mut browser, part(third, last)).await.good();
        let done = call(&mut browser, Call::post(format!("{path}/finish"), &json!({}))).await.good();
        let file = format!("/cases/{case}/files/{}", done["material_id"].as_str().unwrap());
        let shown = call(&mut browser, Call::get(file)).await;
        assert_eq!((shown.status, shown.text), (200, String::from_utf8_lossy(&content).into_owned()));
        drop(browser);
        server.stop();
    }
}

on_both! {
    async fn the_files_of_a_material_stand_in_the_order_that_was_given(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.materials.clear();
        let who = story.draft().await;
        for material in ["m2", "m3", "m2", "m2"] {
            story.upload(&who, material).await.good();
        }
        let ids = async |material: &str| -> Vec<Value> {
            let files = files_of(&app, &who, &story.case, material).await;
            files.iter().map(|file| file["material_id"].clone()).collect()
        };
        let given = ids("m2").await;
        let wanted = vec![given[2].clone(), given[0].clone(), given[1].clone()];
        let order = |files: &[Value]| {
            let body = json!({ "material": "m2", "files": files });
            app.call(Call::put(format!("/cases/{}/file-order", story.case), &body).by(&who))
        };
        order(&wanted).await.good();
        assert_eq!(ids("m2").await, wanted);
        for wrong in [&wanted[1..], &[wanted[0].clone(), wanted[0].clone(), wanted[1].clone()]] {
            order(wrong).await.refused(409, "E1010");
        }
        assert_eq!((ids("m2").await, ids("m3").await.len()), (wanted, 1));
    }
}
