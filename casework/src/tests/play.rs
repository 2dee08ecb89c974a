//! Any sequence of acts by anybody: no illegal state, no lost task, no forgotten clock.

use flow::{Stage, Wait};
use kernel::{
    AppError, Timestamp,
    ids::{Id as _, MaterialId, NoticeId},
    item::Risk,
};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use uuid::Uuid;

use super::{
    Play, Who, applicant, colleague, decision, denial, evidence, file, other_party, review, say,
    served, staff, supply, words,
};
use crate::{
    answer::{confirm::Confirm, evidence::RemoveEvidence},
    apply::{attach::Remove, insist::Insist, submit::SubmitCase, withdraw::WithdrawCase},
    case::{Case, Channel},
    clock::ClockKind,
    counter::receive::ReceiveCase,
    event::{NoticeKind, Target},
    jobs::{AcceptBySilence, FallSilent, Lapse, Recount, Serve, TakeOver, WithdrawConsent},
    state::State,
    work::{
        accept::AcceptCase,
        claim::{Claim, Release},
        correct::NoticeCorrections,
        countersign::CountersignRefusal,
        decide::Said,
        hand_out::{HandOutMethod, HandOutResult},
        make::Make,
        pre_review::{PrePass, PreReturnCase},
        reassign::Give,
        refuse::{RefusalKind, Refuse},
        review::{Proposal, ReviewCase},
        site_check::CheckSite,
    },
};

/// Everybody may do everything by his posts, so that only the rules of separation stand in the way;
/// the last is the applicant himself.
fn crew() -> Vec<Who> {
    let all = [
        "case.accept",
        "case.review",
        "case.decide",
        "case.deliver",
        "case.supervise",
    ];
    let mut crew: Vec<Who> = (1..=6).map(|number| colleague(number, &all)).collect();
    let mut party = colleague(99, &all);
    party.performer.person = Some(applicant());
    crew.push(party);
    crew
}

/// One step: which act, by whom, with what, after how many hours.
type Step = (u8, usize, u8, i64);

fn target(with: u8) -> Vec<Target> {
    vec![match with % 3 {
        0 => Target::Material("m3".to_owned()),
        1 => Target::Material("m4".to_owned()),
        _ => Target::Field("mobile".to_owned()),
    }]
}

/// What the applicant does.
fn by_applicant(
    play: &mut Play,
    act: u8,
    with: u8,
    serial: u128,
) -> Result<Vec<&'static str>, AppError> {
    let now = play.now;
    let slot = ["m3", "m4"][usize::from(with % 2)];
    if play.case.other.is_some() && with > 2 {
        return by_other_party(play, act, serial);
    }
    match act {
        0 => play.act(
            SubmitCase {
                electronic: with.is_multiple_of(2),
                promises: Vec::new(),
                packed: None,
                now,
            },
            None,
        ),
        1 => play.act(Insist, None),
        2 => play.act(supply(play), None),
        3 => play.act(WithdrawCase { words: None }, None),
        4 => play.act(file(play, slot, serial), None),
        _ => {
            let material_id = play.case.files.first().map_or_else(
                || MaterialId::from_uuid(Uuid::nil()),
                |file| file.material_id,
            );
            play.act(Remove { material_id }, None)
        }
    }
}

/// What the other party does.
fn by_other_party(play: &mut Play, act: u8, serial: u128) -> Result<Vec<&'static str>, AppError> {
    match act {
        0 | 1 => play.act(
            Confirm {
                electronic: act == 0,
            },
            None,
        ),
        2 => play.act(say(true), None),
        3 => play.act(say(false), None),
        4 => play.act(evidence(play, serial), None),
        _ => {
            let other = play.case.other.as_ref();
            let material_id = other.and_then(|other| other.files.first().copied());
            let material_id = material_id.unwrap_or(MaterialId::from_uuid(Uuid::nil()));
            play.act(RemoveEvidence { material_id }, None)
        }
    }
}

/// What the system does: jobs that fire at any time, twice.
fn by_system(play: &mut Play, act: u8, with: u8) -> Result<Vec<&'static str>, AppError> {
    let run = |play: &mut Play| match act {
        0 => play.act(AcceptBySilence, None),
        1 => play.act(Lapse, None),
        2 => {
            let notice_id = play.case.notices.get(usize::from(with)).map_or_else(
                || NoticeId::from_uuid(Uuid::nil()),
                |notice| notice.notice_id,
            );
            play.act(Serve { notice_id }, None)
        }
        3 if with > 2 => play.act(FallSilent, None),
        3 => play.act(Recount, None),
        4 if with == 5 => play.act(WithdrawConsent { at: play.now }, None),
        _ => {
            let Some(task) = play.case.tasks.first() else {
                return Ok(Vec::new());
            };
            let act = TakeOver {
                task: task.opened.task_id,
                from: task.holder.unwrap_or(staff(1)),
                to: None,
            };
            play.act(act, None)
        }
    };
    let first = run(play)?;
    let again = run(play)?;
    assert_eq!(again, Vec::<&str>::new(), "a job that ran twice");
    Ok(first)
}

