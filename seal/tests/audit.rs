//! The audit chain and its anchors: whatever is done to the log behind our back is found.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod common;

use std::collections::BTreeMap;

use common::Seeded;
use kernel::Timestamp;
use proptest::{collection::vec, prelude::*, sample::Index};
use seal::{
    Digest, SigningKey, VerifyingKey,
    anchor::{Anchor, AnchorCheck, AnchorFinding, AnchorReport},
    chain::{ChainFinding, ChainReport, FINDINGS_MAX, Link, check_chain, link},
};

const LANE: i64 = 3;

/// One row of the table.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    seq: i64,
    fields: Vec<Vec<u8>>,
    hash: Vec<u8>,
}

fn write(entries: &[Vec<Vec<u8>>]) -> Vec<Row> {
    let mut end = Link::start(LANE);
    let add = |fields: &Vec<Vec<u8>>| {
        end = end.add(fields.iter().map(Vec::as_slice));
        Row {
            seq: end.seq,
            fields: fields.clone(),
            hash: end.hash.to_vec(),
        }
    };
    entries.iter().map(add).collect()
}

fn check(rows: &[Row], anchored: &BTreeMap<i64, Digest>) -> ChainReport {
    let entries = rows.iter().map(|row| {
        let fields = row.fields.iter().map(Vec::as_slice);
        (row.seq, fields, row.hash.as_slice())
    });
    check_chain(Link::start(LANE), anchored, entries)
}

fn findings(rows: &[Row]) -> Vec<ChainFinding> {
    check(rows, &BTreeMap::new()).findings
}

fn anchored(rows: &[Row]) -> BTreeMap<i64, Digest> {
    let last = rows.last().unwrap();
    BTreeMap::from([(last.seq, last.hash.clone().try_into().unwrap())])
}

fn ten_rows() -> Vec<Row> {
    let entry = |n: u8| vec![b"case.accept".to_vec(), vec![n], Vec::new()];
    write(&(0..10).map(entry).collect::<Vec<_>>())
}

#[test]
fn an_untouched_chain_has_no_findings() {
    let rows = ten_rows();
    let report = check(&rows, &anchored(&rows));
    assert_eq!(report.findings, []);
    assert_eq!((report.entries, report.end.seq), (10, 10));
    assert_eq!(report.end.hash.to_vec(), rows[9].hash);
}

#[test]
fn each_way_to_tamper_has_its_finding() {
    let rows = ten_rows();
    let changed = |seq| ChainFinding::Changed { lane: LANE, seq };

    let mut fields = rows.clone();
    fields[4].fields[0] = b"case.reject".to_vec();
    assert_eq!(findings(&fields), [changed(5)]);

    let mut hash = rows.clone();
    hash[4].hash[31] ^= 1;
    assert_eq!(findings(&hash), [changed(5)]);
    hash[4].hash.clear();
    assert_eq!(findings(&hash), [changed(5)]);

    let mut gap = rows.clone();
    gap.drain(2..5);
    let missing = ChainFinding::Gap {
        lane: LANE,
        after: 2,
        next: 6,
    };
    assert_eq!(findings(&gap), [missing]);

    let mut head = rows.clone();
    head.remove(0);
    let missing = ChainFinding::Gap {
        lane: LANE,
        after: 0,
        next: 2,
    };
    assert_eq!(findings(&head), [missing]);

    let mut moved = rows.clone();
    moved.swap(2, 3);
    assert_eq!(
        findings(&moved),
        [
            ChainFinding::Gap {
                lane: LANE,
                after: 2,
                next: 4
            },
            ChainFinding::Reordered {
                lane: LANE,
                after: 4,
                seq: 3
            },
        ]
    );

    let mut cut = rows.clone();
    cut.truncate(7);
    assert_eq!(
        check(&cut, &anchored(&rows)).findings,
        [ChainFinding::Truncated {
            lane: LANE,
            last: 7,
            anchored: 10
        }]
    );
    assert_eq!(
        check(&[], &anchored(&rows)).findings,
        [ChainFinding::Truncated {
            lane: LANE,
            last: 0,
            anchored: 10
        }]
    );
}

#[test]
fn a_chain_written_anew_by_an_insider_is_not_the_anchored_one() {
    let rows = ten_rows();
    let mut entries: Vec<_> = rows.iter().map(|row| row.fields.clone()).collect();
    entries[4][0] = b"case.reject".to_vec();
    let forged = write(&entries);
    assert_eq!(findings(&forged), []);
    assert_eq!(
        check(&forged, &anchored(&rows)).findings,
        [ChainFinding::Rewritten {
            lane: LANE,
            seq: 10
        }]
    );
}

