//! Where uploads lie: a folder, or a bucket of a server that speaks S3.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    routing::get,
};
use object_store::{ObjectStoreExt as _, PutPayload, path::Path as Name};
use testkit::on_both;
use yici::files::{self, Place};

use crate::{binary::Installation, commands::out, harness::TestApp, story::Story};

/// What lies in the bucket, by name.
type Bucket = Arc<Mutex<BTreeMap<String, Bytes>>>;

/// As much of S3 as uploads need, for one bucket named `bucket`; it takes signed requests only.
async fn bucket() -> (String, Bucket) {
    let bucket = Bucket::default();
    let router = Router::new()
        .route("/bucket", get(list))
        .route("/bucket/{*name}", get(read).put(write).delete(remove))
        .with_state(Arc::clone(&bucket));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, bucket)
}

async fn list(
    State(bucket): State<Bucket>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> String {
    let bucket = bucket.lock().unwrap();
    let within = asked.get("prefix").map_or("", String::as_str);
    let named = bucket.iter().filter(|(name, _)| name.starts_with(within));
    let contents = named.map(|(name, content)| {
        format!(
            "<Contents><Key>{name}</Key><LastModified>2026-03-02T01:00:00.000Z</LastModified>\
             <ETag>&quot;1&quot;</ETag><Size>{}</Size></Contents>",
            content.len()
        )
    });
    format!(
        "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated>{}</ListBucketResult>",
        contents.collect::<String>()
    )
}

async fn read(
    State(bucket): State<Bucket>,
    Path(name): Path<String>,
) -> Result<([(&'static str, &'static str); 2], Bytes), StatusCode> {
    let content = bucket.lock().unwrap().get(&name).cloned();
    let head = [
        ("etag", "\"1\""),
        ("last-modified", "Mon, 02 Mar 2026 01:00:00 GMT"),
    ];
    content
        .map(|content| (head, content))
        .ok_or(StatusCode::NOT_FOUND)
}

async fn write(
    State(bucket): State<Bucket>,
    Path(name): Path<String>,
    headers: HeaderMap,
    content: Bytes,
) -> Result<[(&'static str, &'static str); 1], StatusCode> {
    let signed = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    if !signed.is_some_and(|words| words.contains("Credential=yici/")) {
        return Err(StatusCode::FORBIDDEN);
    }
    bucket.lock().unwrap().insert(name, content);
    Ok([("etag", "\"1\"")])
}

async fn remove(State(bucket): State<Bucket>, Path(name): Path<String>) -> StatusCode {
    bucket.lock().unwrap().remove(&name);
    StatusCode::NO_CONTENT
}

on_both! {
    async fn uploads_may_lie_in_a_bucket(database) {
        let installation = Installation::new(database).await;
        let (address, bucket) = bucket().await;
        let doctor = |key: &'static str, place: &'static str| {
            let mut command = installation.command(&["doctor", "--files", place]);
            command
                .env("AWS_ENDPOINT_URL", &address)
                .env("AWS_ACCESS_KEY_ID", key)
                .env("AWS_SECRET_ACCESS_KEY", "secret")
                .env("AWS_REGION", "cn-yunchuan-1");
            async move { tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap() }
        };
        let well = doctor("yici", "s3://bucket/yunchuan").await;
        let line = "ok     uploads: s3://bucket/yunchuan can be used; every file there belongs to a case";
        assert!(out(&well).contains(line), "{}", out(&well));
        assert!(bucket.lock().unwrap().is_empty(), "the doctor leaves nothing behind");
        let stray = "yunchuan/180100/stray".to_owned();
        bucket.lock().unwrap().insert(stray, Bytes::from_static(b"?"));
        let found = doctor("yici", "s3://bucket/yunchuan").await;
        assert!(out(&found).contains("; files that belong to no case: 1."), "{}", out(&found));
        let other = doctor("yici", "s3://bucket/elsewhere").await;
        assert!(out(&other).contains("every file there belongs to a case"), "{}", out(&other));
        let refused = doctor("somebody", "s3://bucket/yunchuan").await;
        assert_eq!(refused.status.code(), Some(1));
        assert!(out(&refused).contains("WRONG  uploads: s3://bucket/yunchuan: nothing can be written"), "{}", out(&refused));
    }
}

on_both! {
    async fn what_belongs_to_no_case_is_counted(database) {
        let app = TestApp::new(database).await;
        Story::named(&app, "LD-001", "granted").draft().await;
        let files = app.files();
        assert!(std::fs::read_dir(app.folder.path().join("files")).unwrap().next().is_some());
        assert_eq!(files::left_behind(files.as_ref(), &app.app.kit.store).await.unwrap(), 0);
        for name in ["180100/stray", "stray"] {
            files.put(&Name::from(name), PutPayload::from_static(b"?")).await.unwrap();
        }
        assert_eq!(files::left_behind(files.as_ref(), &app.app.kit.store).await.unwrap(), 2);
    }
}

#[test]
fn a_place_is_a_folder_or_a_bucket() {
    let bucket = |name: &str, prefix: &str| Place::Bucket {
        name: name.to_owned(),
        prefix: prefix.to_owned(),
    };
    let read = |text: &str| text.parse::<Place>().unwrap();
    assert_eq!(read("/srv/files"), Place::Folder("/srv/files".into()));
    assert_eq!(read("s3://one"), bucket("one", ""));
    assert_eq!(read("s3://one/two/three/"), bucket("one", "two/three"));
    assert_eq!(
        read("s3://one/two/three/").to_string(),
        "s3://one/two/three"
    );
    for wrong in ["", "s3:/one", "s3://", "s3:///two", "ftp://one"] {
        assert!(wrong.parse::<Place>().is_err(), "{wrong}");
    }
}