/// What staff do.
fn by_staff(play: &mut Play, act: u8, who: &Who, with: u8) -> Result<Vec<&'static str>, AppError> {
    let (now, words) = (play.now, vec![1]);
    let who = Some(who);
    let task = play.case.tasks.first().map(|task| task.opened.task_id);
    let proposal = [Proposal::Grant, Proposal::Deny][usize::from(with % 2)];
    match (act, task) {
        (0, _) => play.act(
            ReceiveCase {
                electronic: with.is_multiple_of(2),
                promises: Vec::new(),
                packed: None,
                complete: !with.is_multiple_of(3),
                now,
            },
            who,
        ),
        (1, Some(task)) => play.act(Claim(task), who),
        (2, Some(task)) => play.act(Release(task), who),
        (3, Some(task)) => {
            let to = crew()[usize::from(with) % 7].performer;
            play.act(
                Give {
                    task,
                    to,
                    words: None,
                },
                who,
            )
        }
        (4, _) => play.act(
            PreReturnCase {
                targets: target(with),
                words,
            },
            who,
        ),
        (5, _) => play.act(PrePass, who),
        (6, _) => play.act(
            NoticeCorrections {
                targets: target(with),
                words,
            },
            who,
        ),
        (7, _) => play.act(
            Refuse {
                kind: [RefusalKind::NotAccepted, RefusalKind::NotRequired][usize::from(with % 2)],
                ground: None,
                words,
            },
            who,
        ),
        (8, _) => play.act(
            CheckSite {
                words: with.is_multiple_of(2).then_some(words),
            },
            who,
        ),
        (9, _) => play.act(Make, who),
        (10, _) => play.act(
            HandOutResult {
                method: HandOutMethod::Counter,
                received_on: None,
                words: None,
            },
            who,
        ),
        (11 | 12, _) => play.act(
            ReviewCase {
                proposal,
                words: Some(words),
            },
            who,
        ),
        (13 | 14, _) => {
            let verdict = match with % 3 {
                0 => Said::Grant(None),
                1 => Said::Return,
                _ => Said::Deny(denial()),
            };
            play.act(decision(verdict), who)
        }
        (15, _) => play.act(
            if with.is_multiple_of(2) {
                CountersignRefusal::Sign(Some(words))
            } else {
                CountersignRefusal::SendBack(Some(words))
            },
            who,
        ),
        _ => forward(play, who, with),
    }
}

/// The act that brings the case on.
fn forward(play: &mut Play, who: Option<&Who>, with: u8) -> Result<Vec<&'static str>, AppError> {
    if let Some(paper) = play.case.to_serve()
        && with > 3
    {
        return play.act(served(paper.notice_id), who);
    }
    let Some(task) = play.case.tasks.first() else {
        return Ok(Vec::new());
    };
    if play.case.state == State::Correcting && with > 2 {
        return correct_as_asked(play);
    }
    if play.case.refusal.is_some() && with > 2 {
        return play.act(CountersignRefusal::Sign(Some(vec![1])), who);
    }
    let recorded = !task.confirmed.is_empty();
    let method = HandOutMethod::Mail;
    match task.opened.stage {
        Stage::Review | Stage::SecondReview => play.act(review(), who),
        Stage::SiteCheck => {
            let words = (!recorded).then(|| vec![1]);
            play.act(CheckSite { words }, who)
        }
        Stage::Decide => play.act(decision(Said::Grant(None)), who),
        Stage::Make => play.act(Make, who),
        Stage::HandOut => play.act(
            HandOutResult {
                method,
                received_on: None,
                words: None,
            },
            who,
        ),
        Stage::Intake => {
            let missing = match with {
                0 => vec![words("材料", "Paper")],
                _ => Vec::new(),
            };
            play.act(AcceptCase { missing }, who)
        }
    }
}

/// The applicant supplies what the last notice lists.
fn correct_as_asked(play: &mut Play) -> Result<Vec<&'static str>, AppError> {
    let targets = play.case.corrections.last().unwrap().targets.clone();
    for target in targets {
        if let Target::Material(slot) = target
            && !play.case.supplies(&slot)
        {
            let number = 10_000 + u128::try_from(play.log.len()).unwrap();
            return play.act(file(play, &slot, number), None);
        }
    }
    play.act(supply(play), None)
}

