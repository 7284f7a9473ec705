//! A committee is renamed, closed, succeeded.

use super::{add_village, address, version};
use crate::harness::Town;

#[tokio::test]
async fn a_name_changes_with_its_date_and_both_are_shown_when_stale() {
    let town = Town::new().await;
    let admin = town.signed_in("county_admin");
    let at = address(&town, "village");
    let edit = format!("{at}/edit");
    let read = version(&admin.get(&edit).await);
    let renamed = |version: &str, place: &str| {
        [
            (
                "full_name".to_owned(),
                format!("共青团溪口镇{place}支部委员会"),
            ),
            ("short_name".to_owned(), format!("{place}团支部")),
            ("place_name".to_owned(), place.to_owned()),
            ("since".to_owned(), "2026-11-01".to_owned()),
            ("version".to_owned(), version.to_owned()),
        ]
    };
    let post = async |version: &str, place: &str| {
        let fields = renamed(version, place);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (&**k, &**v)).collect();
        admin.post(&edit, &fields).await
    };
    post(&read, "溪头村").await.goes_to(&at);
    admin
        .get(&at)
        .await
        .sees("溪头村团支部")
        .sees("从 2026-11-01 起")
        .sees("原来叫共青团溪口镇");
    // The same once more changes nothing; another one meets what was saved meanwhile.
    post(&read, "溪头村").await.goes_to(&at);
    let stale = post(&read, "溪尾村").await;
    stale
        .is(409)
        .shows("别人刚改过")
        .shows("溪头村")
        .shows("溪尾村");
    post(&version(&stale), "溪尾村").await.goes_to(&at);
    admin.get(&at).await.sees("溪尾村团支部");
    post("1", "").await.refuses("写地名或单位的名称");
}

#[tokio::test]
async fn a_new_name_is_seen_at_once_below() {
    let town = Town::new().await;
    let admin = town.signed_in("county_admin");
    let (above, below) = (address(&town, "town"), address(&town, "village"));
    admin.get(&below).await.sees("溪口镇团委");
    let edit = format!("{above}/edit");
    let read = version(&admin.get(&edit).await);
    let names = [
        ("full_name", "共青团青溪县溪头镇委员会"),
        ("short_name", "溪头镇团委"),
        ("place_name", "溪头镇"),
        ("since", "2026-11-24"),
        ("version", &*read),
    ];
    admin.post(&edit, &names).await.goes_to(&above);
    admin
        .get(&below)
        .await
        .sees("溪头镇团委")
        .hides("溪口镇团委");
}

#[tokio::test]
async fn a_committee_closes_when_nothing_hangs_on_it() {
    let town = Town::new().await;
    let admin = town.signed_in("county_admin");
    let parent = address(&town, "town");
    admin
        .get(&format!("{parent}/close"))
        .await
        .sees("名团干部在任")
        .sees("下面还有");
    let close = |version: &str, day: &str| {
        [
            ("version".to_owned(), version.to_owned()),
            ("ends_on".to_owned(), day.to_owned()),
        ]
    };
    let send = async |at: &str, version: &str, day: &str| {
        let fields = close(version, day);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (&**k, &**v)).collect();
        admin.post(&format!("{at}/close"), &fields).await
    };
    let page = send(&parent, "1", "2026-11-24").await;
    page.is(422).shows("先结束他们的任职");
    let village = add_village(&admin, &parent, "新桥村").await;
    send(&village, "1", "2026-11-25")
        .await
        .refuses("不能晚于今天");
    send(&village, "9", "2026-11-24").await.is(409);
    send(&village, "1", "2026-11-24").await.goes_to(&village);
    send(&village, "1", "2026-11-24").await.goes_to(&village);
    admin.get(&village).await.sees("已经撤销");
    admin.get(&format!("{village}/edit")).await.is(409);
    admin.get(&format!("{village}/new")).await.is(409);
    admin.get(&parent).await.sees("已撤销");
}

#[tokio::test]
async fn a_successor_is_named() {
    let town = Town::new().await;
    let admin = town.signed_in("county_admin");
    let parent = address(&town, "town");
    let village = add_village(&admin, &parent, "新桥村").await;
    let successor = town.world.committee("village").place.committee.to_string();
    let foreign = town
        .world
        .committee("sibling_town")
        .place
        .committee
        .to_string();
    let close = |successor: &str| {
        [
            ("version", "1".to_owned()),
            ("ends_on", "2026-11-24".to_owned()),
            ("successor", successor.to_owned()),
        ]
    };
    for (successor, is_good) in [(foreign, false), (successor, true)] {
        let fields = close(&successor);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, &**v)).collect();
        let answer = admin.post(&format!("{village}/close"), &fields).await;
        if is_good {
            answer.goes_to(&village);
        } else {
            answer.refuses("从列出的团组织里选一个");
        }
    }
    admin.get(&village).await.sees("接着做");
}