#[test]
fn a_wiped_table_is_counted_but_not_listed_without_end() {
    let count = FINDINGS_MAX + 500;
    let mut rows = write(&vec![vec![b"x".to_vec()]; count]);
    for row in &mut rows {
        row.fields.clear();
    }
    let report = check(&rows, &BTreeMap::new());
    assert_eq!(report.findings.len(), FINDINGS_MAX);
    assert_eq!(report.findings_count, u64::try_from(count).unwrap());
}

#[test]
fn chains_of_two_lanes_and_fields_cut_differently_have_different_digests() {
    let fields = [b"ab".as_slice(), b"c"];
    assert_ne!(
        Link::start(1).add(fields).hash,
        Link::start(2).add(fields).hash
    );
    let before = [7; 32];
    assert_ne!(
        link(&before, 1, fields),
        link(&before, 1, [b"a".as_slice(), b"bc"])
    );
    assert_ne!(
        link(&before, 1, fields),
        link(&before, 1, [b"abc".as_slice()])
    );
    assert_ne!(link(&before, 1, fields), link(&before, 2, fields));
}

#[test]
fn a_check_can_go_on_from_an_archived_part() {
    let rows = ten_rows();
    let start = Link {
        lane: LANE,
        seq: 4,
        hash: rows[3].hash.clone().try_into().unwrap(),
    };
    let entries = rows[4..].iter().map(|row| {
        (
            row.seq,
            row.fields.iter().map(Vec::as_slice),
            row.hash.as_slice(),
        )
    });
    assert_eq!(check_chain(start, &BTreeMap::new(), entries).findings, []);
}

fn key(seed: u64) -> SigningKey {
    SigningKey::generate(&mut Seeded(seed)).unwrap()
}

/// Four anchors of two lanes, one entry more each time.
fn anchor_lines(key: &SigningKey) -> Vec<String> {
    let (mut one, mut other) = (Link::start(1), Link::start(2));
    let mut lines: Vec<String> = Vec::new();
    for step in 0..4_i64 {
        one = one.add([b"x".as_slice()]);
        other = other.add([b"y".as_slice()]);
        let at = Timestamp::from_micros(step * 5_000_000);
        let before = lines.last().map(String::as_str);
        let anchor = Anchor::sign(at, vec![other, one], before, key).unwrap();
        lines.push(anchor.to_line());
    }
    lines
}

fn check_anchors<T: AsRef<str>>(lines: &[T], keys: &[VerifyingKey]) -> AnchorReport {
    let mut check = AnchorCheck::new(keys);
    for line in lines {
        check.push(line.as_ref());
    }
    check.finish()
}

#[test]
fn sound_anchors_give_the_digests_of_every_lane() {
    let key = key(1);
    let lines = anchor_lines(&key);
    let report = check_anchors(&lines, &[key.verifying_key().clone()]);
    assert_eq!(report.findings, []);
    assert_eq!(report.lines, 4);
    assert_eq!(
        report.last.unwrap().at(),
        Timestamp::from_micros(15_000_000)
    );
    assert!(report.anchored.keys().eq(&[1, 2]));
    assert_eq!(
        report.anchored[&1].keys().copied().collect::<Vec<_>>(),
        [1, 2, 3, 4]
    );
}

#[test]
fn an_anchor_line_is_one_line_of_canonical_json() {
    let line = &anchor_lines(&key(1))[0];
    assert!(line.starts_with(
        r#"{"at":"1970-01-01T00:00:00Z","before":"1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b","format":1,"heads":[{"hash":""#
    ));
    assert!(!line.contains('\n'));
}

#[test]
fn dropped_moved_repeated_and_foreign_lines_are_found() {
    let key = key(1);
    let keys = [key.verifying_key().clone()];
    let lines = anchor_lines(&key);
    let found = |lines: &[&String]| check_anchors(lines, &keys).findings;
    let [a, b, c, d] = &lines[..] else {
        panic!("four lines")
    };

    let unlinked = |line| AnchorFinding::Unlinked { line };
    let went_back = |line| AnchorFinding::WentBack { line };
    assert_eq!(found(&[a, c, d]), [unlinked(2)]);
    assert_eq!(found(&[b, c, d]), [unlinked(1)]);
    assert_eq!(
        found(&[a, c, b, d]),
        [unlinked(2), unlinked(3), went_back(3), unlinked(4)]
    );
    assert_eq!(found(&[a, a]), [unlinked(2)]);

    let stranger = SigningKey::generate(&mut Seeded(9)).unwrap();
    let forged = Anchor::sign(Timestamp::from_micros(9), Vec::new(), Some(a), &stranger);
    let forged = forged.unwrap().to_line();
    let name = stranger.verifying_key().fingerprint();
    assert_eq!(
        found(&[a, &forged]),
        [AnchorFinding::UnknownKey { line: 2, key: name }]
    );
}

