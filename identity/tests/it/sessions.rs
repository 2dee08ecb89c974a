//! How sessions begin, change and end.

use identity::{
    NewPassword, act_for, change_password, end_session, list_sessions, sign_out, sweep_sessions,
};
use kernel::{
    Principal,
    caller::{Acting, CanApply, SignedIn},
    limits::{CITIZEN_IDLE_MINUTES, SESSION_HOURS_MAX, STAFF_IDLE_MINUTES},
    ports::{Parties as _, Sessions as _},
};
use sea_orm::{ConnectionTrait as _, Statement};
use testkit::on_both;

use crate::privacy::everything;
use crate::world::{CHEN, FIRM, OTHER_FIRM, PASSWORD, WANG, World, look_up_keys, secret, vault};

on_both! {
    async fn an_idle_session_ends_and_a_busy_one_ends_after_eight_hours(database) {
        let world = World::new(database).await;
        let idle = world.citizen(WANG.1).await;
        world.wait(CITIZEN_IDLE_MINUTES * 60 - 1);
        assert!(matches!(world.who(&idle).await, Principal::Citizen(_)));
        world.wait(CITIZEN_IDLE_MINUTES * 60);
        assert_eq!(world.who(&idle).await, Principal::Stranger);
        let staff = world.staff("zhoumin").await;
        world.wait(STAFF_IDLE_MINUTES * 60);
        assert_eq!(world.who(&staff).await, Principal::Stranger);

        let busy = world.staff("zhoumin").await;
        for _ in 0..(SESSION_HOURS_MAX * 2 - 1) {
            world.wait(30 * 60);
            assert!(matches!(world.who(&busy).await, Principal::Staff(_)));
        }
        world.wait(30 * 60);
        assert_eq!(world.who(&busy).await, Principal::Stranger);
    }
}

on_both! {
    async fn a_sign_of_life_is_written_once_a_minute(database) {
        let world = World::new(database).await;
        let token = world.citizen(WANG.1).await;
        let kept = async || {
            let read = world.kit.store.read();
            let sql = Statement::from_string(read.get_database_backend(), "SELECT seen_us FROM session");
            let row = read.query_one_raw(sql).await.unwrap().unwrap();
            row.try_get::<i64>("", "seen_us").unwrap()
        };
        let mut written = vec![kept().await];
        for second in 0..120 {
            world.who(&token).await;
            world.wait(1);
            written.push(kept().await);
            written.dedup();
            assert_eq!(written.len(), 1 + usize::from(second >= 60), "{second}");
        }
        // Another node learns of it.
        let (_, book) = world.second_node(vault(look_up_keys())).await;
        let caller = world.caller::<SignedIn>(&token).await;
        let rows = list_sessions(&world.identity, &caller).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert!(rows[0].current && rows[0].surface == "portal" && rows[0].seen_at == world.now());
        world.wait(CITIZEN_IDLE_MINUTES * 60 - 1);
        assert!(matches!(book.resolve(&token, world.now()).await.unwrap(), Principal::Citizen(_)));
    }
}

on_both! {
    async fn choosing_a_role_needs_agency_and_changes_the_token(database) {
        let world = World::new(database).await;
        let before = world.citizen(WANG.1).await;
        let caller = world.caller::<CanApply>(&before).await;
        let firm = world.identity.enrol_employer(FIRM.1, caller.principal(), world.now()).await.unwrap();
        let other = world.identity.enrol_employer(OTHER_FIRM.1, caller.principal(), world.now()).await.unwrap();
        assert_eq!(firm.name, FIRM.0);
        let refused = act_for(&world.identity, &caller, Some(other.id)).await;
        assert_eq!(refused.unwrap_err().code(), "E1107");

        let changed = act_for(&world.identity, &caller, Some(firm.id)).await.unwrap();
        assert_eq!(world.who(&before).await, Principal::Stranger);
        let Principal::Citizen(citizen) = world.who(changed.token.reveal()).await else { panic!("no citizen") };
        assert_eq!(citizen.acting, Acting::Enterprise(firm.id));
        assert_eq!(citizen.session, caller.citizen().unwrap().session);

        let caller = world.caller::<CanApply>(changed.token.reveal()).await;
        let back = act_for(&world.identity, &caller, None).await.unwrap();
        let Principal::Citizen(citizen) = world.who(back.token.reveal()).await else { panic!("no citizen") };
        assert_eq!(citizen.acting, Acting::Myself);
        // The role does not make the session last longer.
        world.wait(CITIZEN_IDLE_MINUTES * 60);
        assert_eq!(world.who(back.token.reveal()).await, Principal::Stranger);
    }
}

