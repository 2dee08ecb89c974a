//! Staff, posts, absences and deputies.

use identity::{
    AbsenceReason, NewAbsence, NewStaff, PostIn, StaffChange, StaffRow, add_absence, assign_posts,
    change_staff, create_staff, hand_over, list_absences, list_staff, remove_absence,
};
use kernel::{
    AppError, Date, Principal, Private, Timestamp,
    caller::{Caller, CanManageStaff, Staff},
    ids::{Id as _, StaffId},
    ports::Parties as _,
};
use store::page::PageQuery;
use testkit::on_both;

use crate::world::{CHEN, LI, PASSWORD, World, number, secret};

async fn admin(world: &World, account: &str) -> Caller<CanManageStaff> {
    world.caller(&world.staff(account).await).await
}

async fn rows(world: &World, caller: &Caller<CanManageStaff>) -> Vec<StaffRow> {
    let all = PageQuery::default();
    list_staff(&world.identity, caller, None, &all)
        .await
        .unwrap()
        .rows
}

async fn row(world: &World, account: &str) -> StaffRow {
    let caller = admin(world, "jiangbo").await;
    let mut rows = rows(world, &caller).await;
    rows.retain(|row| row.account == account);
    rows.remove(0)
}

fn post(post: &str, org: &str) -> PostIn {
    PostIn {
        post: post.to_owned(),
        org: org.parse().unwrap(),
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// For whom he holds a permission: himself is none.
fn held_for(staff: &Staff, permission: &str) -> Vec<Option<StaffId>> {
    let grants = staff
        .grants
        .iter()
        .filter(|grant| grant.permission == permission);
    grants.map(|grant| grant.deputy_for).collect()
}

on_both! {
    async fn an_administrator_sees_and_changes_the_staff_of_his_organisations_only(database) {
        let world = World::new(database).await;
        let (city, district) = (admin(&world, "jiangbo").await, admin(&world, "shimin").await);
        let accounts = async |caller: &Caller<CanManageStaff>| -> Vec<String> {
            rows(&world, caller).await.into_iter().map(|row| row.account).collect()
        };
        assert_eq!(accounts(&city).await, ["chenjing", "jiangbo", "lijuan", "zhoumin"]);
        assert_eq!(accounts(&district).await, ["hanmei", "shimin"]);
        let hall = list_staff(&world.identity, &city, Some("180100/hall".parse().unwrap()), &PageQuery { limit: Some(1), ..PageQuery::default() }).await.unwrap();
        assert_eq!(hall.rows[0].account, "lijuan");
        let next = PageQuery { cursor: hall.next, limit: Some(1) };
        let hall = list_staff(&world.identity, &city, Some("180100/hall".parse().unwrap()), &next).await.unwrap();
        assert_eq!((hall.rows[0].account.as_str(), hall.next), ("zhoumin", None));
        let other = list_staff(&world.identity, &city, Some("180102".parse().unwrap()), &PageQuery::default()).await.unwrap();
        assert!(other.rows.is_empty());

        let zhou = row(&world, "zhoumin").await;
        let change = StaffChange { name: "周敏".into(), org: "180100/hall".parse().unwrap(), active: false };
        let refused = change_staff(&world.identity, &district, world.envelope(&district), zhou.staff_id, zhou.version, change.clone()).await;
        assert_eq!(refused.unwrap_err().code(), "E1012");
        let moved = StaffChange { org: "180102/hall".parse().unwrap(), ..change };
        let refused = change_staff(&world.identity, &city, world.envelope(&city), zhou.staff_id, zhou.version, moved).await;
        assert_eq!(refused.unwrap_err().code(), "E1002");
    }
}

on_both! {
    async fn who_leaves_is_signed_out_and_cannot_sign_in(database) {
        let world = World::new(database).await;
        let caller = admin(&world, "jiangbo").await;
        let token = world.staff("zhoumin").await;
        world.colleague(&token).await;
        let zhou = row(&world, "zhoumin").await;
        let leave = StaffChange { name: zhou.name.clone(), org: zhou.org.clone(), active: false };
        let stale = change_staff(&world.identity, &caller, world.envelope(&caller), zhou.staff_id, zhou.version - 1, leave.clone()).await;
        assert_eq!(stale.unwrap_err().code(), "E1010");
        let changed = change_staff(&world.identity, &caller, world.envelope(&caller), zhou.staff_id, zhou.version, leave.clone()).await.unwrap();
        assert_eq!(changed.version, zhou.version + 1);
        assert_eq!(world.who(&token).await, Principal::Stranger);
        assert_eq!(world.try_staff("zhoumin", PASSWORD).await.unwrap_err().code(), "E1103");
        let history = world.kit.store.history("180100".parse().unwrap(), zhou.staff_id.uuid()).await.unwrap();
        assert_eq!(history.last().unwrap().kind, "staff.left");
        // And back again.
        let back = StaffChange { active: true, ..leave };
        change_staff(&world.identity, &caller, world.envelope(&caller), zhou.staff_id, changed.version, back).await.unwrap();
        world.staff("zhoumin").await;
        assert_eq!(world.who(&token).await, Principal::Stranger);
    }
}

on_both! {
    async fn nobody_changes_himself_or_deputises_by_his_own_hand(database) {
        let world = World::new(database).await;
        let caller = admin(&world, "jiangbo").await;
        let me = row(&world, "jiangbo").await;
        let refused = assign_posts(&world.identity, &caller, world.envelope(&caller), me.staff_id, me.version, vec![post("intake", "180100")]).await;
        assert_eq!(refused.unwrap_err().code(), "E1114");
        let change = StaffChange { name: me.name.clone(), org: me.org.clone(), active: true };
        let refused = change_staff(&world.identity, &caller, world.envelope(&caller), me.staff_id, me.version, change).await;
        assert_eq!(refused.unwrap_err().code(), "E1114");
        let absence = NewAbsence { staff: row(&world, "zhoumin").await.staff_id, from: day("2026-03-02"), to: day("2026-03-02"), deputy: me.staff_id, reason: AbsenceReason::Other };
        let refused = add_absence(&world.identity, &caller, world.envelope(&caller), absence).await;
        assert_eq!(refused.unwrap_err().code(), "E1114");
    }
}

on_both! {
    async fn posts_take_effect_at_once_and_incompatible_ones_are_refused(database) {
        let world = World::new(database).await;
        let caller = admin(&world, "jiangbo").await;
        let token = world.staff("lijuan").await;
        assert_eq!(held_for(&world.colleague(&token).await, "case.accept"), []);
        let li = row(&world, "lijuan").await;
        let assign = async |version: i64, posts: Vec<PostIn>| {
            assign_posts(&world.identity, &caller, world.envelope(&caller), li.staff_id, version, posts).await
        };
        let both = vec![post("intake", "180100/hall"), post("reviewer", "180100/employment")];
        assert_eq!(assign(li.version, both).await.unwrap_err().code(), "E1112");
        for wrong in [post("nothing", "180100"), post("intake", "180100/nowhere"), post("intake", "180102/hall")] {
            assert_eq!(assign(li.version, vec![wrong]).await.unwrap_err().code(), "E1002");
        }
        let changed = assign(li.version, vec![post("intake", "180100/hall"), post("delivery", "180100/hall")]).await.unwrap();
        assert_eq!(assign(li.version, Vec::new()).await.unwrap_err().code(), "E1010");
        assert_eq!(held_for(&world.colleague(&token).await, "case.accept"), [None]);
        assign(changed.version, vec![post("trainee", "180100/hall")]).await.unwrap();
        assert!(world.colleague(&token).await.grants.is_empty());
        let li = row(&world, "lijuan").await;
        assert_eq!((li.posts.len(), li.posts[0].name.as_str(), li.posts[0].org_name.as_str()), (1, "见习岗", "综合服务大厅"));
    }
}

on_both! {
    async fn an_absence_gives_the_deputy_the_posts_from_the_first_to_the_last_instant(database) {
        let world = World::new(database).await;
        let caller = admin(&world, "jiangbo").await;
        let (zhou, li) = (row(&world, "zhoumin").await, row(&world, "lijuan").await);
        let absence = NewAbsence { staff: zhou.staff_id, from: day("2026-03-03"), to: day("2026-03-04"), deputy: li.staff_id, reason: AbsenceReason::Leave };
        let added = add_absence(&world.identity, &caller, world.envelope(&caller), absence).await.unwrap();
        let begins = Timestamp::start_of(day("2026-03-03"));
        let ends = Timestamp::end_of(day("2026-03-04"));
        for (at, holds) in [(begins.plus_seconds(-1), false), (begins, true), (ends.plus_seconds(-1), true), (ends, false)] {
            world.clock.set(at);
            let staff = world.colleague(&world.staff("lijuan").await).await;
            assert_eq!(held_for(&staff, "case.accept"), if holds { vec![Some(zhou.staff_id)] } else { Vec::new() }, "{at}");
            assert_eq!(held_for(&staff, "case.deliver"), [None]);
            let holders = world.identity.holders(staff.bureau, "case.accept").await.unwrap();
            let who: Vec<_> = holders.iter().map(|card| (card.id, card.present)).collect();
            let expected = if holds { vec![(li.staff_id, true), (zhou.staff_id, false)] } else { vec![(zhou.staff_id, true)] };
            assert_eq!(who, expected, "{at}");
        }
        // A running session gets and loses them without signing in again; cancelling takes them back.
        world.clock.set(begins.plus_seconds(-1));
        let token = world.staff("lijuan").await;
        assert_eq!(held_for(&world.colleague(&token).await, "case.accept"), []);
        world.wait(2);
        assert!(held_for(&world.colleague(&token).await, "case.accept") == [Some(zhou.staff_id)]);
        let zhou_now = row(&world, "zhoumin").await;
        assert_eq!((zhou_now.absent_until, zhou_now.deputy_name.as_deref()), (Some(day("2026-03-04")), Some("李娟")));
        let caller = admin(&world, "jiangbo").await;
        let listed = list_absences(&world.identity, &caller, &PageQuery::default()).await.unwrap();
        assert_eq!((listed.rows.len(), listed.rows[0].reason, listed.rows[0].absence_id), (1, AbsenceReason::Leave, added.absence_id));
        remove_absence(&world.identity, &caller, world.envelope(&caller), added.absence_id).await.unwrap();
        assert_eq!(held_for(&world.colleague(&token).await, "case.accept"), []);
    }
}

on_both! {
    async fn an_absence_needs_a_possible_deputy_and_a_free_period(database) {
        let world = World::new(database).await;
        let (caller, district) = (admin(&world, "jiangbo").await, admin(&world, "shimin").await);
        let id = async |account: &str| row(&world, account).await.staff_id;
        let (zhou, li, chen) = (id("zhoumin").await, id("lijuan").await, id("chenjing").await);
        let han = rows(&world, &district).await[0].staff_id;
        let add = async |staff: StaffId, deputy: StaffId, from: &str, to: &str| -> Result<(), AppError> {
            let absence = NewAbsence { staff, from: day(from), to: day(to), deputy, reason: AbsenceReason::Other };
            add_absence(&world.identity, &caller, world.envelope(&caller), absence).await.map(drop)
        };
        let code = |result: Result<(), AppError>| result.unwrap_err().code();
        // Himself, somebody of another agency, somebody who reviews what the absent accepts.
        assert_eq!(code(add(zhou, zhou, "2026-03-03", "2026-03-04").await), "E1110");
        assert_eq!(code(add(zhou, han, "2026-03-03", "2026-03-04").await), "E1110");
        assert_eq!(code(add(zhou, chen, "2026-03-03", "2026-03-04").await), "E1112");
        assert_eq!(code(add(han, zhou, "2026-03-03", "2026-03-04").await), "E1012");
        add(zhou, li, "2026-03-03", "2026-03-04").await.unwrap();
        assert_eq!(code(add(zhou, li, "2026-03-04", "2026-03-05").await), "E1109");
        assert_eq!(code(add(li, zhou, "2026-03-04", "2026-03-06").await), "E1110");
        add(zhou, li, "2026-03-05", "2026-03-05").await.unwrap();
        add(li, zhou, "2026-03-06", "2026-03-06").await.unwrap();
    }
}

on_both! {
    async fn of_two_overlapping_absences_sent_at_once_one_is_refused(database) {
        let world = World::new(database).await;
        let caller = admin(&world, "jiangbo").await;
        let (zhou, li) = (row(&world, "zhoumin").await.staff_id, row(&world, "lijuan").await.staff_id);
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..2 {
            let (identity, caller, envelope) = (world.identity.clone(), caller.clone(), world.envelope(&caller));
            tasks.spawn(async move {
                let absence = NewAbsence { staff: zhou, from: day("2026-03-03"), to: day("2026-03-04"), deputy: li, reason: AbsenceReason::Other };
                add_absence(&identity, &caller, envelope, absence).await
            });
        }
        let codes: Vec<_> = tasks.join_all().await.into_iter().filter_map(|result| result.err().map(|error| error.code())).collect();
        assert_eq!(codes, ["E1109"]);
    }
}

on_both! {
    async fn a_deputy_never_gets_a_post_that_must_not_meet_his_own(database) {
        let world = World::new(database).await;
        let caller = admin(&world, "jiangbo").await;
        let (zhou, li) = (row(&world, "zhoumin").await, row(&world, "lijuan").await);
        let absence = NewAbsence { staff: zhou.staff_id, from: day("2026-03-02"), to: day("2026-03-04"), deputy: li.staff_id, reason: AbsenceReason::Other };
        add_absence(&world.identity, &caller, world.envelope(&caller), absence).await.unwrap();
        // He becomes a reviewer while he deputises for the acceptor.
        assign_posts(&world.identity, &caller, world.envelope(&caller), li.staff_id, li.version, vec![post("reviewer", "180100/employment")]).await.unwrap();
        let staff = world.colleague(&world.staff("lijuan").await).await;
        assert_eq!(held_for(&staff, "case.review"), [None]);
        assert_eq!(held_for(&staff, "case.accept"), []);
    }
}

on_both! {
    async fn a_deputy_of_two_colleagues_never_covers_posts_that_must_not_meet(database) {
        let world = World::new(database).await;
        let caller = admin(&world, "jiangbo").await;
        let id = async |account: &str| row(&world, account).await.staff_id;
        let (zhou, li, chen) = (id("zhoumin").await, id("lijuan").await, id("chenjing").await);
        let add = async |staff: StaffId, from: &str, to: &str| -> Result<(), AppError> {
            let absence = NewAbsence { staff, from: day(from), to: day(to), deputy: li, reason: AbsenceReason::Training };
            add_absence(&world.identity, &caller, world.envelope(&caller), absence).await.map(drop)
        };
        add(zhou, "2026-03-02", "2026-03-04").await.unwrap();
        for (from, to) in [("2026-03-04", "2026-03-06"), ("2026-03-02", "2026-03-02"), ("2026-03-01", "2026-03-09")] {
            assert_eq!(add(chen, from, to).await.unwrap_err().code(), "E1112", "{from} to {to}");
        }
        // One after the other he may.
        add(chen, "2026-03-05", "2026-03-06").await.unwrap();
        // Posts that change later: what was registered first counts.
        let wang = create_staff(&world.identity, &caller, world.envelope(&caller), NewStaff {
            account: "wanglei".to_owned(), name: "王磊".to_owned(), org: "180100/hall".parse().unwrap(),
            password: secret(PASSWORD), number: None,
        }).await.unwrap();
        add(wang.staff_id, "2026-03-02", "2026-03-02").await.unwrap();
        let version = row(&world, "wanglei").await.version;
        assign_posts(&world.identity, &caller, world.envelope(&caller), wang.staff_id, version, vec![post("reviewer", "180100/employment")]).await.unwrap();
        let staff = world.colleague(&world.staff("lijuan").await).await;
        assert_eq!(held_for(&staff, "case.accept"), [Some(zhou)]);
        assert_eq!(held_for(&staff, "case.review"), []);
    }
}

on_both! {
    async fn a_person_has_one_staff_account_in_an_agency_even_after_leaving(database) {
        let world = World::new(database).await;
        let (caller, district) = (admin(&world, "jiangbo").await, admin(&world, "shimin").await);
        let create = async |caller: &Caller<CanManageStaff>, account: &str, org: &str| {
            let new = NewStaff {
                account: account.to_owned(), name: LI.0.to_owned(), org: org.parse().unwrap(),
                password: secret(PASSWORD), number: Some(Private::new(number(LI.1))),
            };
            create_staff(&world.identity, caller, world.envelope(caller), new).await
        };
        let first = create(&caller, "lixm", "180100/hall").await.unwrap();
        assert_eq!(create(&caller, "lixm2", "180100/employment").await.unwrap_err().code(), "E1119");
        let leave = StaffChange { name: LI.0.into(), org: "180100/hall".parse().unwrap(), active: false };
        change_staff(&world.identity, &caller, world.envelope(&caller), first.staff_id, first.version, leave).await.unwrap();
        assert_eq!(create(&caller, "lixm2", "180100/employment").await.unwrap_err().code(), "E1119");
        create(&district, "lixm3", "180102/hall").await.unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..2 {
            let (identity, caller, envelope) = (world.identity.clone(), caller.clone(), world.envelope(&caller));
            let new = NewStaff {
                account: format!("chen{n}"), name: CHEN.0.to_owned(), org: "180100/hall".parse().unwrap(),
                password: secret(PASSWORD), number: Some(Private::new(number(CHEN.1))),
            };
            tasks.spawn(async move { create_staff(&identity, &caller, envelope, new).await });
        }
        let codes: Vec<_> = tasks.join_all().await.into_iter().filter_map(|result| result.err().map(|error| error.code())).collect();
        assert_eq!(codes, ["E1119"]);
    }
}

on_both! {
    async fn nobody_deputises_for_somebody_who_has_left(database) {
        let world = World::new(database).await;
        let caller = admin(&world, "jiangbo").await;
        let (zhou, li) = (row(&world, "zhoumin").await, row(&world, "lijuan").await);
        let absence = NewAbsence { staff: zhou.staff_id, from: day("2026-03-02"), to: day("2026-03-04"), deputy: li.staff_id, reason: AbsenceReason::Other };
        let version = add_absence(&world.identity, &caller, world.envelope(&caller), absence).await.unwrap().version;
        let token = world.staff("lijuan").await;
        assert_eq!(held_for(&world.colleague(&token).await, "case.accept"), [Some(zhou.staff_id)]);
        let leave = StaffChange { name: zhou.name, org: zhou.org, active: false };
        change_staff(&world.identity, &caller, world.envelope(&caller), zhou.staff_id, version, leave).await.unwrap();
        assert_eq!(held_for(&world.colleague(&token).await, "case.accept"), []);
    }
}

on_both! {
    async fn a_colleague_is_created_given_posts_and_handed_over(database) {
        let world = World::new(database).await;
        let caller = admin(&world, "jiangbo").await;
        let new = |account: &str, org: &str| NewStaff {
            account: account.to_owned(),
            name: "新同事".to_owned(),
            org: org.parse().unwrap(),
            password: secret(PASSWORD),
            number: None,
        };
        let create = async |new: NewStaff| create_staff(&world.identity, &caller, world.envelope(&caller), new).await;
        assert_eq!(create(new("zhoumin", "180100/hall")).await.unwrap_err().code(), "E1111");
        assert_eq!(create(new("new.one", "180102/hall")).await.unwrap_err().code(), "E1002");
        assert_eq!(create(new("New One", "180100/hall")).await.unwrap_err().code(), "E1002");
        let created = create(new("new.one", "180100/hall")).await.unwrap();
        assert!(world.colleague(&world.staff("new.one").await).await.grants.is_empty());

        let (li, shimin) = (row(&world, "lijuan").await, admin(&world, "shimin").await);
        let give = async |to: StaffId| hand_over(&world.identity, &caller, world.envelope(&caller), li.staff_id, to).await;
        assert_eq!(give(li.staff_id).await.unwrap_err().code(), "E1110");
        assert_eq!(give(shimin.staff().unwrap().staff).await.unwrap_err().code(), "E1110");
        let handed = give(created.staff_id).await.unwrap();
        assert_eq!(handed.version, li.version + 1);
        let history = world.kit.store.history("180100".parse().unwrap(), li.staff_id.uuid()).await.unwrap();
        let told = history.last().unwrap();
        assert_eq!(told.kind, "staff.handed_over");
        assert_eq!(told.body["to"], created.staff_id.to_string());
    }
}