fn step(play: &mut Play, step: Step, serial: u128) -> Result<Vec<&'static str>, AppError> {
    let (act, who, with, hours) = step;
    play.now = play.now.plus_seconds(hours * 3_600 + 60);
    let crew = crew();
    match act {
        0..6 => by_applicant(play, act, with, serial),
        6..11 => by_system(play, act - 6, with),
        _ => by_staff(play, act - 11, &crew[who % crew.len()], with),
    }
}

fn tasks_are_kept(case: &Case) {
    let open = case.tasks.len();
    let waits = case.flow.as_ref().is_some_and(|flow| {
        let mut tokens = flow.tokens().iter();
        tokens.any(|token| token.wait == Wait::Service)
    });
    match case.state {
        State::Draft => assert_eq!(open, 0),
        state if state.is_final() => assert_eq!(open, 0, "{state:?} leaves a task behind"),
        // The result waits for its arrival, or for a person.
        state if state.is_closed() => assert_eq!(open + usize::from(waits), 1, "{state:?}"),
        state => assert_eq!(open, 1, "{state:?}: a task is lost or doubled"),
    }
}

fn clocks_fit(case: &Case) {
    use ClockKind::{Acceptance, Answer, Correction, Delivery, PreReview, Promised, Statutory};
    let runs = |kind| case.running(kind).is_some();
    for kind in [
        PreReview, Acceptance, Correction, Promised, Statutory, Delivery,
    ] {
        let running = case.clocks.iter().filter(|c| c.clock == kind && c.runs());
        assert!(running.count() <= 1, "two clocks of {kind:?} run");
    }
    let examines = matches!(
        case.state,
        State::Submitted
            | State::PreReturned
            | State::PrePassed
            | State::Received
            | State::Corrected
    );
    assert_eq!(runs(Acceptance), examines, "{:?}", case.state);
    assert_eq!(runs(PreReview), case.state == State::Submitted);
    assert_eq!(runs(Correction), case.state == State::Correcting);
    let undelivered = case.state.is_closed() && !case.state.is_final();
    assert_eq!(runs(Delivery), undelivered, "{:?}", case.state);
    if case.state.is_closed() {
        assert!(!runs(Promised) && !runs(Statutory) && !runs(Answer));
    }
    let waits = case.other.as_ref().is_some_and(|other| {
        let served = case.service_of(other.notice_id).is_some();
        let said = other.answer.is_some() || other.silent_at.is_some();
        served && !said && !case.state.is_closed()
    });
    assert_eq!(runs(Answer), waits, "{:?}", case.other);
}

fn people_are_apart(play: &Play) {
    let case = &play.case;
    let decider = case.decision.as_ref().and_then(|one| one.decider);
    if let Some(acceptor) = case.acceptor {
        assert!(!case.reviewers.contains(&acceptor));
        assert_ne!(decider, Some(acceptor));
        if let Some((_, checkers)) = &case.site_check {
            assert!(!checkers.contains(&acceptor));
        }
    }
    if let Some(decider) = decider
        && play.model.edition.facts.counted_risk() >= Risk::M
    {
        assert!(!case.reviewers.contains(&decider));
    }
    if let Some((_, checkers)) = &case.site_check {
        let mut apart = checkers.clone();
        apart.sort_unstable();
        apart.dedup();
        assert_eq!(
            apart.len(),
            checkers.len(),
            "one person is not two checkers"
        );
    }
    let mut performers = case.performers.values().flatten();
    assert!(
        !performers.any(|who| *who == staff(99)),
        "a party handled his own case"
    );
}

fn papers_have_words(play: &Play) {
    for paper in &play.papers {
        let needs_words = matches!(
            paper.kind,
            NoticeKind::RefuseAcceptance
                | NoticeKind::NotRequired
                | NoticeKind::Deny
                | NoticeKind::CorrectionNotice
                | NoticeKind::PreReturn
        );
        assert!(!needs_words || paper.sealed.is_some(), "{:?}", paper.kind);
    }
    let notices = play.case.notices.iter().map(|notice| notice.kind);
    let decisions = notices.filter(|kind| matches!(kind, NoticeKind::Grant | NoticeKind::Deny));
    assert_eq!(
        decisions.count(),
        usize::from(play.case.decision.is_some()),
        "decided once"
    );
}

/// Nobody decides while the other party may speak, and it has its own copy of every decision.
fn both_are_heard(before: &Case, after: &Case, now: Timestamp) {
    let decided = before.decision.is_none() && after.decision.is_some();
    let Some(other) = after.other.as_ref().filter(|_| decided) else {
        return;
    };
    assert!(!before.awaits_answer(now), "decided unheard");
    assert!(other.decision_id.is_some(), "no copy of the decision");
}

