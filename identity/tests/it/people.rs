//! People: opening an account, meeting at the counter, consent.

use axum::http::Method;
use identity::{
    Credentials, NewAgent, Registration, add_agent, agree_to_electronic_service, sign_in_citizen,
    sign_up,
};
use kernel::{
    AppError, Principal, Private,
    caller::{Actor, CanApply},
    ids::Id as _,
    ports::Parties as _,
};
use serde_json::json;
use testkit::on_both;

use crate::{
    resets::reset,
    world::{
        CHEN, Call, LI, Node, PASSWORD, WANG, WANG_MOBILE, World, credentials, look_up_keys,
        number, secret, stranger, vault,
    },
};

async fn register(
    world: &World,
    (name, no): (&str, &str),
    mobile: &str,
    password: &str,
) -> Result<String, AppError> {
    let registration = Registration {
        name: secret(name),
        number: Private::new(number(no)),
        mobile: secret(mobile),
        password: secret(password),
        address: None,
    };
    let caller = stranger();
    let signed_in = sign_up(
        &world.identity,
        &caller,
        world.envelope(&caller),
        registration,
    )
    .await?;
    Ok(signed_in.token.into_revealed())
}

on_both! {
    async fn an_account_is_opened_once_by_whom_the_register_knows(database) {
        let world = World::new(database).await;
        let code = |result: Result<String, AppError>| result.unwrap_err().code();
        assert_eq!(code(register(&world, (CHEN.0, LI.1), "13800000009", PASSWORD).await), "E1113");
        assert_eq!(code(register(&world, LI, "13800000009", "weak").await), "E1106");
        assert_eq!(code(register(&world, LI, "13800000009", "Aa-13800000009").await), "E1106");
        assert_eq!(code(register(&world, LI, WANG_MOBILE, PASSWORD).await), "E1111");
        let token = register(&world, LI, "13800000009", PASSWORD).await.unwrap();
        assert!(matches!(world.who(&token).await, Principal::Citizen(_)));
        assert_eq!(code(register(&world, LI, "13800000008", PASSWORD).await), "E1111");
        world.citizen("13800000009").await;
    }
}

on_both! {
    async fn nobody_tries_out_names_without_end(database) {
        let world = World::new(database).await;
        for _ in 0..5 {
            let refused = register(&world, (CHEN.0, LI.1), "13800000009", PASSWORD).await;
            assert_eq!(refused.unwrap_err().code(), "E1113");
        }
        let refused = register(&world, LI, "13800000009", PASSWORD).await;
        assert_eq!(refused.unwrap_err().code(), "E1104");
    }
}

on_both! {
    async fn whom_the_counter_met_is_the_same_person_on_line(database) {
        let world = World::new(database).await;
        let clerk = world.who(&world.staff("zhoumin").await).await;
        let (name, no) = (secret(LI.0), Private::new(number(LI.1)));
        let met = world.identity.enrol_person(&name, &no, &clerk, world.now()).await.unwrap();
        let again = world.identity.enrol_person(&name, &no, &clerk, world.now()).await.unwrap();
        assert_eq!((met.id, met.name.reveal().as_str()), (again.id, LI.0));
        assert!(met.mobile.is_none() && met.electronic_service.is_none());
        let wrong = world.identity.enrol_person(&secret(CHEN.0), &no, &clerk, world.now()).await;
        assert_eq!(wrong.unwrap_err().code(), "E1113");
        // His name and number are no secret: an account needs a proof that it is he.
        let refused = register(&world, LI, "13800000009", PASSWORD).await;
        assert_eq!(refused.unwrap_err().code(), "E1118");
        let one_time = reset(&world, &world.staff("zhoumin").await, LI).await.unwrap();
        assert!(!world.identity.has_account(met.id).await.unwrap(), "nobody has come with it yet");
        let own = Credentials { new_password: Some(secret("Blue-river-77")), ..credentials(LI.1, &one_time) };
        let token = sign_in_citizen(&world.identity, &stranger(), own).await.unwrap().token.into_revealed();
        assert_eq!(world.who(&token).await.actor(), Actor::Person(met.id));
        assert!(world.identity.has_account(met.id).await.unwrap());
        let cards = world.identity.persons(&[met.id, testkit::id(5)]).await.unwrap();
        assert_eq!(cards.len(), 1);
        assert!(cards[&met.id].mobile.is_none(), "whoever tried to sign up changed nothing");
        assert_eq!(cards[&met.id].number.reveal(), &number(LI.1));
    }
}

on_both! {
    async fn whoever_knows_the_name_and_number_of_an_agent_or_a_colleague_opens_no_account(database) {
        let world = World::new(database).await;
        let agent = world.citizen(WANG.1).await;
        let firm = world.caller::<CanApply>(&agent).await;
        let roles = world.call(Call::new(Method::GET, "/session").citizen(&agent)).await;
        let employer = roles.body["citizen"]["roles"][1]["employer_id"].as_str().unwrap().parse().unwrap();
        let new = NewAgent { name: secret(LI.0), number: Private::new(number(LI.1)) };
        add_agent(&world.identity, &firm, world.envelope(&firm), employer, new).await.unwrap();
        for _ in 0..5 {
            let refused = register(&world, LI, "13800000009", PASSWORD).await;
            assert_eq!(refused.unwrap_err().code(), "E1118");
        }
        // Nor does he find out about others without end.
        assert_eq!(register(&world, LI, "13800000009", PASSWORD).await.unwrap_err().code(), "E1104");
    }
}