#[test]
fn an_anchor_that_goes_back_or_loses_a_lane_is_found_even_when_signed() {
    let key = key(1);
    let keys = [key.verifying_key().clone()];
    let lines = anchor_lines(&key);
    let last = lines.last().unwrap();
    let later = Timestamp::from_micros(60_000_000);
    let heads = vec![Link {
        lane: 1,
        seq: 2,
        hash: [0; 32],
    }];
    for (at, heads) in [(later, heads), (later, Vec::new())] {
        let next = Anchor::sign(at, heads, Some(last), &key).unwrap().to_line();
        let all: Vec<_> = lines.iter().chain([&next]).collect();
        let report = check_anchors(&all, &keys);
        assert_eq!(report.findings, [AnchorFinding::WentBack { line: 5 }]);
    }
}

#[test]
fn anchors_of_an_earlier_key_still_count() {
    let (old, new) = (key(1), key(2));
    let mut lines = anchor_lines(&old);
    let at = Timestamp::from_micros(60_000_000);
    let keys = [new.verifying_key().clone(), old.verifying_key().clone()];
    let heads = check_anchors(&lines, &keys).last.unwrap().heads().to_vec();
    let before = lines.last().map(String::as_str);
    let next = Anchor::sign(at, heads, before, &new).unwrap();
    lines.push(next.to_line());
    assert_eq!(check_anchors(&lines, &keys).findings, []);
}

fn entries() -> impl Strategy<Value = Vec<Vec<Vec<u8>>>> {
    vec(vec(vec(any::<u8>(), 0..12), 1..4), 1..12)
}

fn flip(bytes: &mut [u8], at: Index) {
    let bit = at.index(bytes.len() * 8);
    bytes[bit / 8] ^= 1 << (bit % 8);
}

proptest! {
    #[test]
    fn every_changed_bit_of_an_entry_is_found(
        entries in entries(), row in any::<Index>(), part in any::<Index>(), bit in any::<Index>(),
    ) {
        let sound = write(&entries);
        let mut rows = sound.clone();
        let row = &mut rows[row.index(sound.len())];
        let parts = row.fields.len();
        match part.index(parts + 2) {
            number if number == parts => flip(&mut row.hash, bit),
            number if number > parts => {
                let mut seq = row.seq.to_be_bytes();
                flip(&mut seq, bit);
                row.seq = i64::from_be_bytes(seq);
            }
            field if row.fields[field].is_empty() => row.fields[field].push(0),
            field => flip(&mut row.fields[field], bit),
        }
        prop_assert!(!check(&rows, &anchored(&sound)).findings.is_empty());
    }

    #[test]
    fn every_truncation_up_to_the_anchor_is_found(entries in entries(), left in any::<Index>()) {
        let rows = write(&entries);
        let left = left.index(rows.len());
        prop_assert!(!check(&rows[..left], &anchored(&rows)).findings.is_empty());
    }

    #[test]
    fn every_removal_before_the_end_is_found(entries in entries(), row in any::<Index>()) {
        let mut rows = write(&entries);
        let anchored = anchored(&rows);
        rows.remove(row.index(rows.len()));
        prop_assert!(!check(&rows, &anchored).findings.is_empty());
    }

    #[test]
    fn every_swap_is_found(entries in entries(), one in any::<Index>(), other in any::<Index>()) {
        let sound = write(&entries);
        let (one, other) = (one.index(sound.len()), other.index(sound.len()));
        let mut places = sound.clone();
        places.swap(one, other);
        prop_assert_eq!(findings(&places).is_empty(), one == other);
        // The same with the numbers left in order.
        for (row, original) in places.iter_mut().zip(&sound) {
            row.seq = original.seq;
        }
        prop_assert_eq!(findings(&places).is_empty(), one == other);
    }

    #[test]
    fn every_changed_letter_of_an_anchor_file_is_found(
        line in 0_usize..4, at in any::<Index>(), letter in 0x20_u8..0x7f,
    ) {
        let key = key(1);
        let mut lines = anchor_lines(&key);
        let mut bytes = lines[line].clone().into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != letter);
        bytes[at] = letter;
        lines[line] = String::from_utf8(bytes).unwrap();
        let report = check_anchors(&lines, &[key.verifying_key().clone()]);
        prop_assert!(report.findings_count > 0);
    }
}
