//! What the form takes and what it refuses, with which sentence.

use super::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()
}

fn form() -> YouthForm {
    YouthForm {
        id: "0199f1a0-0000-7000-8000-000000000001".into(),
        name: "宋知夏".into(),
        phone: "199 0000 0101".into(),
        ..YouthForm::default()
    }
}

#[track_caller]
fn refuses(form: &YouthForm, field: &str, words: &str) {
    let faults = form.check(today(), None).unwrap_err();
    let said = faults.of(field).unwrap_or_else(|| panic!("{faults:?}"));
    assert!(said.contains(words), "{said}");
}

#[test]
fn a_name_and_a_number_are_enough() {
    let draft = form().check(today(), None).unwrap();
    assert_eq!(draft.youth.phone.as_deref(), Some("19900000101"));
    assert_eq!(draft.youth.consent, Consent::Missing);
    let full = YouthForm {
        phone: "１９９　００００　０１０１".into(),
        ..form()
    };
    assert_eq!(
        full.check(today(), None).unwrap().youth.phone,
        draft.youth.phone
    );
}

#[test]
fn somebody_must_be_found_again() {
    let called = YouthForm {
        name: "王师傅".into(),
        phone: String::new(),
        ..form()
    };
    refuses(&called, "phone", "至少写一样");
    let village = YouthForm {
        village: "7".into(),
        ..called.clone()
    };
    assert_eq!(
        village.check(today(), None).unwrap().village,
        Some(CommitteeId(7))
    );
    let stall = YouthForm {
        work_unit: "河东菜场".into(),
        ..called
    };
    assert!(stall.check(today(), None).is_ok());
}

#[test]
fn without_consent_nothing_more_is_kept() {
    let more = YouthForm {
        groups: vec!["NC".into()],
        ..form()
    };
    refuses(&more, "consent", "没同意以前");
    let told = YouthForm {
        consent: "told".into(),
        ..more
    };
    assert_eq!(
        told.check(today(), None).unwrap().youth.groups,
        [Group::Rural]
    );
    for care in ["difficult", "key"] {
        let care = YouthForm {
            care: care.into(),
            ..form()
        };
        refuses(&care, "consent", "没同意以前");
    }
}

#[test]
fn under_fourteen_the_guardian_decides() {
    let child = YouthForm {
        birth: "2013-05".into(),
        ..form()
    };
    assert!(
        child.check(today(), None).is_ok(),
        "the month alone may stay"
    );
    let more = YouthForm {
        groups: vec!["XS1".into()],
        ..child
    };
    refuses(&more, "consent", "未满 14 岁");
    let told = YouthForm {
        consent: "told".into(),
        ..more.clone()
    };
    refuses(&told, "consent", "未满 14 岁");
    let guardian = YouthForm {
        consent: "guardian".into(),
        ..more
    };
    refuses(&guardian, "guardian_name", "叫什么");
    refuses(&guardian, "guardian_phone", "监护人的手机");
    let whole = YouthForm {
        guardian_name: "宋远".into(),
        guardian_phone: "19900000102".into(),
        ..guardian
    };
    assert!(whole.check(today(), None).is_ok());
    let stray = YouthForm {
        consent: "told".into(),
        birth: "2000-05".into(),
        ..whole
    };
    refuses(&stray, "guardian_name", "监护人同意");
}

#[test]
fn months_are_written_in_many_ways() {
    let last = NaiveDate::from_ymd_opt(2008, 2, 29);
    for raw in [
        "2008-02",
        "2008.2",
        "2008/02",
        "200802",
        "2008年2月",
        "２００８－０２",
    ] {
        assert_eq!(month_of(raw), last, "{raw}");
    }
    for raw in [
        "",
        "2008",
        "2008-13",
        "08-02",
        "2008-02-30",
        "abc",
        "20080230",
    ] {
        assert_eq!(month_of(raw), None, "{raw}");
    }
    let form = |birth: &str| YouthForm {
        birth: birth.into(),
        ..form()
    };
    assert!(form("2026-11").check(today(), None).is_ok());
    refuses(&form("2026-12"), "birth", "不能晚于现在");
    refuses(&form("1900-01"), "birth", "太早");
    refuses(&form("去年"), "birth", "2008-05");
}

#[test]
fn what_was_never_offered_is_refused() {
    let bad = YouthForm {
        sex: "3".into(),
        politics: "x".into(),
        education: "11".into(),
        care: "ill".into(),
        consent: "yes".into(),
        village: "abc".into(),
        groups: vec!["KJ".into()],
        ..form()
    };
    for field in [
        "sex",
        "politics",
        "education",
        "care",
        "consent",
        "village",
        "groups",
    ] {
        refuses(&bad, field, "重新选");
    }
    refuses(
        &YouthForm {
            id: "1".into(),
            ..form()
        },
        FORM,
        "再点一次",
    );
    refuses(
        &YouthForm {
            name: " ".into(),
            ..form()
        },
        "name",
        "写下姓名",
    );
    refuses(
        &YouthForm {
            name: "宋3".into(),
            ..form()
        },
        "name",
        "数字",
    );
    refuses(
        &YouthForm {
            name: "长".repeat(26),
            ..form()
        },
        "name",
        "最多 25 个",
    );
    refuses(
        &YouthForm {
            phone: "123".into(),
            ..form()
        },
        "phone",
        "手机号不对",
    );
    refuses(
        &YouthForm {
            skill: "a\0b".into(),
            ..form()
        },
        "skill",
        "看不见",
    );
    refuses(
        &YouthForm {
            note: "长".repeat(501),
            ..form()
        },
        "note",
        "最多 500 个",
    );
}

#[test]
fn identity_numbers_are_refused_wherever_they_stand() {
    for text in [
        "身份证991221199505040029",
        "99122120010101003X",
        "９９１２２１１９９５０５０４００２９",
    ] {
        let form = YouthForm {
            consent: "told".into(),
            note: text.into(),
            ..form()
        };
        refuses(&form, "note", "身份证");
    }
    let form = YouthForm {
        consent: "told".into(),
        note: "QQ 12345678，微信同手机".into(),
        ..form()
    };
    assert!(form.check(today(), None).is_ok());
}
