//! The shapes in which lists arrive.

use super::*;

fn parsed(text: &str) -> Vec<[String; 3]> {
    let rows = parse(text, DateTime::UNIX_EPOCH).unwrap();
    rows.into_iter()
        .map(|row| [row.name, row.phone, row.village])
        .collect()
}

fn villages() -> Vec<Village> {
    let village = |id, town: &str, name: &str| Village {
        committee: CommitteeId(id),
        town: town.into(),
        name: name.into(),
        organisation: None,
    };
    vec![
        village(1, "溪口镇", "上溪村"),
        village(2, "溪口镇", "春江社区"),
        village(3, "溪口镇", "石门村"),
        village(4, "茶山镇", "石门村"),
    ]
}

#[test]
fn rows_come_in_many_shapes() {
    let song = ["宋知夏", "19900000101", "上溪村"];
    for text in [
        "宋知夏\t19900000101\t上溪村",
        "宋知夏,19900000101,上溪村",
        "宋知夏，19900000101，上溪村\r\n",
        "宋知夏  19900000101   上溪村",
        "宋知夏　19900000101　上溪村",
        "宋知夏 19900000101 上溪村",
        "\n1\t宋知夏\t19900000101\t上溪村\n\n",
        "姓名\t手机号码\t村（社区）\n宋知夏\t19900000101\t上溪村",
        "村,序号,联系电话,姓名\n上溪村,1,19900000101,宋知夏",
        "\"宋知夏\",\"19900000101\",\"上溪村\"",
    ] {
        assert_eq!(parsed(text), [song.map(String::from)], "{text}");
    }
    assert_eq!(parsed("宋知夏"), [["宋知夏", "", ""].map(String::from)]);
    assert_eq!(
        parsed("宋知夏,上溪村\nJohn Smith\t19900000102"),
        [
            ["宋知夏", "", "上溪村"].map(String::from),
            ["John Smith", "19900000102", ""].map(String::from)
        ]
    );
}

#[test]
fn nothing_and_too_much_are_refused() {
    assert!(parse(" \n\t\n", DateTime::UNIX_EPOCH).is_err());
    assert!(parse("姓名,手机", DateTime::UNIX_EPOCH).is_err());
    let many = "宋知夏,19900000101\n".repeat(1001);
    let said = parse(&many, DateTime::UNIX_EPOCH).unwrap_err();
    assert!(said.contains("1001 行"), "{said}");
}

fn row(name: &str, phone: &str, village: &str) -> Row {
    Row {
        n: 1,
        id: "0199f1a0-0000-7000-8000-000000000001".into(),
        name: name.into(),
        phone: phone.into(),
        village: village.into(),
        decision: Decision::Open,
    }
}

#[test]
fn villages_are_known_by_what_people_call_them() {
    for (text, id) in [
        ("上溪村", 1),
        ("上溪", 1),
        ("溪口镇上溪村", 1),
        ("青溪县溪口镇上溪村", 1),
        ("上溪村村委会", 1),
        ("春江社区", 2),
        ("春江", 2),
        ("茶山镇石门村", 4),
    ] {
        assert_eq!(village_of(text, &villages()), Ok(CommitteeId(id)), "{text}");
    }
    let said = village_of("石门村", &villages()).unwrap_err();
    assert!(said.contains("溪口镇石门村"), "{said}");
    for text in ["下溪村", "村", "溪村", "大上溪村"] {
        assert!(village_of(text, &villages()).is_err(), "{text}");
    }
}

#[test]
fn each_bad_row_says_why() {
    let said = |name: &str, phone: &str, village: &str| {
        row(name, phone, village).check(&villages()).unwrap_err()
    };
    assert!(said("", "19900000101", "").contains("姓名"));
    assert!(said("宋3", "19900000101", "").contains("数字"));
    assert!(said("宋知夏", "1990000", "").contains("手机号不对"));
    assert!(said("宋知夏", "", "").contains("至少有一样"));
    assert!(said("宋知夏", "", "下溪村").contains("下溪村"));
    assert!(said("宋\0知夏", "19900000101", "").contains("看不见"));
    let good = row("宋 知夏", "１９９-0000-0101", "上溪").check(&villages());
    let good = good.unwrap();
    assert_eq!(good.youth.name, "宋知夏");
    assert_eq!(good.youth.phone.as_deref(), Some("19900000101"));
    assert_eq!(good.village, Some(CommitteeId(1)));
}

#[test]
fn rows_that_are_one_person_are_seen() {
    let entry = |name: &str, phone: &str, village: &str| {
        row(name, phone, village).check(&villages()).unwrap()
    };
    let song = entry("宋知夏", "19900000101", "上溪村");
    assert!(alike(&song, &entry("宋知夏", "19900000101", "")));
    assert!(alike(&song, &entry("小宋", "19900000101", "春江")));
    assert!(alike(&song, &entry("宋知夏", "", "上溪村")));
    assert!(!alike(&song, &entry("宋知夏", "19900000102", "上溪村")));
    assert!(!alike(&song, &entry("宋知夏", "", "春江")));
    assert!(!alike(&song, &entry("罗子衿", "", "上溪村")));
}

#[test]
fn the_preview_comes_back_as_it_was() {
    let fields = Fields::of(&[
        ("r2-id", "x"),
        ("r2-name", "宋知夏"),
        ("r2-do", "skip"),
        ("r12-name", "罗子衿"),
        ("r12-do", "0199f1a0-0000-7000-8000-000000000001"),
        ("rx-name", "?"),
        ("only", "good"),
    ]);
    let rows = read_rows(&fields);
    assert_eq!((rows[0].n, rows[1].n, rows.len()), (2, 12, 2));
    assert_eq!(rows[0].decision, Decision::Skip);
    assert!(matches!(rows[1].decision, Decision::Same(_)));
    assert_eq!(rows[0].decision.code(), "skip");
}
