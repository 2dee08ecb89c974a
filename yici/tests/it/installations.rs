//! What a database is for is said once, in the database: no data folder makes it another thing.

use kernel::Clock as _;
use store::{Purpose, system::SystemClock};
use testkit::{Database, Kind, on_both};

use crate::{
    binary::{Browser, Installation},
    client::Call,
};

fn words(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &*String::from_utf8_lossy(&output.stdout)
}

on_both! {
    async fn a_demo_listens_on_loopback_only_whatever_the_flags(database) {
        let demo = Installation::new(database).await;
        for flags in [&["serve", "--listen", "0.0.0.0:0"][..], &["serve", "--demo", "--listen", "[::]:0"]] {
            let refused = demo.run(flags);
            assert_eq!(refused.status.code(), Some(1), "{}", words(&refused));
            assert!(words(&refused).contains("loopback only"), "{}", words(&refused));
        }
    }
}

on_both! {
    async fn a_bureau_s_database_never_becomes_a_demo(database) {
        let bureau = Installation::of(database, Purpose::Bureau).await;
        let refused = bureau.run(&["serve", "--demo", "--listen", "127.0.0.1:0"]);
        assert_eq!(refused.status.code(), Some(1), "{}", words(&refused));
        assert!(words(&refused).contains("not created with --demo"), "{}", words(&refused));
        let server = bureau.serve();
        let mut browser = Browser::open(server.address).await.unwrap();
        let providers = browser.call(&Call::get("/identity-providers")).await.unwrap().good();
        assert_eq!(providers["rows"], serde_json::json!([]), "nobody signs in as anybody");
        server.stop();
    }
}

on_both! {
    async fn a_database_of_other_keys_is_left_as_it_is(database) {
        let demo = Installation::new(database).await;
        let other = Installation::new(Database::create(Kind::Sqlite).await).await;
        let refused = other.run_on(&demo.database, &["work"]);
        assert_eq!(refused.status.code(), Some(1), "{}", words(&refused));
        assert!(words(&refused).contains("made with other keys"), "{}", words(&refused));
    }
}

on_both! {
    async fn a_preparation_that_broke_off_begins_again(database) {
        let demo = Installation::of(database, Purpose::UnfinishedDemo).await;
        let refused = demo.run(&["serve", "--listen", "127.0.0.1:0"]);
        assert!(words(&refused).contains("serve --demo"), "{}", words(&refused));
        let store = crate::harness::migrated(demo.database.options()).await;
        let before = store.installation().await.unwrap().unwrap();
        store.start_over().await.unwrap();
        assert_eq!(store.installation().await.unwrap(), None);
        store::migrate(&store).await.unwrap();
        let wanted = store::Installation { id: uuid::Uuid::from_u128(7), ..before };
        let now = SystemClock.now();
        assert_eq!(store.claim(&wanted, now).await.unwrap(), wanted);
        store.finish_demo().await.unwrap();
        let is = store.claim(&wanted, now).await.unwrap();
        assert_eq!(is.purpose, Purpose::Demo, "whoever comes later learns what holds");
        assert!(store.start_over().await.is_err(), "a finished demo keeps its rows");
        store.close().await;
    }
}

#[tokio::test]
async fn a_stop_does_not_wait_for_live_pages() {
    let demo = Installation::new(Database::create(Kind::Sqlite).await).await;
    let server = demo.serve();
    let mut browser = Browser::open(server.address).await.unwrap();
    let leader = browser.sign_in("staff-liushaohua", "workbench").await;
    let opened = browser
        .call(&Call::get("/stream").by(&leader))
        .await
        .unwrap();
    assert_eq!(opened.status, 200, "{}", opened.text);
    server.stop();
    drop(browser);
}