fn play_all(item: &str, channel: Channel, outcome: &'static str, steps: &[Step]) -> Vec<State> {
    let mut states = Vec::new();
    let mut play = Play::open(item, channel, "2026-02-09");
    play.outcome = outcome;
    play.other = (item == TWO_PARTIES).then(other_party);
    for (serial, one) in steps.iter().enumerate() {
        let before = play.case.clone();
        let done = step(&mut play, *one, 1_000 + u128::try_from(serial).unwrap());
        match done {
            Ok(events) if !events.is_empty() => {}
            // Nothing to do, or refused.
            Ok(_) | Err(AppError::Refused(_)) => {
                assert_eq!(play.case, before);
                continue;
            }
            Err(AppError::Broken(broken)) => panic!("{one:?} in {:?}: {broken}", before.state),
        }
        assert_eq!(play.replayed(), play.case, "the log tells another story");
        assert_eq!(
            play.case.version,
            i64::try_from(play.log.len()).unwrap(),
            "one version for each event"
        );
        both_are_heard(&before, &play.case, play.now);
        tasks_are_kept(&play.case);
        clocks_fit(&play.case);
        people_are_apart(&play);
        papers_have_words(&play);
        states.push(play.case.state);
    }
    states
}

/// The item with another party.
const TWO_PARTIES: &str = "SB-062";

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // What brings a case on is drawn more often, or few would reach a decision.
    let act = prop_oneof![2 => 0_u8..11, 3 => 11_u8..27, 4 => Just(27_u8)];
    let hours = prop_oneof![8 => 0_i64..6, 1 => 20_i64..900];
    prop::collection::vec((act, 0_usize..7, 0_u8..6, hours), 1..70)
}

/// A beginning that makes the rest worth playing; when much time passes, the jobs come first.
fn begun(channel: Channel, rest: Vec<Step>) -> Vec<Step> {
    let first = match channel {
        Channel::Online => (0, 0, 0, 1),
        Channel::Window => (11, 0, 1, 1),
    };
    let with_jobs = |(act, who, with, hours): Step| match hours {
        20.. => vec![
            (6, who, with, hours),
            (7, who, with, 0),
            (act, who, with, 0),
        ],
        _ => vec![(act, who, with, hours)],
    };
    let rest = rest.into_iter().flat_map(with_jobs);
    std::iter::once(first).chain(rest).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_licence_is_never_lost(rest in steps(), online in any::<bool>()) {
        let channel = if online { Channel::Online } else { Channel::Window };
        play_all("LD-001", channel, "review", &begun(channel, rest));
    }

    #[test]
    fn a_benefit_is_never_lost(rest in steps(), online in any::<bool>(), grant in any::<bool>()) {
        let channel = if online { Channel::Online } else { Channel::Window };
        let outcome = if grant { "grant" } else { "review" };
        play_all("SB-084", channel, outcome, &begun(channel, rest));
    }

    #[test]
    fn an_instant_registration_is_never_lost(
        rest in steps(),
        online in any::<bool>(),
        grant in any::<bool>(),
    ) {
        let channel = if online { Channel::Online } else { Channel::Window };
        let outcome = if grant { "grant" } else { "review" };
        play_all("JY-009", channel, outcome, &begun(channel, rest));
    }

    #[test]
    fn a_case_of_two_parties_is_never_lost(rest in steps(), online in any::<bool>()) {
        let channel = if online { Channel::Online } else { Channel::Window };
        play_all(TWO_PARTIES, channel, "review", &begun(channel, rest));
    }

    #[test]
    fn acts_before_receipt_do_no_harm(rest in steps()) {
        play_all("LD-001", Channel::Window, "review", &rest);
    }
}

#[test]
fn the_plays_reach_every_state_that_lasts() {
    let mut runner = TestRunner::deterministic();
    let mut reached: Vec<State> = Vec::new();
    for round in 0..500 {
        let rest = steps().new_tree(&mut runner).unwrap().current();
        let (item, channel) = match round % 4 {
            0 => ("SB-084", Channel::Online),
            1 => ("JY-009", Channel::Window),
            _ => ("LD-001", Channel::Online),
        };
        reached.extend(play_all(item, channel, "review", &begun(channel, rest)));
    }
    // The plays begin after the draft; the others are passed within one act.
    let passing = [
        State::Draft,
        State::PrePassed,
        State::Accepted,
        State::Granted,
    ];
    for state in State::ALL {
        assert_eq!(
            reached.contains(state),
            !passing.contains(state),
            "{state:?}"
        );
    }
}
