//! Guides as plain pages: whole without a script, in both languages, found and scanned.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use http_body_util::BodyExt as _;
use testkit::on_both;
use tower::ServiceExt as _;

use crate::harness::TestApp;

/// The status and the text of a page.
async fn page(app: &TestApp, path: &str, language: &str) -> (StatusCode, String) {
    let pages = app.app.guide_pages("/assets/guide.css".to_owned());
    let request = Request::get(path)
        .header("host", "yunchuan.example")
        .header("accept-language", language)
        .body(Body::empty())
        .unwrap();
    let answer = pages.oneshot(request).await.unwrap();
    let policy = answer.headers().get("content-security-policy").cloned();
    let status = answer.status();
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    if text.starts_with("<!DOCTYPE") {
        assert!(
            policy
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("default-src 'none'")
        );
    }
    (status, text)
}

on_both! {
    async fn a_guide_stands_in_one_answer_without_a_script(database) {
        let app = TestApp::new(database).await;
        let (status, text) = page(&app, "/guide/SB-084", "zh-CN").await;
        assert_eq!(status, StatusCode::OK);
        for part in [
            "<html lang=\"zh-CN\">",
            "失业保险金申领",
            "1 个工作日",
            "不用交，我们自己查",
            "href=\"/items/SB-084/apply\"",
            "href=\"/assets/guide.css\"",
            "<svg",
            "http://yunchuan.example/guide/SB-084?lang=zh-CN",
            "行政复议",
        ] {
            assert!(text.contains(part), "{part} is missing");
        }
        assert!(!text.contains("<script") && !text.contains(" style="));
        let (_, english) = page(&app, "/guide/SB-084?lang=en", "zh-CN").await;
        assert!(english.contains("<html lang=\"en\">") && english.contains("1 working day"));
        let (status, other) = page(&app, "/guide/SB-084?lang=xx", "zh-CN").await;
        assert!(status == StatusCode::OK && other.contains("<html lang=\"zh-CN\">"));
        let (_, english) = page(&app, "/guide/SB-084", "en-GB,en").await;
        assert!(english.contains("Unemployment benefit claim"));
    }
}

on_both! {
    async fn every_guide_is_listed_and_an_unknown_one_says_so(database) {
        let app = TestApp::new(database).await;
        let (_, index) = page(&app, "/guide", "zh").await;
        let (_, sitemap) = page(&app, "/sitemap.xml", "zh").await;
        for code in ["JY-009", "LD-001", "SB-084"] {
            assert!(index.contains(&format!("href=\"/guide/{code}?lang=zh-CN\"")), "{code}");
            assert!(sitemap.contains(&format!("<loc>http://yunchuan.example/guide/{code}</loc>")), "{code}");
        }
        for path in ["/guide/JY-999", "/guide/%3Cscript%3E"] {
            let (status, text) = page(&app, path, "zh").await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
            assert!(text.contains("没有这件事的指南") && !text.contains("<script"));
        }
    }
}
