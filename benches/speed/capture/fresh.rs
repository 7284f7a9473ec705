//! A transaction as a script that pgbench can run again and again. Ids that the page made anew, and
//! human numbers, are made anew by each run of the script; everything else is a variable with the
//! value that the server sent.

use std::fmt::Write as _;

use qingting::kit::clock::Clock;
use uuid::Uuid;

use super::Statement;

/// Ids made within this are the page's own.
const FRESH_MS: u64 = 60_000;

/// The script of one client. `variables` gets the values, by a name that no other script has.
pub fn script(
    statements: &[Statement],
    index: usize,
    variables: &mut Vec<(String, String)>,
) -> String {
    let fresh = fresh_ids(statements);
    let mut text = String::new();
    if !fresh.is_empty() {
        // Grows from run to run and from transaction to transaction, as ids made by time do.
        text.push_str("\\set n :n + 1\n\\set u (((:base << 24) | :n) << 9) | (:client_id << 4)\n");
    }
    for (number, statement) in statements.iter().enumerate() {
        if statement.parameters.is_empty() && statement.sql.contains(';') {
            text.push_str("\\startpipeline\n");
            for part in statement.sql.split(';') {
                let _infallible = writeln!(text, "{};", part.trim());
            }
            text.push_str("\\endpipeline\n");
            continue;
        }
        let name = format!("s{index}_{number}");
        let sql = with_variables(statement, &name, &fresh, variables);
        let _infallible = writeln!(text, "{sql};");
    }
    text
}

fn fresh_ids(statements: &[Statement]) -> Vec<Uuid> {
    let now = u64::try_from(Clock::system().now().timestamp_millis()).unwrap_or(0);
    let mut found = Vec::new();
    for value in statements
        .iter()
        .flat_map(|statement| &statement.parameters)
        .flatten()
    {
        for (_, id) in ids_in(value) {
            let made = u64::try_from(id.as_u128() >> 80).unwrap_or(0);
            let is_fresh = id.get_version_num() == 7 && made + FRESH_MS > now;
            if is_fresh && !found.contains(&id) {
                found.push(id);
            }
        }
    }
    found
}

/// Where in a text UUIDs stand.
fn ids_in(value: &str) -> Vec<(usize, Uuid)> {
    let at = |start: usize| Uuid::try_parse(value.get(start..start + 36)?).ok();
    let starts = 0..value.len().saturating_sub(35);
    starts
        .filter_map(|start| Some((start, at(start)?)))
        .collect()
}

/// `$1` becomes `:name_1`, or an expression where the value is new each time.
fn with_variables(
    statement: &Statement,
    name: &str,
    fresh: &[Uuid],
    variables: &mut Vec<(String, String)>,
) -> String {
    let mut sql = String::new();
    let mut pieces = statement.sql.split('$');
    sql.push_str(pieces.next().unwrap_or_default());
    let mut given = Vec::new();
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = piece.split_at(digits);
        let number: usize = digits.parse().unwrap_or(0);
        match statement.parameters.get(number.wrapping_sub(1)) {
            None => {
                let _infallible = write!(sql, "${digits}");
            }
            Some(None) => sql.push_str("null"),
            Some(Some(value)) => {
                if let Some(expression) = expression(value, fresh) {
                    sql.push_str(&expression);
                } else {
                    let _infallible = write!(sql, ":{name}_{number}");
                    if !given.contains(&number) {
                        given.push(number);
                        variables.push((format!("{name}_{number}"), value.clone()));
                    }
                }
            }
        }
        sql.push_str(rest);
    }
    sql
}

/// For a value that holds a fresh id or is a human number.
fn expression(value: &str, fresh: &[Uuid]) -> Option<String> {
    if is_human_number(value) {
        return Some(format!("('{}-' || to_hex(:u::bigint))", quoted(value)));
    }
    let ids: Vec<_> = ids_in(value)
        .into_iter()
        .filter(|(_, id)| fresh.contains(id))
        .collect();
    if ids.is_empty() {
        return None;
    }
    let mut parts = Vec::new();
    let mut end = 0;
    for (start, id) in &ids {
        let number = fresh.iter().position(|one| one == id).unwrap_or(0);
        if *start > end {
            parts.push(format!("'{}'", quoted(&value[end..*start])));
        }
        parts.push(format!(
            "'0f' || lpad(to_hex(:u::bigint + {number}), 30, '0')"
        ));
        end = start + 36;
    }
    if end < value.len() {
        parts.push(format!("'{}'", quoted(&value[end..])));
    }
    let kind = match value.as_bytes() {
        [b'{', ..] if value.contains('"') => "",
        [b'{', ..] => "::uuid[]",
        _ if value.len() == 36 => "::uuid",
        _ => "",
    };
    Some(format!("({}){kind}", parts.join(" || ")))
}

/// 2026-青溪溪口-00001, 清望诉〔2026〕153号.
fn is_human_number(value: &str) -> bool {
    let tail = value.rsplit('-').next().unwrap_or_default();
    let counted = tail.len() >= 5 && tail.bytes().all(|b| b.is_ascii_digit());
    let visit =
        value.starts_with("20") && value.matches('-').count() == 2 && counted && !value.is_ascii();
    visit || value.contains('〔') && value.ends_with('号')
}

fn quoted(text: &str) -> String {
    text.replace('\'', "''")
}
