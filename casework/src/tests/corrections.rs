//! 一次性告知 binds both sides.

use super::{Play, Who, clerk, colleague, supply, words};
use kernel::{AppError, Lang};

use crate::{
    apply::attach::Remove, case::Channel, clock::ClockKind, jobs::Lapse, state::State,
    work::accept::AcceptCase,
};

/// A licence whose notice lists `m4`; `m3` was there from the start.
fn noticed() -> Play {
    let mut play = Play::open("LD-001", Channel::Online, "2026-03-02");
    play.attach("m3", 1);
    play.submit();
    play.correct("m4");
    play
}

#[test]
fn everything_listed_must_be_there_before_it_is_supplied() {
    let mut play = noticed();
    assert_eq!(play.refused(supply(&play), None), "E1212");
    let material_id = play.attach("m4", 2);
    play.act(Remove { material_id }, None).unwrap();
    assert_eq!(
        play.refused(supply(&play), None),
        "E1212",
        "what was taken away again was not supplied"
    );
    play.attach("m4", 3);
    play.act(supply(&play), None).unwrap();
    assert_eq!(play.case.state, State::Corrected);
}

#[test]
fn a_correction_takes_nothing_away_that_was_in_order() {
    let mut play = noticed();
    let material_id = play.case.files[0].material_id;
    assert_eq!(play.refused(Remove { material_id }, None), "E1002");
}

#[test]
fn a_second_notice_repeats_the_first_and_needs_a_supervisor() {
    let mut play = noticed();
    play.attach("m4", 2);
    play.act(supply(&play), None).unwrap();
    assert_eq!(play.refused(super::notice("m6"), Some(&clerk())), "E1207");
    assert_eq!(play.refused(super::notice("m4"), Some(&clerk())), "E1228");
    let supervisor = colleague(1, &["case.accept", "case.supervise"]);
    play.act(super::notice("m4"), Some(&supervisor)).unwrap();
    assert_eq!(play.case.state, State::Correcting);
    assert_eq!(
        play.refused(supply(&play), None),
        "E1212",
        "what was supplied before does not count again"
    );
}

#[test]
fn who_supervises_elsewhere_does_not_supervise_here() {
    let mut play = noticed();
    play.attach("m4", 2);
    play.act(supply(&play), None).unwrap();
    let mut elsewhere = colleague(1, &["case.accept", "case.supervise"]);
    let mut grants = elsewhere.grants.to_vec();
    grants[1].org = "180100/labour".parse().unwrap();
    elsewhere.grants = grants.into();
    assert_eq!(play.refused(super::notice("m4"), Some(&elsewhere)), "E1228");
}

#[test]
fn corrections_that_never_come_end_the_case_when_their_time_is_over() {
    let mut play = noticed();
    let due = play.case.running(ClockKind::Correction).unwrap().due_on;
    play.on(&due.to_string());
    assert!(
        play.act(Lapse, None).unwrap().is_empty(),
        "the last day is his"
    );
    play.on(&due.tomorrow().unwrap().to_string());
    assert_eq!(play.refused(supply(&play), None), "E1214");
    play.act(Lapse, None).unwrap();
    assert_eq!(play.case.state, State::Lapsed);
    assert!(play.act(Lapse, None).unwrap().is_empty());
}

#[test]
fn a_refusal_names_papers_and_states_in_the_language_of_its_reader() {
    let mut play = noticed();
    let said = |play: &mut Play, who: Option<&Who>| match who {
        None => play.act(supply(play), None),
        Some(_) => play.act(
            AcceptCase {
                missing: Vec::new(),
            },
            who,
        ),
    };
    let mut advice = |who: Option<&Who>, lang| match said(&mut play, who) {
        Err(AppError::Refused(refusal)) => refusal.advice(lang),
        other => panic!("{other:?}"),
    };
    let clerk = clerk();
    assert!(advice(None, Lang::Zh).starts_with("缺少："));
    assert!(
        advice(None, Lang::En).is_ascii(),
        "{}",
        advice(None, Lang::En)
    );
    let state = advice(Some(&clerk), Lang::En);
    assert!(state.contains("Corrections needed"), "{state}");
}

#[test]
fn nothing_is_accepted_while_the_applicant_has_it_or_papers_are_missing() {
    let mut play = noticed();
    let accept = |missing: &[&str]| AcceptCase {
        missing: missing.iter().map(|name| words(name, "Articles")).collect(),
    };
    assert_eq!(play.refused(accept(&[]), Some(&clerk())), "E1201");
    play.attach("m4", 2);
    play.act(supply(&play), None).unwrap();
    assert_eq!(play.refused(accept(&["章程"]), Some(&clerk())), "E1212");
    play.act(accept(&[]), Some(&clerk())).unwrap();
}
