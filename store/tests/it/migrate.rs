//! Migrations.

use sea_orm::ConnectionTrait as _;
use store::migrate;
use testkit::on_both;

on_both! {
    async fn migrating_twice_does_nothing_and_a_newer_database_is_refused(database) {
        let store = database.open().await;
        assert_eq!(migrate(&store).await.unwrap().applied, Vec::<&str>::new());
        let raw = sea_orm::Database::connect(&database.options().url).await.unwrap();
        raw.execute_unprepared("INSERT INTO migration (id) VALUES ('299901010000_future')").await.unwrap();
        assert!(migrate(&store).await.unwrap_err().to_string().contains("299901010000_future"));
    }
}
