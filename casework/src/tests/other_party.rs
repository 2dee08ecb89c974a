//! Two parties in one case: told, heard, served.

use flow::Stage;
use kernel::ids::{Id as _, PersonId};
use uuid::Uuid;

use super::{
    Play, Who, colleague, decider, denial, desk, evidence, other_party, review, say, served,
};
use crate::{
    answer::{confirm::Confirm, evidence::RemoveEvidence},
    apply::withdraw::WithdrawCase,
    case::{Channel, Party},
    clock::ClockKind,
    event::NoticeKind,
    jobs::{FallSilent, Serve},
    state::State,
    work::{decide::Said, hand_out::HandOutMethod, serve::ServePaper, site_check::CheckSite},
};

/// An application that is accepted on Monday; the other party is told.
fn accepted() -> Play {
    let mut play = Play::open("SB-062", Channel::Online, "2026-03-02");
    play.other = Some(other_party());
    for (number, slot) in ["m2", "m3", "m4"].into_iter().enumerate() {
        play.attach(slot, 100 + u128::try_from(number).unwrap());
    }
    play.submit();
    play.accept();
    play
}

fn other(number: u128) -> Who {
    colleague(number, &["case.review"])
}

/// Two colleagues inquire.
fn inquire(play: &mut Play) {
    let words = Some(vec![1]);
    play.act(CheckSite { words }, Some(&other(2))).unwrap();
    let words = None;
    play.act(CheckSite { words }, Some(&other(3))).unwrap();
}

fn confirm(play: &mut Play, electronic: bool) -> Vec<&'static str> {
    play.act(Confirm { electronic }, None).unwrap()
}

#[test]
fn the_other_party_is_told_when_the_case_is_accepted_and_its_time_begins_with_service() {
    let mut play = accepted();
    let told = play.case.other.clone().unwrap();
    assert_eq!(told.party, other_party());
    assert!(
        play.case.running(ClockKind::Answer).is_none(),
        "not served yet"
    );
    let paper = play.papers.last().unwrap();
    assert_eq!(paper.kind, NoticeKind::OtherPartyNotice);
    assert_eq!(
        paper.number.as_deref(),
        Some("云人社伤认举字〔2026〕第0001号")
    );
    play.on("2026-03-05");
    assert_eq!(confirm(&mut play, true), ["case.other_party_served"]);
    let clock = play.case.running(ClockKind::Answer).unwrap();
    // Ten calendar days from the 5th end on a Sunday.
    assert_eq!(clock.due_on.to_string(), "2026-03-16");
    assert_eq!(confirm(&mut play, false), Vec::<&str>::new());
    assert!(
        play.case.other.as_ref().unwrap().electronic,
        "as it said first"
    );
    assert_eq!(play.replayed(), play.case);
}

#[test]
fn what_came_by_mail_was_served_on_the_day_of_the_receipt() {
    let mut play = accepted();
    let notice_id = play.case.to_serve().unwrap().notice_id;
    play.on("2026-03-10");
    let by_mail = ServePaper {
        method: HandOutMethod::Mail,
        on: Some("2026-03-06".parse().unwrap()),
        ..served(notice_id)
    };
    assert_eq!(
        play.refused(by_mail, Some(&other(2))),
        "E1102",
        "not of the desk"
    );
    let by_mail = ServePaper {
        method: HandOutMethod::Mail,
        on: Some("2026-03-06".parse().unwrap()),
        ..served(notice_id)
    };
    play.act(by_mail, Some(&desk())).unwrap();
    let clock = play.case.running(ClockKind::Answer).unwrap();
    assert_eq!(clock.start.to_string(), "2026-03-06");
    let (at, how) = play.case.service_of(notice_id).unwrap();
    assert_eq!(
        (at.day().to_string(), how.as_str()),
        ("2026-03-06".to_owned(), "mail")
    );
    assert_eq!(play.refused(served(notice_id), Some(&desk())), "E1244");
}

#[test]
fn nobody_reviews_or_decides_before_the_other_party_was_heard() {
    let mut play = accepted();
    inquire(&mut play);
    assert_eq!(
        play.refused(review(), Some(&other(2))),
        "E1240",
        "not served"
    );
    confirm(&mut play, false);
    assert_eq!(
        play.refused(review(), Some(&other(2))),
        "E1240",
        "its time runs"
    );
    assert_eq!(
        play.act(say(false), None).unwrap(),
        ["case.other_party_answered"]
    );
    play.act(review(), Some(&other(2))).unwrap();
    assert_eq!(play.case.state, State::Deciding);
    assert_eq!(play.refused(say(true), None), "E1243");
    assert_eq!(play.refused(evidence(&play, 900), None), "E1243");
}

