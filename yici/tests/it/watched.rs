//! What whoever watches the program sees: figures without a word about anybody, alive, ready.

use kernel::ids::{CaseId, Id as _};
use serde_json::json;
use testkit::on_both;

use crate::{
    binary::{Browser, Installation},
    client::{Answer, Call},
    harness::TestApp,
};

/// What a path outside the API answers.
async fn look(browser: &mut Browser, path: &str) -> Answer {
    browser.call(&Call::outside(path)).await.unwrap()
}

/// The value of one series.
fn value(figures: &str, series: &str) -> u64 {
    let line = figures
        .lines()
        .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{series} is not among\n{figures}"))
        .parse()
        .unwrap()
}

on_both! {
    async fn figures_count_requests_by_their_patterns(database) {
        let installation = Installation::new(database).await;
        let server = installation.serve();
        let mut browser = Browser::open(server.address).await.unwrap();
        assert_eq!(look(&mut browser, "/healthz").await.text, "ok\n");
        let ready = look(&mut browser, "/readyz").await;
        assert_eq!((ready.status, ready.text.as_str()), (200, "ready\n"));
        let citizen = browser.sign_in("person-2", "portal").await;
        let case = CaseId::from_uuid(uuid::Uuid::from_u128(3));
        for _ in 0..2 {
            let call = Call::get(format!("/cases/{case}")).by(&citizen);
            browser.call(&call).await.unwrap().refused(404, "E1012");
        }
        let open = Call::post("/cases", &json!({ "item": "JY-009" })).key("open-0001").by(&citizen);
        browser.call(&open).await.unwrap().good();
        // Methods that a client makes up, and addresses, are not labels.
        let made_up = Call::new(axum::http::Method::from_bytes(b"BREW").unwrap(), "/items");
        assert_eq!(browser.call(&made_up).await.unwrap().status, 405);
        look(&mut browser, "/180103198508230050").await;

        let answer = look(&mut browser, "/metrics").await;
        assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (200, "text/plain; version=0.0.4"));
        let figures = &answer.text;
        let requests = |method: &str, path: &str, status: u16| {
            value(figures, &format!("yici_http_requests{{method=\"{method}\",path=\"{path}\",status=\"{status}\"}}"))
        };
        assert_eq!(requests("GET", "/api/v1/cases/{case_id}", 404), 2);
        assert_eq!(requests("POST", "/api/v1/cases", 200), 1);
        assert_eq!(requests("other", "/api/v1/items", 405), 1);
        let slow = "yici_http_seconds_bucket{method=\"POST\",path=\"/api/v1/cases\",le=\"+Inf\"}";
        assert_eq!(value(figures, slow), 1);
        assert!(value(figures, "yici_batch_commands_count") >= 2);
        for text in ["180103198508230050", "BREW", &case.to_string()] {
            assert!(!figures.contains(text), "{text} is among\n{figures}");
        }
        drop(browser);
        server.stop();
    }
}

on_both! {
    async fn a_program_without_its_database_is_alive_and_not_ready(database) {
        let app = TestApp::new(database).await;
        assert_eq!(app.send(Call::outside("/readyz")).await.status, 200);
        app.app.kit.store.clone().close().await;
        let ready = app.send(Call::outside("/readyz")).await;
        assert_eq!((ready.status, ready.text.as_str()), (503, "the database does not answer\n"));
        assert_eq!(app.send(Call::outside("/healthz")).await.text, "ok\n");
    }
}
