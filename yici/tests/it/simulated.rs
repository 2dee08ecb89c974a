//! The simulator: the same seed is the same city, whatever the database.

use std::path::Path;

use store::Store;
use testkit::{Database, Kind};
use yici::simulate::{self, Report};

use crate::{
    harness::pack_folder,
    replay::{places_are_taken, replays},
};

/// A pack with fewer people than the demo city, so that a test is quick.
pub(crate) fn smaller_pack(to: &Path) {
    copy(&pack_folder(), to);
    let file = to.join("population.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let fewer = text
        .replace("\npeople = 6000\n", "\npeople = 400\n")
        .replace("\nemployers = 300\n", "\nemployers = 60\n");
    assert_ne!(fewer, text);
    std::fs::write(file, fewer).unwrap();
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

async fn lived(kind: Kind, seed: u64) -> (Report, String) {
    let database = Database::create(kind).await;
    let folder = tempfile::tempdir().unwrap();
    smaller_pack(&folder.path().join("pack"));
    let plan = simulate::Alone {
        database: database.options().url.clone(),
        folder: folder.path().join("data"),
        pack: folder.path().join("pack"),
        from: "2026-03-02".parse().unwrap(),
        days: 3,
        seed,
        per_day: 6,
    };
    let lived = simulate::alone(plan).await.unwrap();
    let store = Store::open(database.options()).await.unwrap();
    assert!(
        replays(&store).await > 10,
        "something happened, and its events tell it"
    );
    places_are_taken(&store).await;
    store.close().await;
    lived
}

#[tokio::test]
async fn the_same_seed_is_the_same_city_on_both_databases() {
    let first = lived(Kind::Sqlite, 7).await;
    assert!(first.0.opened > 10 && first.0.granted > 0, "{:?}", first.0);
    assert_eq!(lived(Kind::Sqlite, 7).await, first);
    assert_eq!(lived(Kind::Postgres, 7).await, first);
    assert_ne!(lived(Kind::Sqlite, 8).await.1, first.1);
}
