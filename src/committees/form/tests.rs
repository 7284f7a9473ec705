use super::*;
use crate::committees::model::Kind;
use crate::platform::ids::TenantId;

fn day(text: &str) -> NaiveDate {
    date(text).expect("a date")
}

fn town() -> Committee {
    let town = planting::single(991_221_100_000).expect("溪口镇");
    Committee {
        id: CommitteeId(7),
        parent_id: Some(CommitteeId(3)),
        level: town.level as i16,
        kind: Kind::Area,
        class: town.class,
        tenant_id: TenantId(2),
        code_lo: town.code_lo,
        code_hi: town.code_hi,
        division_code: town.division_code,
        code: String::new(),
        full_name: town.full_name,
        short_name: town.short_name,
        common_name: town.common_name,
        place_name: "溪口镇".into(),
        starts_on: day("2020-01-01"),
        ends_on: None,
        successor_id: None,
        version: 1,
    }
}

fn form(what: &str, name: &str) -> CommitteeForm {
    CommitteeForm {
        id: "0199f1a0-0000-7000-8000-000000000001".into(),
        what: what.into(),
        name: name.into(),
        starts_on: "2026-11-24".into(),
        ..CommitteeForm::default()
    }
}

#[test]
fn names_are_made_by_custom() {
    let today = day("2026-11-24");
    let village = form("village", "新桥村").check(&town(), &[], today);
    let village = village.expect("a village");
    assert_eq!(village.full_name, "共青团溪口镇新桥村支部委员会");
    assert_eq!(village.short_name, "新桥村团支部");
    let mut school = form("unit", "溪口中学");
    school.class = "JW".into();
    let school = school.check(&town(), &[], today).expect("a school");
    assert_eq!(school.full_name, "共青团溪口中学委员会");
    let branch = form("temporary", "防汛青年突击队").check(&town(), &[], today);
    let branch = branch.expect("a branch");
    assert_eq!(branch.short_name, "防汛青年突击队临时团支部");
    assert_eq!(branch.class, Class::Temporary);
}

#[test]
fn only_what_fits_below() {
    let today = day("2026-11-24");
    for what in ["line", "town", "", "' or 1=1"] {
        let faults = form(what, "某某").check(&town(), &[], today).unwrap_err();
        assert_eq!(faults.of("what"), Some("选一种要添的团组织"), "{what}");
    }
    let mut wrong = form("village", "新桥村");
    wrong.class = "LD".into();
    assert!(
        wrong
            .check(&town(), &[], today)
            .unwrap_err()
            .of("class")
            .is_some()
    );
    let foreign = CommitteeForm {
        division: "330500000000".into(),
        ..form("division", "")
    };
    let faults = foreign.check(&town(), &[], today).unwrap_err();
    assert!(faults.of("division").is_some());
}

#[test]
fn dates_lie_between_the_parent_and_today() {
    let today = day("2026-11-24");
    for (typed, good) in [
        ("2026-11-25", false),
        ("2019-12-31", false),
        ("昨天", false),
        ("２０２６-11-01", true),
    ] {
        let mut form = form("village", "新桥村");
        form.starts_on = typed.into();
        assert_eq!(form.check(&town(), &[], today).is_ok(), good, "{typed}");
    }
}

#[test]
fn a_successor_is_one_of_those_offered() {
    let mut form = CloseForm {
        ends_on: "2026-11-01".into(),
        successor: "9".into(),
        version: "1".into(),
    };
    let today = day("2026-11-24");
    assert!(form.check(&town(), &[], today).is_err());
    let (_, successor) = form.check(&town(), &[CommitteeId(9)], today).expect("one");
    assert_eq!(successor, Some(CommitteeId(9)));
    form.successor.clear();
    assert!(form.check(&town(), &[], today).is_ok());
}
