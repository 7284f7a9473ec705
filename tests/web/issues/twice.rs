//! Two at once, the same twice, and what only few may touch.

use super::{act, does, given_to, heard, new};
use crate::harness::{Town, new_id};
use crate::walls::{as_owner, refusal};

#[tokio::test]
async fn two_at_once_one_goes_through_and_the_other_sees_what_happened() {
    let town = Town::new().await;
    let issue = new(&town, "村里公交停了，上夜校不方便", "town");
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    let (id, other) = (new_id(), new_id());
    let accept = [
        ("id", id.as_str()),
        ("version", "1"),
        ("points", "公交哪天恢复"),
    ];
    let late = [
        ("id", other.as_str()),
        ("version", "1"),
        ("words", "要问是哪条线路"),
    ];
    let (mine, theirs) = (
        town.signed_in("town_cadre"),
        town.signed_in("town_secretary"),
    );
    let path = format!("{at}/moves/accept");
    mine.post(&path, &accept).await.goes_to(&at);
    // A double tap, a retry: nothing twice.
    mine.post(&path, &accept).await.goes_to(&at);
    theirs
        .post(&format!("{at}/moves/ask"), &late)
        .await
        .is(409)
        .shows("刚才有人动过")
        .shows("林晓禾")
        .shows("要问是哪条线路")
        .shows(r#"name="version" value="2""#);
    mine.get(&at).await.sees("已受理");
    // The same over the new version goes through; what is not possible any more keeps its text too.
    let again = [
        ("id", other.as_str()),
        ("version", "2"),
        ("words", "要问是哪条线路"),
    ];
    theirs
        .post(&format!("{at}/moves/ask"), &again)
        .await
        .goes_to(&at);
    let third = new_id();
    let void = [
        ("id", third.as_str()),
        ("version", "1"),
        ("words", "记重了的这一件"),
    ];
    mine.post(&format!("{at}/moves/void"), &void)
        .await
        .is(409)
        .shows("这一步不能做了")
        .shows("记重了的这一件");
    // An id that another move has is nobody's.
    let stolen = [("id", id.as_str()), ("version", "3"), ("words", "补充")];
    theirs
        .post(&format!("{at}/moves/supplement"), &stolen)
        .await
        .is(409);
    // Many at once: exactly one.
    let ids = [new_id(), new_id(), new_id()];
    let post = |who: &crate::harness::Browser, id: &str| {
        let (who, path) = (who.clone(), format!("{at}/moves/supplement"));
        let id = id.to_owned();
        async move {
            let fields = [("id", id.as_str()), ("version", "3"), ("words", "是 3 路")];
            who.post(&path, &fields).await.status.as_u16()
        }
    };
    let all = tokio::join!(
        post(&mine, &ids[0]),
        post(&theirs, &ids[1]),
        post(&mine, &ids[2])
    );
    let mut all = [all.0, all.1, all.2];
    all.sort_unstable();
    assert_eq!(all, [303, 409, 409]);
}

#[tokio::test]
async fn what_is_sensitive_moves_by_few_hands_and_shows_its_words_to_few() {
    let town = Town::new().await;
    let mut issue = new(&town, "弟弟上初中没人管", "county");
    issue.is_sensitive = true;
    let at = format!("/issues/{}", heard(&town, "town_cadre", issue).await);
    // Any cadre of the county cannot take it; its 书记 names one.
    town.signed_in("county_cadre")
        .get(&format!("{at}/moves/accept"))
        .await
        .is(403);
    let named = town.world.person("county_cadre").cadre.expect("a cadre");
    let named = named.to_string();
    does(
        &town,
        "county_secretary",
        &at,
        "accept",
        &[("cadre", &named)],
    )
    .await;
    does(
        &town,
        "county_cadre",
        &at,
        "progress",
        &[("words", "和班主任谈过")],
    )
    .await;
    let city = town.signed_in("city_secretary");
    city.get(&at)
        .await
        .sees("办理")
        .hides("班主任")
        .hides("没人管");
    town.signed_in("town_cadre")
        .get(&at)
        .await
        .sees("和班主任谈过");
    // Nobody who does not hold a post there is named.
    let stranger = town.world.person("town2_cadre").cadre.expect("a cadre");
    let stranger = stranger.to_string();
    act(
        &town,
        "county_secretary",
        &at,
        "appoint",
        &[("cadre", &stranger)],
    )
    .await
    .refuses("不在办理单位任职");
}

#[tokio::test]
async fn a_deputy_acts_in_the_place_of_who_is_on_leave_and_only_then() {
    let town = Town::new().await;
    let issue = given_to(&town, "想学一门短视频剪辑", "town", "town_cadre");
    let at = format!("/issues/{}", heard(&town, "town_secretary", issue).await);
    let accept = format!("{at}/moves/accept");
    let colleague = town.signed_in("town_colleague");
    colleague.get(&accept).await.is(403);
    let mut owner = as_owner(&town.database).await;
    let deputy = |from: &str, to: &str| {
        let cadre = |key: &str| town.world.person(key).cadre.expect("a cadre");
        let place = town.world.committee("town").place;
        format!(
            "insert into deputies (tenant_id, id, committee_id, scope, cadre_id, deputy_id, from_on, to_on,
                 made_by, made_at)
             values ({}, gen_random_uuid(), {}, {}, '{}', '{}', '{from}', '{to}', '{}', now())",
            place.tenant.0,
            place.committee.0,
            place.scope,
            cadre("town_cadre"),
            cadre("town_colleague"),
            cadre("town_cadre"),
        )
    };
    for days in [("2026-11-01", "2026-11-23"), ("2026-11-25", "2026-12-01")] {
        assert_eq!(refusal(&mut owner, &deputy(days.0, days.1)).await, None);
    }
    colleague.get(&accept).await.is(403);
    let today = deputy("2026-11-24", "2026-11-24");
    assert_eq!(refusal(&mut owner, &today).await, None);
    does(&town, "town_colleague", &at, "accept", &[]).await;
    town.signed_in("town_cadre")
        .get(&at)
        .await
        .sees("已受理")
        .shows("贺知微");
}
