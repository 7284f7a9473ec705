use super::*;
use crate::platform::fields::Fields;
use crate::visits::model::Unmet;

const ID: &str = "0199f1a0-0000-7000-8000-000000000001";
const YOUTH: &str = "0199f1a0-0000-7000-8000-0000000000aa";

/// Tonight at 19:40 in a village, at home, one young person not registered; it is 21:20.
fn typed(more: &[(&str, &str)]) -> VisitForm {
    let usual = [
        ("id", ID),
        ("day", "2026-11-24"),
        ("at", "19:40"),
        ("village", "7"),
        ("kind", "home"),
        ("walkins", "1"),
    ];
    let is_new = |pair: &&(&str, &str)| !more.iter().any(|(name, _)| name == &pair.0);
    let mut pairs: Vec<(&str, &str)> = usual.iter().filter(is_new).copied().collect();
    pairs.extend(more);
    VisitForm::read(&Fields::of(&pairs))
}

fn ground() -> Checked {
    let now = clock::instant("2026-11-24T21:20:00".parse().unwrap());
    Checked {
        now,
        written_at: now,
        night_start: 18,
    }
}

fn checked(more: &[(&str, &str)]) -> NewVisit {
    typed(more).check(ground()).unwrap()
}

fn fault(more: &[(&str, &str)], field: &str) -> String {
    let faults = typed(more).check(ground()).unwrap_err();
    let found = faults.of(field).map(str::to_owned);
    found.unwrap_or_else(|| panic!("no fault at {field}: {faults:?}"))
}

#[test]
fn who_when_and_where_are_enough() {
    let new = checked(&[]);
    assert!(new.when.is_night);
    assert_eq!(new.site.mode, Mode::Home);
    assert_eq!(new.people.headcount(), 1);
    assert_eq!(
        (new.minutes, new.mood, new.content.as_str()),
        (None, None, "")
    );
    let elsewhere = checked(&[("village", ""), ("place_text", "县体育馆")]);
    assert_eq!(elsewhere.site.text.as_deref(), Some("县体育馆"));
}

#[test]
fn full_width_digits_are_digits() {
    let new = checked(&[("at", "１９：４０"), ("walkins", "　１２ ")]);
    assert_eq!(clock::time(new.when.started_at), "19:40");
    assert_eq!(new.people.walkins, 12);
    for raw in ["-1", "1000", "1e3", "二", "99999999999"] {
        assert!(
            fault(&[("walkins", raw)], "walkins").contains("0 到 999"),
            "{raw}"
        );
    }
}

#[test]
fn somebody_is_met_or_a_reason_is_given() {
    assert!(fault(&[("walkins", "")], "q").starts_with("选一位"));
    assert!(fault(&[("walkins", ""), ("q", "陈")], "q").starts_with("选一下是哪一位"));
    let new = checked(&[("walkins", "0"), ("unmet", "away")]);
    assert_eq!(
        (new.people.headcount(), new.people.unmet),
        (0, Some(Unmet::Away))
    );
    assert!(fault(&[("unmet", "away")], "unmet").contains("遇到了人"));
    assert!(fault(&[("unmet", "because")], "unmet").contains("重新选"));
}

#[test]
fn the_organisation_belongs_to_its_kind_of_place() {
    let new = checked(&[("kind", "school"), ("organisation", "溪口中学")]);
    assert_eq!(new.site.mode, Mode::School);
    assert!(new.site.organisation.is_some());
    let home = checked(&[("organisation", "溪口中学")]);
    assert_eq!(home.site.organisation, None, "typed, then 家里 was tapped");
    let far = checked(&[("mode", "DH")]);
    assert_eq!(
        (far.site.kind, far.site.mode),
        (PlaceKind::Online, Mode::Phone)
    );
    assert!(fault(&[("kind", "online")], "kind").contains("在哪里"));
    assert!(fault(&[("village", "x")], "village").contains("重新选"));
}

#[test]
fn one_who_is_met_alone_is_whose_problem_it_is() {
    let problem = [
        ("p1-text", "想找文员岗位"),
        ("p1-cat", "01"),
        ("p1-by", "me"),
        ("p1-urgency", "3"),
    ];
    let mut pairs = vec![("walkins", ""), ("youth", YOUTH)];
    pairs.extend(problem);
    let new = checked(&pairs);
    assert_eq!(new.problems[0].youth, Some(YOUTH.parse().unwrap()));
    pairs.push(("n1-name", "宋知夏"));
    assert_eq!(
        checked(&pairs).problems[0].youth,
        None,
        "two could have said it"
    );
    pairs.push(("p1-who", "宋知夏"));
    let new = checked(&pairs);
    assert_eq!(new.problems[0].youth, Some(new.people.newcomers[0].id));
}

#[test]
fn a_block_keeps_its_number_and_its_id() {
    let new = checked(&[
        ("p2-text", "想学剪辑"),
        ("p2-cat", "03"),
        ("p2-by", "own"),
        ("p2-urgency", "4"),
        ("p1-text", ""),
    ]);
    assert_eq!(new.problems.len(), 1);
    assert_eq!((new.problems[0].number, new.problems[0].by), (2, By::Own));
    assert!(fault(&[("p1-text", "想学剪辑")], "p1-cat").contains("诉求 1"));
    assert!(fault(&[("p1-cat", "01")], "p1-text").contains("青年说的事"));
    let silly = [
        ("p1-text", "想学剪辑"),
        ("p1-cat", "16"),
        ("p1-by", "you"),
        ("p1-urgency", "9"),
    ];
    for field in ["p1-cat", "p1-by", "p1-urgency"] {
        fault(&silly, field);
    }
}

#[test]
fn all_faults_are_said_at_once() {
    let faults = typed(&[
        ("walkins", ""),
        ("at", "25:00"),
        ("village", ""),
        ("minutes", "61"),
    ]);
    let faults = faults.check(ground()).unwrap_err();
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(
        fields,
        ["q", "at", "minutes", "village"],
        "in the order of the page"
    );
}

#[test]
fn the_fingerprint_is_of_the_content() {
    let one = typed(&[]).fingerprint();
    assert_eq!(
        one,
        typed(&[("q", "陈"), ("confirm", "other")]).fingerprint()
    );
    assert_ne!(one, typed(&[("content", "别的话")]).fingerprint());
    assert_ne!(one, typed(&[("walkins", "2")]).fingerprint());
}

#[test]
fn a_correction_is_late_by_when_the_visit_was_written() {
    let old = typed(&[("day", "other"), ("date", "2026-11-01")]);
    assert!(old.check(ground()).is_err());
    let written_at = clock::instant("2026-11-02T08:00:00".parse().unwrap());
    assert!(
        old.check(Checked {
            written_at,
            ..ground()
        })
        .is_ok()
    );
}