on_both! {
    async fn one_ends_ones_own_sessions_only_here_at_once_and_elsewhere_within_two_seconds(database) {
        let world = World::new(database).await;
        let (phone, desk) = (world.citizen(WANG.1).await, world.citizen(WANG.1).await);
        let stranger = world.citizen(CHEN.1).await;
        let (_, elsewhere) = world.second_node(vault(look_up_keys())).await;
        assert!(matches!(elsewhere.resolve(&phone, world.now()).await.unwrap(), Principal::Citizen(_)));
        let caller = world.caller::<SignedIn>(&desk).await;
        let rows = list_sessions(&world.identity, &caller).await.unwrap();
        assert_eq!(rows.iter().filter(|row| row.current).count(), 1);
        let phone_id = rows.iter().find(|row| !row.current).unwrap().session_id;
        let other = world.caller::<SignedIn>(&stranger).await;
        assert_eq!(end_session(&world.identity, &other, phone_id).await.unwrap_err().code(), "E1012");

        end_session(&world.identity, &caller, phone_id).await.unwrap();
        assert_eq!(world.who(&phone).await, Principal::Stranger);
        assert!(matches!(world.who(&desk).await, Principal::Citizen(_)));
        world.wait(2);
        assert_eq!(elsewhere.resolve(&phone, world.now()).await.unwrap(), Principal::Stranger);

        sign_out(&world.identity, &testkit::caller(world.who(&desk).await)).await.unwrap();
        assert_eq!(world.who(&desk).await, Principal::Stranger);
    }
}

on_both! {
    async fn signing_in_again_in_the_same_browser_ends_the_earlier_session(database) {
        let world = World::new(database).await;
        let first = world.citizen(WANG.1).await;
        let caller = testkit::caller(world.who(&first).await);
        let again = identity::sign_in_citizen(&world.identity, &caller, crate::world::credentials(CHEN.1, PASSWORD)).await.unwrap();
        assert_eq!(world.who(&first).await, Principal::Stranger);
        let again = again.token.into_revealed();
        assert!(matches!(world.who(&again).await, Principal::Citizen(_)));
        // The workbench in the next tab is another matter.
        let caller = testkit::caller(world.who(&again).await);
        identity::sign_in_staff(&world.identity, &caller, crate::world::credentials("zhoumin", PASSWORD)).await.unwrap();
        assert!(matches!(world.who(&again).await, Principal::Citizen(_)));
    }
}

on_both! {
    async fn a_new_password_needs_the_old_one_and_ends_the_other_sessions(database) {
        let world = World::new(database).await;
        for is_staff in [false, true] {
            let (here, there) = if is_staff {
                (world.staff("zhoumin").await, world.staff("zhoumin").await)
            } else {
                (world.citizen(WANG.1).await, world.citizen(WANG.1).await)
            };
            let caller = world.caller::<SignedIn>(&here).await;
            let change = async |old: &str, new: &str| {
                let passwords = NewPassword { old: secret(old), new: secret(new) };
                change_password(&world.identity, &caller, world.envelope(&caller), passwords).await
            };
            assert_eq!(change("Wrong-hills-42", "Blue-river-77").await.unwrap_err().code(), "E1002");
            assert_eq!(change(PASSWORD, "weak").await.unwrap_err().code(), "E1106");
            change(PASSWORD, "Blue-river-77").await.unwrap();
            assert_ne!(world.who(&here).await, Principal::Stranger);
            assert_eq!(world.who(&there).await, Principal::Stranger);
            let (old, new) = if is_staff {
                (world.try_staff("zhoumin", PASSWORD).await, world.try_staff("zhoumin", "Blue-river-77").await)
            } else {
                (world.try_citizen(WANG.1, PASSWORD).await, world.try_citizen(WANG.1, "Blue-river-77").await)
            };
            assert_eq!(old.unwrap_err().code(), "E1103");
            assert!(new.is_ok());
        }
    }
}

on_both! {
    async fn the_twenty_first_session_ends_the_oldest(database) {
        let world = World::new(database).await;
        let mut tokens = Vec::new();
        for _ in 0..21 {
            tokens.push(world.citizen(WANG.1).await);
            world.wait(1);
        }
        assert_eq!(world.who(&tokens[0]).await, Principal::Stranger);
        for token in &tokens[1..] {
            assert_ne!(world.who(token).await, Principal::Stranger);
        }
    }
}

on_both! {
    async fn sessions_of_people_who_never_come_back_are_swept_away(database) {
        let world = World::new(database).await;
        let gone = [world.citizen(WANG.1).await, world.staff("zhoumin").await, world.staff("hanmei").await];
        world.wait(SESSION_HOURS_MAX * 3_600 - 60);
        let here = world.citizen(CHEN.1).await;
        world.wait(60);
        assert_eq!(sweep_sessions(&world.identity).await.unwrap(), 0, "the last second is theirs");
        world.wait(1);
        assert_eq!(sweep_sessions(&world.identity).await.unwrap(), gone.len());
        assert_eq!(sweep_sessions(&world.identity).await.unwrap(), 0);
        assert!(matches!(world.who(&here).await, Principal::Citizen(_)));
        let rows = everything(&world).await;
        assert_eq!(rows.iter().filter(|(table, _)| table == "session").count(), 1);
        let ended = rows.iter().filter(|(table, row)| table == "event" && row.contains("session.ended") && row.contains("swept"));
        assert_eq!(ended.count(), gone.len());
    }
}