on_both! {
    async fn outside_a_demo_nobody_opens_an_account_without_a_proof(database) {
        let node = Node { demo: false, vault: vault(look_up_keys()) };
        let world = World::on(database, node).await;
        assert_eq!(register(&world, LI, "13800000009", PASSWORD).await.unwrap_err().code(), "E1118");
        let found = world.identity.persons(&[testkit::id(1)]).await.unwrap();
        assert!(found.is_empty());
    }
}

on_both! {
    async fn ten_clerks_on_two_nodes_who_meet_a_person_at_once_meet_one_person(database) {
        let world = World::new(database).await;
        let (elsewhere, _) = world.second_node(vault(look_up_keys())).await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..10 {
            let identity = if n % 2 == 0 { &world.identity } else { &elsewhere };
            let (identity, now) = (identity.clone(), world.now());
            tasks.spawn(async move {
                let (name, no) = (secret(LI.0), Private::new(number(LI.1)));
                identity.enrol_person(&name, &no, &Principal::System("test"), now).await.unwrap().id
            });
        }
        let mut ids = tasks.join_all().await;
        ids.dedup();
        assert_eq!(ids.len(), 1);
    }
}

on_both! {
    async fn consent_to_electronic_service_is_given_taken_back_and_told(database) {
        let world = World::new(database).await;
        let caller = world.caller::<CanApply>(&world.citizen(CHEN.1).await).await;
        let person = caller.citizen().unwrap().person;
        let agreed_since = async || {
            world.identity.persons(&[person]).await.unwrap()[&person].electronic_service
        };
        assert_eq!(agreed_since().await, None);
        world.wait(10);
        for agreed in [true, true, false] {
            agree_to_electronic_service(&world.identity, &caller, world.envelope(&caller), agreed).await.unwrap();
            assert_eq!(agreed_since().await, agreed.then(|| world.now()));
        }
        let history = world.kit.store.history("180100".parse().unwrap(), person.uuid()).await.unwrap();
        let told: Vec<_> = history.iter().filter(|event| event.kind == "person.electronic_service").map(|event| event.body["agreed"].as_bool()).collect();
        assert_eq!(told, [Some(true), Some(false)]);
        assert!(history.iter().zip(1..).all(|(event, seq)| event.seq == seq));
    }
}

on_both! {
    async fn an_e_mail_address_is_left_shown_masked_changed_and_taken_back(database) {
        let world = World::new(database).await;
        let token = world.citizen(CHEN.1).await;
        let put = async |email: Option<&str>| {
            let body = json!({ "email": email });
            let key = format!("key-{}", email.unwrap_or("").len() + 10_000_000);
            world.call(Call::new(Method::PUT, "/me/email").citizen(&token).body(body).key(&key)).await
        };
        for wrong in ["", "chen", "chen@example", "chen@example.org, b@c.cn"] {
            let refused = put(Some(wrong)).await;
            assert_eq!(refused.problem(), (422, "E1002"));
            let fault = &refused.body["faults"][0];
            assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/email"), &json!("E1023")));
        }
        let person = world.caller::<CanApply>(&token).await.citizen().unwrap().person;
        let known = async || {
            let card = world.identity.persons(&[person]).await.unwrap().remove(&person).unwrap();
            card.email.map(Private::into_revealed)
        };
        assert_eq!(known().await, None);
        for (email, masked) in [
            (Some(" chen@example.org "), json!("c***@example.org")),
            (Some("chen@example.org"), json!("c***@example.org")),
            (Some("jian@post.mail.example"), json!("j***@post.mail.example")),
            (None, json!(null)),
        ] {
            let session = put(email).await;
            assert_eq!((session.status, &session.body["citizen"]["email_masked"]), (200, &masked));
            assert_eq!(known().await.as_deref(), email.map(str::trim));
        }
        let history = world.kit.store.history("180100".parse().unwrap(), person.uuid()).await.unwrap();
        let told: Vec<_> = history.iter().filter(|event| event.kind == "person.email_changed").map(|event| event.body.clone()).collect();
        assert_eq!(told, [json!({"known": true}), json!({"known": true}), json!({"known": false})]);
    }
}

on_both! {
    async fn loading_the_pack_again_changes_nothing(database) {
        let world = World::new(database).await;
        let before = world.caller::<CanApply>(&world.citizen(WANG.1).await).await;
        let loaded = identity::load_pack(&world.identity, &World::pack()).await.unwrap();
        assert_eq!(loaded, identity::Loaded::default());
        let person = before.citizen().unwrap().person;
        let card = &world.identity.persons(&[person]).await.unwrap()[&person];
        assert!(card.electronic_service.is_some());
        let mut broken = World::pack();
        broken.staff[0].posts.push(("reviewer".to_owned(), "180100".parse().unwrap()));
        assert!(identity::load_pack(&world.identity, &broken).await.is_err());
        let mut broken = World::pack();
        broken.posts[0].permissions.push("signed_in".to_owned());
        assert!(identity::load_pack(&world.identity, &broken).await.is_err());
    }
}
