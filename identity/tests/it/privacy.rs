//! Nothing personal and no token stands in the database in the clear.

use identity::{Registration, act_for, sign_up};
use kernel::{Private, caller::CanApply, ports::Parties as _};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use serde_json::json;
use testkit::{Kind, on_both};

use crate::world::{Call, FIRM, LI, PASSWORD, WANG, WANG_MOBILE, World, number, secret, stranger};

/// Every value of every row of every table as lower-case text, bytes in hexadecimal letters.
pub(crate) async fn everything(world: &World) -> Vec<(String, String)> {
    let raw = sea_orm::Database::connect(&world.database.options().url)
        .await
        .unwrap();
    let (tables, is_postgres) = match world.database.kind {
        Kind::Postgres => (
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
            true,
        ),
        Kind::Sqlite => ("SELECT name FROM sqlite_master WHERE type = 'table'", false),
    };
    let mut values = Vec::new();
    for name in column(&raw, tables).await {
        let rows = if is_postgres {
            column(
                &raw,
                &format!("SELECT row_to_json(t)::text AS name FROM \"{name}\" AS t"),
            )
            .await
        } else {
            let columns = column(
                &raw,
                &format!(
                    "SELECT 'quote(\"' || name || '\")' AS name FROM pragma_table_info('{name}')"
                ),
            )
            .await;
            column(
                &raw,
                &format!("SELECT {} AS name FROM \"{name}\"", columns.join("||','||")),
            )
            .await
        };
        values.extend(
            rows.into_iter()
                .map(|row| (name.clone(), row.to_lowercase())),
        );
    }
    raw.close().await.unwrap();
    values
}

async fn column(raw: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(raw.get_database_backend(), sql);
    let rows = raw.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get("", "name").unwrap())
        .collect()
}

on_both! {
    async fn no_personal_value_no_password_and_no_token_stands_in_any_row(database) {
        let world = World::new(database).await;
        let registration = Registration {
            name: secret(LI.0),
            number: Private::new(number(LI.1)),
            mobile: secret("13800000009"),
            password: secret("Quiet-lake-58"),
            address: None,
        };
        let caller = stranger();
        let li = sign_up(&world.identity, &caller, world.envelope(&caller), registration).await.unwrap();
        let mut tokens = vec![li.token.into_revealed(), world.citizen(WANG.1).await, world.staff("zhoumin").await];
        let wang = world.caller::<CanApply>(&tokens[1]).await;
        let email = json!({"email": "xiulan.wang@example.org"});
        let left = world.call(Call::new(axum::http::Method::PUT, "/me/email").citizen(&tokens[1]).body(email.clone())).await;
        assert_eq!(left.status, 200, "{left:?}");
        let firm = world.identity.enrol_employer(FIRM.1, wang.principal(), world.now()).await.unwrap().id;
        let acting = act_for(&world.identity, &wang, Some(firm)).await.unwrap();
        tokens.push(acting.token.into_revealed());
        let agents = format!("/employers/{firm}/agents");
        let agent = json!({"name": LI.0, "citizen_no": LI.1});
        let added = world.call(Call::new(axum::http::Method::POST, &agents).citizen(&tokens[3]).body(agent.clone())).await;
        assert_eq!(added.status, 200, "{added:?}");
        assert!(world.try_citizen(LI.1, "Wrong-hills-42").await.is_err());
        assert!(world.try_citizen("13912345678", "Wrong-hills-42").await.is_err());

        let rows = everything(&world).await;
        assert!(rows.len() > 60, "{}", rows.len());
        assert!(rows.iter().any(|(table, _)| table == "person"));
        let personal = [LI.0, LI.1, WANG.0, WANG.1, WANG_MOBILE, "13800000009", "13912345678", PASSWORD, "Quiet-lake-58", "Wrong-hills-42"];
        let bodies = [agent.to_string(), email.to_string()];
        let others = tokens.iter().chain(&bodies).map(String::as_str).chain(["xiulan.wang@example.org"]);
        for planted in personal.into_iter().chain(others) {
            let clear = planted.to_lowercase();
            let hex = seal::hex::encode(planted.as_bytes());
            // A plain digest of a number, or of a body with one, can be tried out.
            let digest = seal::sm3_hex(planted.as_bytes());
            for (table, row) in &rows {
                let is_absent = [&clear, &hex, &digest].iter().all(|text| !row.contains(text.as_str()));
                assert!(is_absent, "{table} tells {planted}: {row}");
            }
        }
    }
}
