//! Events as they stand in the log.

use super::Play;
use crate::{
    case::{Case, Channel},
    event::{CaseEvent, Recorded},
    state::State,
    work::decide::Said,
};

fn benefit() -> Play {
    let mut play = Play::open("SB-084", Channel::Online, "2026-03-02");
    play.submit();
    play.accept();
    play.review();
    play.decide(Said::Grant(None));
    play
}

#[test]
fn every_body_says_what_listeners_need() {
    for (body, _) in benefit().log {
        for key in [
            "event", "case_no", "item", "edition", "name", "kind", "org", "channel", "state",
            "notify", "owner",
        ] {
            assert!(body.get(key).is_some(), "{key} in {body}");
        }
        let owner = body.pointer("/owner/person").unwrap();
        assert_eq!(owner, body.get("notify").unwrap());
    }
}

#[test]
fn the_kind_of_an_event_is_its_name_in_the_body() {
    for (body, _) in benefit().log {
        let recorded = Recorded::from_body(&body).unwrap();
        assert_eq!(body.get("event").unwrap(), &recorded.event.kind());
    }
}

#[test]
fn a_log_that_was_cut_or_swapped_does_not_replay() {
    let play = benefit();
    let replay = |log: &[(serde_json::Value, kernel::Timestamp)]| {
        let events = log
            .iter()
            .map(|(body, at)| (Recorded::from_body(body).unwrap(), *at));
        Case::replay(play.case.id, play.case.bureau, events)
    };
    assert_eq!(replay(&[]), Ok(None));
    assert!(replay(&play.log[1..]).is_err(), "the first is missing");
    let mut swapped = play.log.clone();
    let last = swapped.len() - 1;
    swapped.swap(1, last);
    assert!(replay(&swapped).is_err());
    let twice: Vec<_> = play.log.iter().chain(&play.log[..1]).cloned().collect();
    assert!(replay(&twice).is_err(), "a case begins once");
}

#[test]
fn an_event_that_does_not_fit_is_not_taken() {
    let mut play = Play::open("SB-084", Channel::Online, "2026-03-02");
    let discarded = Recorded {
        event: CaseEvent::PrePassed,
        by: None,
        flow: None,
    };
    let fault = play.case.apply(&discarded, play.now).unwrap_err();
    assert_eq!((fault.kind, fault.state), ("case.pre_passed", State::Draft));
}
