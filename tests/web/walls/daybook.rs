//! The day book has a line for every record there is: what the forms of the samples made, and what
//! made the world they live in.

use sqlx::PgConnection;

use super::kinds::KINDS;
use super::samples::{MARKS, Samples};
use super::{as_owner, texts};

/// Rows that are no record of their own: the line is that of another, in this column.
const LINE_OF: &[(&str, &str, &str)] = &[
    (
        "appointments",
        "cadre_id",
        "taking office is a line of the cadre",
    ),
    ("issue_moves", "issue_id", OF_THE_ISSUE),
    ("issue_followups", "issue_id", OF_THE_ISSUE),
    ("issue_parts", "issue_id", OF_THE_ISSUE),
    ("issue_instructions", "issue_id", OF_THE_ISSUE),
    ("issue_files", "issue_id", OF_THE_ISSUE),
    ("issue_handoffs", "issue_id", OF_THE_ISSUE),
    ("issue_notices", "issue_id", OF_THE_ISSUE),
];

const OF_THE_ISSUE: &str = "what is done to an issue is a line of the issue";

#[tokio::test]
async fn every_record_has_its_line() {
    let samples = Samples::new().await;
    let mut owner = as_owner(&samples.town.database).await;
    let mut faults = Vec::new();
    let (mut tables, mut records) = (0, 0);
    for table in records_of(&mut owner).await {
        let line = LINE_OF.iter().find(|(name, ..)| *name == table);
        let id = line.map_or("id", |(_, column, _)| column);
        let count = texts(&mut owner, &format!("select count(*)::text from {table}")).await;
        let count: usize = count[0].parse().expect("a number");
        if count == 0 && !EMPTY.iter().any(|(name, _)| *name == table) {
            faults.push(format!("{table}: the samples have none"));
        }
        // A notice lies where its reader is, the line of its matter where that is.
        let place = if table == "issue_notices" {
            "true"
        } else {
            "b.scope = t.scope"
        };
        let silent = format!(
            "select t.id::text from {table} t
             -- A notice of a leave has no matter: the leave has its own line.
             where t.{id} is not null and not exists (
                 select from day_book b
                 where b.tenant_id = t.tenant_id and b.object_id = t.{id} and {place})"
        );
        for id in texts(&mut owner, &silent).await {
            faults.push(format!("{table} {id} has no line where it lies"));
        }
        tables += 1;
        records += count;
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    println!("day book: {records} records of {tables} tables, each with its line");
}

/// Record tables that no sample fills, and why.
const EMPTY: &[(&str, &str)] = &[
    ("typed_figures", "its story is in figures"),
    ("deputies", IN_ISSUES),
    ("issue_followups", IN_ISSUES),
    ("issue_parts", IN_ISSUES),
    ("issue_instructions", IN_ISSUES),
    ("issue_files", IN_ISSUES),
    ("issue_handoffs", IN_ISSUES),
    ("issue_notices", IN_ISSUES),
];

const IN_ISSUES: &str = "its stories are in issues";

/// Tables of a tenant whose rows have an id of their own.
async fn records_of(owner: &mut PgConnection) -> Vec<String> {
    let with_id = texts(
        owner,
        "select c.relname::text from pg_class c
         join pg_index i on i.indrelid = c.oid and i.indisprimary
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
             and (select array_agg(a.attname::text order by a.attname) from pg_attribute a
                  where a.attrelid = c.oid and a.attnum = any (i.indkey)) = '{id,tenant_id}'",
    )
    .await;
    let known = |name: &String| KINDS.iter().any(|(table, _)| table == name);
    let records = with_id.into_iter().filter(|name| name != "day_book");
    records.filter(known).collect()
}

/// Ids, counts and states; never a name, a phone or what was said.
#[tokio::test]
async fn it_says_nothing_of_anybody() {
    let samples = Samples::new().await;
    let mut owner = as_owner(&samples.town.database).await;
    let lines = texts(
        &mut owner,
        "select coalesce(detail::text, '') || coalesce(purpose, '') from day_book",
    )
    .await;
    assert!(lines.len() > 20, "{} lines", lines.len());
    for (mark, line) in MARKS
        .iter()
        .flat_map(|mark| lines.iter().map(move |line| (mark, line)))
    {
        assert!(!line.contains(mark), "{mark} stands in {line}");
    }
}

/// A verb in the book that no feature lists would have no words on any page; one that is listed twice
/// would have two meanings.
#[tokio::test]
async fn every_verb_has_its_words() {
    let samples = Samples::new().await;
    let mut owner = as_owner(&samples.town.database).await;
    let verbs: Vec<_> = qingting::app::FEATURES
        .iter()
        .flat_map(|it| it.verbs)
        .collect();
    for (at, verb) in verbs.iter().enumerate() {
        let twin = verbs[..at].iter().find(|it| it.code == verb.code);
        assert!(twin.is_none(), "{} is listed twice", verb.code);
        assert!(!verb.label.is_empty(), "{}", verb.code);
    }
    for code in texts(&mut owner, "select distinct verb from day_book").await {
        assert!(
            verbs.iter().any(|it| it.code == code),
            "{code} is in no feature's list"
        );
    }
}
