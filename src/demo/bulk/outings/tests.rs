//! What is drawn holds together.

use super::super::world::tests::{now, small};
use super::*;

fn drawn(n: i64) -> (Vec<String>, Outings) {
    let mut outings = Outings::new(small(), now());
    for hours in (0..n).rev() {
        outings.go(now() - TimeDelta::hours(hours + 2));
    }
    let texts = outings.take().into_iter();
    let texts = texts.map(|rows| String::from_utf8(rows.into_bytes()).unwrap());
    (texts.collect(), outings)
}

#[test]
fn every_row_has_its_columns() {
    let (texts, _) = drawn(500);
    for (text, table) in texts.iter().zip(TABLES) {
        let columns = table.columns.split(',').count();
        assert!(!text.is_empty(), "{}", table.name);
        for line in text.lines() {
            assert_eq!(line.split('\t').count(), columns, "{}: {line}", table.name);
        }
    }
}

#[test]
fn numbers_have_no_gap_and_go_on() {
    let (texts, outings) = drawn(300);
    let counters = String::from_utf8(outings.counters().into_bytes()).unwrap();
    let given = counters.lines().filter(|line| line.contains("\tvisit\t"));
    let sum: usize = given
        .map(|line| line.rsplit('\t').next().unwrap().parse::<usize>().unwrap())
        .sum();
    assert_eq!(sum, 300);
    assert_eq!(texts[0].lines().count(), 300);
}

#[test]
fn it_is_the_same_each_time() {
    assert_eq!(drawn(50).0, drawn(50).0);
}
