use super::*;

fn faults(tsv: &str) -> Vec<(usize, String)> {
    match read(tsv) {
        Ok(_) => Vec::new(),
        Err(Faults(faults)) => faults
            .into_iter()
            .map(|fault| (fault.line, fault.kind.to_string()))
            .collect(),
    }
}

#[test]
fn every_fault_of_a_file_is_reported_with_its_line() {
    let found = faults(
        "date\tkind\tname\n\
         2031-02-30\toff\t春节\n\
         2031-2-3\toff\t春节\n\
         2031-02-03\tfree\t春节\n\
         2031-02-03\toff\n\
         2031-02-03\toff\t \n\
         2031-02-03\twork\t春节\n\
         2031-02-04\toff\t春节\n\
         2031-02-04\toff\t春节\n",
    );
    let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 7, 9]);
    assert_eq!(found[0].1, "“2031-02-30” is not a date like 2026-01-01");
    assert_eq!(found[2].1, "the kind is off or work, not “free”");
    assert_eq!(
        found[3].1,
        "expected three columns separated by tabs, found 2"
    );
    assert_eq!(found[5].1, "2031-02-03 is a weekday and worked anyway");
    assert_eq!(found[6].1, "2031-02-04 was named before, on line 8");
}

#[test]
fn a_file_without_its_header_is_refused() {
    assert_eq!(faults("")[0].0, 1);
    assert_eq!(faults("2026-01-01\toff\t元旦\n").len(), 1);
}

#[test]
fn a_published_year_must_hold_every_day_fixed_by_law() {
    let found = faults("date\tkind\tname\n2027-01-01\toff\t元旦\n");
    assert_eq!(found.len(), 12);
    assert_eq!(
        found[0],
        (
            3,
            "2027-02-05 is off by law (春节), but the file does not say so".to_owned()
        )
    );
}

#[test]
fn a_day_of_december_does_not_publish_its_year() {
    let notices = read("date\tkind\tname\n2022-12-31\toff\t元旦\n").unwrap();
    assert!(notices.published.is_empty());
    assert_eq!(notices.days.len(), 1);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_accepted() {
    let notices = read("\u{feff}date\tkind\tname\r\n2022-12-31\toff\t元旦\r\n").unwrap();
    assert_eq!(notices.days.values().next().unwrap().name, "元旦");
}
