//! A forgotten password: a one-time password from a window, and a password of one's own for it.

use axum::http::Method;
use identity::{Credentials, NewStaff, create_staff, reset_password, sign_in_citizen};
use kernel::{
    AppError, Principal, Private,
    caller::{CanManageStaff, CanResetPasswords},
};
use serde_json::json;
use testkit::on_both;

use crate::{
    privacy::everything,
    world::{CHEN, Call, LI, PASSWORD, WANG, World, credentials, number, secret, stranger},
};

/// A clerk gives somebody a one-time password.
pub(crate) async fn reset(
    world: &World,
    clerk: &str,
    who: (&str, &str),
) -> Result<String, AppError> {
    let caller = world.caller::<CanResetPasswords>(clerk).await;
    let number = Private::new(number(who.1));
    let given = reset_password(&world.identity, &caller, &secret(who.0), &number).await?;
    assert_eq!(given.valid_until, world.now().plus_seconds(24 * 3_600));
    Ok(given.one_time_password)
}

async fn sign_in(world: &World, old: &str, new: Option<&str>) -> Result<String, AppError> {
    let given = Credentials {
        new_password: new.map(secret),
        ..credentials(WANG.1, old)
    };
    let signed_in = sign_in_citizen(&world.identity, &stranger(), given).await?;
    Ok(signed_in.token.into_revealed())
}

on_both! {
    async fn a_one_time_password_only_serves_to_choose_another(database) {
        let world = World::new(database).await;
        let (clerk, phone) = (world.staff("zhoumin").await, world.citizen(WANG.1).await);
        let one_time = reset(&world, &clerk, WANG).await.unwrap();
        assert_eq!(world.who(&phone).await, Principal::Stranger);
        let with_number = format!("{}-Xy1", WANG.1);
        let code = async |old: &str, new| sign_in(&world, old, new).await.unwrap_err().code();
        assert_eq!(code(PASSWORD, None).await, "E1103");
        assert_eq!(code(&one_time, None).await, "E1116");
        assert_eq!(code(&one_time, Some("weak")).await, "E1106");
        assert_eq!(code(&one_time, Some(&one_time)).await, "E1106");
        assert_eq!(code(&one_time, Some(&with_number)).await, "E1106");
        let token = sign_in(&world, &one_time, Some("Blue-river-77")).await.unwrap();
        assert!(matches!(world.who(&token).await, Principal::Citizen(_)));
        assert_eq!(code(&one_time, Some("Blue-river-78")).await, "E1103");
        assert!(sign_in(&world, "Blue-river-77", None).await.is_ok());
        // A new password at the door counts for a one-time password only.
        assert!(sign_in(&world, "Blue-river-77", Some("Blue-river-79")).await.is_ok());
        assert_eq!(code("Blue-river-79", None).await, "E1103");
    }
}

on_both! {
    async fn a_one_time_password_is_good_for_a_day_and_the_last_one_counts(database) {
        let world = World::new(database).await;
        let clerk = world.staff("zhoumin").await;
        let first = reset(&world, &clerk, WANG).await.unwrap();
        let second = reset(&world, &clerk, WANG).await.unwrap();
        assert_ne!(first, second);
        let refused = sign_in(&world, &first, Some("Blue-river-77")).await;
        assert_eq!(refused.unwrap_err().code(), "E1103");
        world.wait(24 * 3_600);
        let refused = sign_in(&world, &second, Some("Blue-river-77")).await;
        assert_eq!(refused.unwrap_err().code(), "E1103");
    }
}

on_both! {
    async fn an_account_that_rests_after_wrong_guesses_is_free_after_the_window(database) {
        let world = World::new(database).await;
        for _ in 0..5 {
            assert_eq!(sign_in(&world, "Wrong-hills-42", None).await.unwrap_err().code(), "E1103");
        }
        assert_eq!(sign_in(&world, PASSWORD, None).await.unwrap_err().code(), "E1104");
        let clerk = world.staff("zhoumin").await;
        let one_time = reset(&world, &clerk, WANG).await.unwrap();
        assert!(sign_in(&world, &one_time, Some("Blue-river-77")).await.is_ok());
    }
}

on_both! {
    async fn only_the_identity_card_of_somebody_else_gives_one(database) {
        let world = World::new(database).await;
        let clerk = world.staff("zhoumin").await;
        let code = async |clerk: &str, who| reset(&world, clerk, who).await.unwrap_err().code();
        assert_eq!(code(&clerk, (CHEN.0, WANG.1)).await, "E1113");
        // Whom nobody has met gets an account with it, which opens for nothing else.
        let one_time = reset(&world, &clerk, LI).await.unwrap();
        let refused = world.try_citizen(LI.1, &one_time).await;
        assert_eq!(refused.unwrap_err().code(), "E1116");
        assert!(world.citizen(WANG.1).await.len() > 10);
        // A clerk who is a citizen too asks a colleague.
        let admin = world.staff("jiangbo").await;
        let caller = world.caller::<CanManageStaff>(&admin).await;
        let new = NewStaff {
            account: "chen2".to_owned(),
            name: CHEN.0.to_owned(),
            org: "180100/hall".parse().unwrap(),
            password: secret(PASSWORD),
            number: Some(Private::new(number(CHEN.1))),
        };
        let made = create_staff(&world.identity, &caller, world.envelope(&caller), new).await.unwrap();
        let path = format!("/staff/{}/posts", made.staff_id);
        let posts = json!({"posts": [{"post": "intake", "org": "180100/hall"}]});
        let given = world.call(Call::new(Method::PUT, &path).staff(&admin).version(made.version).body(posts)).await;
        assert_eq!(given.status, 200, "{given:?}");
        let himself = world.staff("chen2").await;
        assert_eq!(code(&himself, CHEN).await, "E1114");
        assert!(reset(&world, &clerk, CHEN).await.is_ok());
    }
}

on_both! {
    async fn a_password_is_shown_once_kept_nowhere_and_who_gave_it_is_audited(database) {
        let world = World::new(database).await;
        let clerk = world.staff("zhoumin").await;
        let body = json!({"name": WANG.0, "citizen_no": WANG.1});
        let ask = async |token: &str| {
            world.call(Call::new(Method::POST, "/counter/password-resets").staff(token).body(body.clone())).await
        };
        let given = ask(&clerk).await;
        assert_eq!(given.status, 200);
        let password = given.body["one_time_password"].as_str().unwrap().to_lowercase();
        let rows = everything(&world).await;
        assert!(rows.iter().all(|(_, row)| !row.contains(&password)));
        let Principal::Staff(zhou) = world.who(&clerk).await else { panic!("no colleague") };
        let audited = rows.iter().any(|(table, row)| {
            table == "audit_entry" && row.contains("account.reset_at_window") && row.contains(&zhou.staff.to_string())
        });
        assert!(audited);
        assert_eq!(ask(&world.staff("lijuan").await).await.problem(), (403, "E1102"));
        let wrong = json!({"name": "", "citizen_no": "1"});
        let wrong = world.call(Call::new(Method::POST, "/counter/password-resets").staff(&clerk).body(wrong)).await;
        assert_eq!(wrong.problem(), (422, "E1002"));
        assert_eq!(wrong.body["faults"].as_array().unwrap().len(), 2);
    }
}
