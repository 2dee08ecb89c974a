//! Two programs on one database: what one has published the other knows when it needs it.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex},
};

use axum::Router;
use catalog::pack::Pack;
use identity::ClientAddress;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::json;
use store::system::FakeClock;
use testkit::on_both;
use tower::ServiceExt as _;
use yici::{App, app::Plan, city, files, keys::Keys, serve};

use crate::{
    client::{Answer, Call},
    clocks::{NOTICE_2027, clock, lines},
    harness::{CHEAP, TestApp, migrated, pack, stream},
    story::Story,
};

/// Another program on the database of a test.
struct Neighbour {
    app: App,
    router: Router,
    _folder: tempfile::TempDir,
}

impl Neighbour {
    async fn of(test: &TestApp) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let seeds = Mutex::new(stream("seeds of the neighbour"));
        let app = App::build(Plan {
            store: migrated(test.database.options()).await,
            files: files::Place::Folder(folder.path().join("files"))
                .open()
                .unwrap(),
            scanner: None,
            pack: pack(),
            keys: Keys::generate(&mut stream("keys")).unwrap(),
            clock: Arc::<FakeClock>::clone(&test.clock),
            seeds: Arc::new(move || seeds.lock().unwrap().seed()),
            demo: true,
            secure: false,
            hashing: CHEAP,
        })
        .await
        .unwrap();
        let figures = PrometheusBuilder::new().build_recorder().handle();
        Self {
            router: serve::router(&app, figures, &serve::Proxies::default()),
            app,
            _folder: folder,
        }
    }

    async fn call(&self, call: Call) -> Answer {
        let mut request = call.request();
        let address = ClientAddress(IpAddr::from([127, 0, 0, 1]));
        request.extensions_mut().insert(address);
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let content = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer::new(parts.status.as_u16(), parts.headers, &content)
    }
}

on_both! {
    async fn a_calendar_that_another_program_loads_counts_here_at_once(database) {
        let app = TestApp::new(database).await;
        app.at("2026-12-25T10:00:00");
        let mut story = Story::named(&app, "SB-084", "corrected");
        story.submit(false).await.good();
        story.act("lijuan", "correct", &lines()).await.good();
        let neighbour = Neighbour::of(&app).await;
        let holidays = format!("{}{NOTICE_2027}", pack().holidays);
        let operator = city::operator().unwrap();
        let catalog = &neighbour.app.catalog;
        catalog::load_calendar(catalog, &operator, pack().city.code, &holidays).await.unwrap();
        // The job runs here, before anything has told this program of the new edition.
        app.run_jobs().await;
        let case = app.get(&story.applicant().await, &format!("/cases/{}", story.case)).await;
        let due = clock(&case, "correction");
        assert_eq!((&due["due_on"], &due["provisional"]), (&json!("2027-01-19"), &json!(false)));
    }
}

on_both! {
    async fn what_a_program_counts_before_it_hears_of_a_new_calendar_is_counted_again(database) {
        let app = TestApp::new(database).await;
        app.at("2026-12-25T10:00:00");
        let mut story = Story::named(&app, "SB-084", "corrected");
        story.submit(false).await.good();
        let neighbour = Neighbour::of(&app).await;
        let holidays = format!("{}{NOTICE_2027}", pack().holidays);
        let operator = city::operator().unwrap();
        let catalog = &neighbour.app.catalog;
        catalog::load_calendar(catalog, &operator, pack().city.code, &holidays).await.unwrap();
        let there = &neighbour.app;
        there.kit.store.run_due_jobs(&there.handlers(), app.now()).await.unwrap();
        // The new edition has gone through all cases; here it is not known yet.
        story.act("lijuan", "correct", &lines()).await.good();
        let path = format!("/cases/{}", story.case);
        let applicant = story.applicant().await;
        assert_eq!(app.get(&applicant, &path).await["correction"]["due_on"], "2027-01-18");
        app.later(600);
        app.run_jobs().await;
        assert_eq!(app.get(&applicant, &path).await["correction"]["due_on"], "2027-01-19");
    }
}

on_both! {
    async fn a_case_of_an_edition_that_another_program_loads_is_known_here_at_once(database) {
        let app = TestApp::new(database).await;
        let neighbour = Neighbour::of(&app).await;
        let mut changed = pack().items.clone();
        changed[0].facts.name.zh.push_str("（试行）");
        let pack = Pack { items: changed, ..pack().clone() };
        let item = pack.items[0].facts.code.to_string();
        let operator = city::operator().unwrap();
        let today = catalog::Publication::From(app.now().day());
        catalog::load_pack(&neighbour.app.catalog, &operator, &pack, today).await.unwrap();
        let example = &pack.items[0].examples["granted"];
        let who = match &example.employer {
            Some(code) => app.agent(&example.applicant, code).await,
            None => app.citizen(&example.applicant).await,
        };
        let open = Call::post("/cases", &json!({ "item": item })).key("open-there").by(&who);
        let opened = neighbour.call(open).await.good();
        let path = format!("/cases/{}", opened["case_id"].as_str().unwrap());
        let case = app.get(&who, &path).await;
        assert_eq!(case["edition"], 2);
        assert!(case["name"]["zh"].as_str().unwrap().ends_with("（试行）"));
    }
}
