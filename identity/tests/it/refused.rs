//! Whoever reaches for what is not his stands in the audit log.

use axum::http::Method;
use serde_json::json;
use testkit::on_both;

use crate::{
    privacy::everything,
    world::{CHEN, Call, World},
};

on_both! {
    async fn a_refused_access_is_audited_by_permission_scope_and_agency(database) {
        let world = World::new(database).await;
        let (clerk, admin) = (world.staff("zhoumin").await, world.staff("shimin").await);
        let citizen = world.citizen(CHEN.1).await;
        let rows = world.call(Call::new(Method::GET, "/staff").staff(&world.staff("jiangbo").await)).await;
        let other = format!("/staff/{}", rows.body["rows"][0]["staff_id"].as_str().unwrap());
        let firm = format!("/employers/{}/agents", testkit::id::<kernel::ids::EmployerId>(7));
        let leave = json!({"name": "陈静", "org": "180102", "active": false});
        // No permission; a colleague of another agency; an enterprise that is not his.
        assert_eq!(world.call(Call::new(Method::GET, "/staff").staff(&clerk)).await.problem(), (403, "E1102"));
        let reached = world.call(Call::new(Method::PUT, &other).staff(&admin).version(1).body(leave)).await;
        assert_eq!(reached.problem(), (404, "E1012"));
        assert_eq!(world.call(Call::new(Method::GET, &firm).citizen(&citizen)).await.problem(), (403, "E1107"));
        // A stranger, a fault in a field and what is allowed leave no such entry.
        assert_eq!(world.call(Call::new(Method::GET, "/staff")).await.status, 401);
        assert_eq!(world.call(Call::new(Method::GET, "/staff").staff(&admin)).await.status, 200);
        // Nobody waits for a note, but one lane takes them in order: a wrong password comes after.
        assert_eq!(world.try_citizen(CHEN.1, "Wrong-hills-42").await.unwrap_err().code(), "E1103");
        let mut noted = everything(&world).await;
        noted.retain(|(table, row)| table == "audit_entry" && row.contains("access.refused"));
        let noted: Vec<String> = noted.into_iter().map(|(_, row)| row).collect();
        assert_eq!(noted.len(), 3, "{noted:?}");
        for (outcome, who) in [("e1102", "staff_"), ("e1012", "staff_"), ("e1107", "person_")] {
            assert!(noted.iter().any(|row| row.contains(outcome) && row.contains(who)), "{outcome}: {noted:?}");
        }
        assert!(noted.iter().all(|row| !row.contains(CHEN.1)));
    }
}
