//! The tree as lines of nested lists: opened along the way to the committee that is shown.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::committees::{Committee, Node};
use crate::platform::ids::CommitteeId;

/// One committee in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub id: CommitteeId,
    pub name: String,
    pub cadres: i64,
    pub is_shown: bool,
    /// A list of committees below it begins after this line.
    pub opens: bool,
    /// So many lists end after this line.
    pub closes: u8,
}

/// `nodes`: those below each committee on the way from `root` to `shown`, in order. Closed ones are left out.
pub fn rows(
    root: &Committee,
    nodes: &[Node],
    shown: CommitteeId,
    today: NaiveDate,
    count: impl Fn(CommitteeId) -> i64,
) -> Vec<Row> {
    let mut below: HashMap<CommitteeId, Vec<&Node>> = HashMap::new();
    for node in nodes {
        let is_open = node.ends_on.is_none_or(|end| end > today) || node.id == shown;
        if let Some(parent) = node.parent_id.filter(|_| is_open) {
            below.entry(parent).or_default().push(node);
        }
    }
    let mut rows = Vec::new();
    let mut waiting = vec![(root.id, root.short_name.clone(), 0u8)];
    // Depth first: what waits last is next. A level is left when the next line lies less deep.
    while let Some((id, name, depth)) = waiting.pop() {
        let children = below.get(&id).map_or(&[][..], Vec::as_slice);
        let next = children.iter().rev();
        waiting.extend(next.map(|it| (it.id, short(it), depth + 1)));
        let next_depth = waiting.last().map_or(0, |(_, _, depth)| *depth);
        rows.push(Row {
            id,
            name,
            cadres: count(id),
            is_shown: id == shown,
            opens: !children.is_empty(),
            closes: depth.saturating_sub(next_depth),
        });
    }
    rows
}

/// Below a county its place says enough: 溪口镇, not 溪口镇团委.
fn short(node: &Node) -> String {
    if node.level >= 4 && !node.place_name.is_empty() {
        node.place_name.clone()
    } else {
        node.short_name.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::committees::{Class, Kind};
    use crate::platform::ids::TenantId;

    fn node(id: i32, parent: i32) -> Node {
        Node {
            id: CommitteeId(id),
            parent_id: Some(CommitteeId(parent)),
            level: 4,
            kind: Kind::Area,
            short_name: format!("k{id}"),
            place_name: format!("p{id}"),
            ends_on: None,
        }
    }

    fn root() -> Committee {
        Committee {
            id: CommitteeId(1),
            parent_id: None,
            level: 3,
            kind: Kind::Area,
            class: Class::Leading,
            tenant_id: TenantId(1),
            code_lo: 0,
            code_hi: 9,
            division_code: None,
            code: String::new(),
            full_name: String::new(),
            short_name: "root".into(),
            common_name: String::new(),
            place_name: String::new(),
            starts_on: NaiveDate::MIN,
            ends_on: None,
            successor_id: None,
            version: 1,
        }
    }

    /// As the template writes it.
    fn written(rows: &[Row]) -> String {
        rows.iter().fold(String::new(), |mut out, row| {
            out.push_str(&row.name);
            out.push_str(if row.opens { "(" } else { "." });
            out.push_str(&")".repeat(usize::from(row.closes)));
            out
        })
    }

    #[test]
    fn lists_open_and_close_in_pairs() {
        let nodes = [node(2, 1), node(3, 1), node(4, 3), node(5, 4), node(6, 1)];
        let shown = CommitteeId(5);
        let rows = rows(&root(), &nodes, shown, NaiveDate::MIN, |_| 0);
        assert_eq!(written(&rows), "root(p2.p3(p4(p5.))p6.)");
        assert_eq!(rows.iter().filter(|row| row.is_shown).count(), 1);
    }

    #[test]
    fn a_leaf_alone_has_no_list() {
        let rows = rows(&root(), &[], CommitteeId(1), NaiveDate::MIN, |_| 3);
        assert_eq!(written(&rows), "root.");
    }

    #[test]
    fn a_closed_one_is_left_out() {
        let mut closed = node(2, 1);
        closed.ends_on = NaiveDate::from_ymd_opt(2026, 1, 1);
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a date");
        let rows = rows(&root(), &[closed, node(3, 1)], CommitteeId(1), today, |_| 0);
        assert_eq!(written(&rows), "root(p3.)");
    }
}
