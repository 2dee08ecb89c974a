//! The benchmark's floor with our rows fits the tables that the program makes: a new column must not
//! be found out weeks later, when somebody measures.

use sea_orm::ConnectionTrait as _;
use testkit::{Database, Kind};

#[tokio::test]
async fn the_floor_with_our_rows_fits_our_tables_on_postgres() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../bench/floors/own");
    let fill = std::fs::read_to_string(folder.join("fill.sql")).unwrap();
    let lines = fill.lines().filter(|line| !line.starts_with("vacuum"));
    let fill = lines.collect::<Vec<_>>().join("\n").replace("200000", "20");
    let database = Database::create(Kind::Postgres).await;
    let store = database.open().await;
    let run = async |sql: &str| store.read().execute_unprepared(sql).await.unwrap();
    run(&fill).await;
    run("SELECT own_cmd(7, 'clerk1', 0)").await;
    // The other one is the same in two round trips: its rows are those of the function.
    let two = std::fs::read_to_string(folder.join("cmd2.sql")).unwrap();
    for line in two.lines().filter(|line| line.starts_with("INSERT")) {
        let columns = line.split(" VALUES").next().unwrap();
        assert!(
            fill.to_lowercase().contains(&columns.to_lowercase()),
            "{columns}"
        );
    }
}
