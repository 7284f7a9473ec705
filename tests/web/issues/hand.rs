//! Several handed over together.

use super::{does, given_to, heard, new};
use crate::harness::{Town, new_id};

#[tokio::test]
async fn several_go_together_and_one_that_cannot_does_not_hold_them_up() {
    let town = Town::new().await;
    let mut picks = Vec::new();
    for text in ["想学叉车证", "想学炒茶", "想学剪辑"] {
        let issue = new(&town, text, "county");
        picks.push(heard(&town, "town_cadre", issue).await.to_string());
    }
    let county = town.signed_in("county_secretary");
    let page = format!("/issues/hand?pick={}&pick={}", picks[0], picks[1]);
    county.get(&page).await.sees("想学叉车证").hides("想学剪辑");
    county.get("/issues/hand").await.sees("想学剪辑");
    let town2 = town.world.committee("town2").place.committee.to_string();
    let id = new_id();
    let first: Vec<String> = picks.iter().map(|id| format!("{id}.1")).collect();
    let with = |picks: &[String]| {
        let mut fields = vec![
            ("id".to_owned(), id.clone()),
            ("version".into(), "0".into()),
            ("unit".into(), town2.clone()),
            ("words".into(), "请镇里办班".into()),
        ];
        fields.extend(picks.iter().map(|it| ("pick".to_owned(), it.clone())));
        fields
    };
    let post = async |fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        county.post("/issues/hand", &fields).await
    };
    post(with(&[])).await.refuses("选要交办的诉求");
    // One of them has been taken on meanwhile.
    does(
        &town,
        "county_cadre",
        &format!("/issues/{}", picks[2]),
        "accept",
        &[],
    )
    .await;
    let seen = post(with(&first)).await;
    seen.is(409)
        .shows("交出去 2 件")
        .shows("刚才有人动过")
        .shows("请镇里办班");
    // The same post again changes nothing twice; over the new version the third goes too.
    post(with(&first[..2])).await.goes_to("/issues?queue=sign");
    post(with(&[format!("{}.2", picks[2])]))
        .await
        .goes_to("/issues?queue=sign");
    county.get("/issues?queue=sign").await.shows("共 3 件");
    town.signed_in("town2_cadre")
        .get("/issues?queue=sign")
        .await
        .sees("想学叉车证")
        .shows("共 3 件");
}

#[tokio::test]
async fn nobody_hands_over_what_is_not_his() {
    let town = Town::new().await;
    let issue = given_to(&town, "想学叉车证", "town", "town_cadre");
    let id = heard(&town, "town_cadre", issue).await;
    let town2 = town.world.committee("town2").place.committee.to_string();
    let pick = format!("{id}.1");
    let post = new_id();
    let fields = [
        ("id", post.as_str()),
        ("version", "0"),
        ("unit", town2.as_str()),
        ("words", "请办"),
        ("pick", pick.as_str()),
    ];
    town.signed_in("county_secretary")
        .post("/issues/hand", &fields)
        .await
        .is(409)
        .shows("要由办理这件事的人来做");
    town.signed_in("town_cadre")
        .get("/issues?queue=pending")
        .await
        .shows("共 1 件");
    let bad = town.signed_in("town_cadre");
    bad.get("/issues/hand?pick=x").await.is(400);
}