#[test]
fn silence_lets_the_case_go_on_from_the_day_after_the_last() {
    let mut play = accepted();
    confirm(&mut play, false);
    inquire(&mut play);
    play.on("2026-03-12");
    assert_eq!(play.act(FallSilent, None).unwrap(), Vec::<&str>::new());
    play.on("2026-03-13");
    assert!(
        !play.case.awaits_answer(play.now),
        "though its job has not run"
    );
    assert_eq!(play.refused(say(true), None), "E1242");
    assert_eq!(
        play.act(FallSilent, None).unwrap(),
        ["case.other_party_silent"]
    );
    assert_eq!(play.act(FallSilent, None).unwrap(), Vec::<&str>::new());
    play.act(review(), Some(&other(2))).unwrap();
}

#[test]
fn evidence_comes_and_goes_until_the_answer() {
    let mut play = accepted();
    let file = evidence(&play, 900);
    let material_id = file.material_id;
    play.act(file, None).unwrap();
    assert!(play.case.files.iter().all(|file| file.slot != "evidence"));
    play.act(RemoveEvidence { material_id }, None).unwrap();
    assert_eq!(play.refused(RemoveEvidence { material_id }, None), "E1012");
    play.act(evidence(&play, 901), None).unwrap();
    let said = play.act(say(true), None).unwrap();
    assert_eq!(
        said,
        ["case.other_party_served", "case.other_party_answered"]
    );
    assert_eq!(play.case.other.as_ref().unwrap().files.len(), 1);
    assert_eq!(play.replayed(), play.case);
}

#[test]
fn the_decision_is_served_on_both_each_by_its_own_way() {
    let mut play = accepted();
    play.act(say(false), None).unwrap();
    inquire(&mut play);
    play.act(review(), Some(&other(2))).unwrap();
    play.decide(Said::Deny(denial()));
    let copy = play.case.other.as_ref().unwrap().decision_id.unwrap();
    let decision = play.case.result_notice().unwrap();
    let number = |id| {
        let mut papers = play.papers.iter();
        papers.find(|paper| paper.id == id).unwrap().number.clone()
    };
    assert_eq!(number(copy), number(decision), "one decision");
    assert_eq!(
        play.case.to_serve().map(|paper| paper.notice_id),
        Some(copy)
    );
    let notice_id = decision;
    play.act(Serve { notice_id }, None).unwrap();
    assert_eq!(play.case.state, State::Delivered);
    assert!(
        play.case.service_of(copy).is_none(),
        "the other side has nothing yet"
    );
    play.act(served(copy), Some(&desk())).unwrap();
    assert!(play.case.service_of(copy).is_some());
    assert_eq!(play.case.to_serve(), None);
    let receipts = play.case.notices.iter();
    let receipts = receipts.filter(|paper| paper.kind == NoticeKind::OtherPartyReceipt);
    assert_eq!(receipts.count(), 1);
    assert_eq!(play.replayed(), play.case);
}

#[test]
fn what_is_paid_to_the_applicant_does_not_stand_in_the_copy() {
    let mut play = accepted();
    play.act(say(true), None).unwrap();
    inquire(&mut play);
    play.act(review(), Some(&other(2))).unwrap();
    play.decide(Said::Grant(Some(vec![7])));
    let copy = play.papers.last().unwrap();
    assert_eq!(copy.kind, NoticeKind::OtherPartyDecision);
    assert_eq!(copy.sealed, None);
    assert_eq!(
        play.case.to_serve(),
        None,
        "it agreed to electronic service"
    );
}

#[test]
fn a_withdrawn_case_asks_nobody_any_more() {
    let mut play = accepted();
    confirm(&mut play, false);
    let ended = play.act(WithdrawCase { words: None }, None).unwrap();
    assert_eq!(ended, ["case.withdrawn", "case.other_party_released"]);
    assert!(play.case.running(ClockKind::Answer).is_none());
    assert_eq!(play.refused(say(true), None), "E1242");
    assert_eq!(play.case.to_serve(), None);
}

#[test]
fn whoever_is_the_other_party_handles_nothing_of_the_case() {
    let mut play = accepted();
    let person = PersonId::from_uuid(Uuid::from_u128(9_000));
    play.case.other.as_mut().unwrap().party = Party::Person(person);
    let mut who = other(2);
    who.performer.person = Some(person);
    let words = || Some(vec![1]);
    assert_eq!(
        play.refused(CheckSite { words: words() }, Some(&who)),
        "E1204"
    );
    let mut agent = decider();
    agent.performer.agent = true;
    assert!(agent.performer.is_party(&play.case));
    assert!(play.case.task_at(Stage::SiteCheck).is_some());
}
