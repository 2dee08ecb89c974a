//! Whatever happened, the events of a case make the case that is stored.

use casework::{case::Case, event::Recorded};
use kernel::{DivisionCode, ids::CaseId, ids::Id as _};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::Value;
use store::Store;
use uuid::Uuid;

/// Folds the events of every case and compares; tells how many there were.
pub(crate) async fn replays(store: &Store) -> usize {
    let read = store.read();
    let sql = "SELECT bureau, case_id, version, state, body FROM case_file";
    let statement = Statement::from_string(read.get_database_backend(), sql);
    let files = read.query_all_raw(statement).await.unwrap();
    for file in &files {
        let bureau: String = file.try_get("", "bureau").unwrap();
        let bureau: DivisionCode = bureau.parse().unwrap();
        let id: Uuid = file.try_get("", "case_id").unwrap();
        let version: i64 = file.try_get("", "version").unwrap();
        let body: String = file.try_get("", "body").unwrap();
        let events = store.history(bureau, id).await.unwrap();
        let numbers: Vec<i64> = events.iter().map(|event| event.seq).collect();
        assert_eq!(numbers, (1..=version).collect::<Vec<_>>(), "events of {id}");
        let recorded = events
            .iter()
            .map(|event| (Recorded::from_body(&event.body).unwrap(), event.at));
        let folded = Case::replay(CaseId::from_uuid(id), bureau, recorded)
            .unwrap()
            .unwrap();
        let stored: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(
            serde_json::to_value(&folded).unwrap(),
            stored,
            "fold of {id}"
        );
        let state: String = file.try_get("", "state").unwrap();
        assert_eq!(folded.state.as_str(), state);
    }
    files.len()
}
