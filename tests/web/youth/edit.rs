//! Changing a record: by whom, on which version, and what the day book says of it.

use super::{count, difficult, lines, registered};
use crate::harness::{Seen, Town, new_id};
use qingting::youth::YouthId;

async fn save(town: &Town, who: &str, id: YouthId, more: &[(&str, &str)]) -> Seen {
    let mut pairs = vec![
        ("name", "宋知夏"),
        ("phone", "19900001234"),
        ("version", "1"),
    ];
    pairs.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    pairs.extend(more);
    town.signed_in(who)
        .post(&format!("/youth/{id}"), &pairs)
        .await
}

#[tokio::test]
async fn who_met_them_changes_the_record_and_finds_them_by_the_new_name() {
    let town = Town::new().await;
    let id = registered(&town, "town_cadre", "宋知夏", |_| {}).await;
    let who = town.signed_in("town_cadre");
    who.get(&format!("/youth/{id}/edit"))
        .await
        .sees(r#"value="宋知夏""#)
        .shows(r#"value="19900001234""#)
        .shows(&format!(r#"data-draft="youth-{id}""#));
    let draft = new_id();
    let same = [("id", draft.as_str())];
    let to = save(&town, "town_cadre", id, &same).await;
    let to = to.goes_to(&format!("/youth/{id}?saved="));
    let page = who.get(&to).await;
    page.sees(&format!(r#"<meta name="saved" content="{draft}">"#));
    let change = [("name", "宋知秋"), ("skill", "剪辑"), ("consent", "told")];
    for _ in 0..2 {
        save(&town, "town_cadre", id, &change)
            .await
            .goes_to("/youth/");
    }
    assert_eq!(lines(&town, "youth_edited", id).await, 1);
    who.get(&format!("/youth/{id}"))
        .await
        .sees("<h1>宋知秋</h1>")
        .shows("姓名、告知和同意、特长");
    let found = who.post("/youth/search", &[("q", "zhiqiu")]).await;
    found.sees("宋知秋");
    who.post("/youth/search", &[("q", "知夏")])
        .await
        .sees("没有找到");
    let values = "select count(*) from day_book where detail::text ~ '知秋|知夏|剪辑|1234'";
    assert_eq!(count(&town, values).await, 0);
}

#[tokio::test]
async fn others_may_not() {
    let town = Town::new().await;
    let id = registered(&town, "town_cadre", "宋知夏", |_| {}).await;
    for other in ["town_colleague", "county_secretary", "county_admin"] {
        let who = town.signed_in(other);
        who.get(&format!("/youth/{id}/edit"))
            .await
            .is(403)
            .hides("知夏");
        save(&town, other, id, &[("name", "改了")]).await.is(403);
    }
    for other in ["town2_cadre", "sibling_secretary", "other_admin"] {
        save(&town, other, id, &[("name", "改了")]).await.is(404);
    }
    assert_eq!(lines(&town, "youth_edited", id).await, 0);
}

#[tokio::test]
async fn the_own_secretary_says_why_before() {
    let town = Town::new().await;
    let id = registered(&town, "town_cadre", "宋知夏", difficult).await;
    let who = town.signed_in("town_secretary");
    let edit = format!("/youth/{id}/edit");
    let ask = who.get(&edit).await.goes_to("/youth/");
    assert_eq!(ask, format!("/youth/{id}/reveal?then=edit"));
    who.get(&ask)
        .await
        .sees(r#"name="then" value="edit""#)
        .hides("知夏");
    let why = [("purpose", "help"), ("then", "edit")];
    let to = who.post(&format!("/youth/{id}/reveal"), &why).await;
    assert_eq!(to.goes_to("/youth/"), edit);
    who.get(&edit).await.sees(r#"value="宋知夏""#);
    let away = [("purpose", "help"), ("then", "https://elsewhere")];
    who.post(&format!("/youth/{id}/reveal"), &away)
        .await
        .goes_to(&format!("/youth/{id}"));
    save(&town, "town_secretary", id, &[("care", "none")])
        .await
        .goes_to("/youth/");
    town.signed_in("county_secretary")
        .get(&format!("/youth/{id}"))
        .await
        .sees("为什么要看");
}

#[tokio::test]
async fn a_stale_save_shows_both_and_keeps_what_was_typed() {
    let town = Town::new().await;
    let id = registered(&town, "town_cadre", "宋知夏", |_| {}).await;
    let told = ("consent", "told");
    save(&town, "town_cadre", id, &[told, ("skill", "养蜂")])
        .await
        .goes_to("/youth/");
    let mine = [told, ("skill", "剪辑"), ("phone", "19900000999")];
    let seen = save(&town, "town_cadre", id, &mine).await;
    seen.is(409)
        .shows("刚有人改过")
        .shows("养蜂")
        .shows(r#"value="剪辑""#)
        .shows("19900001234")
        .shows(r#"value="19900000999""#)
        .shows(r#"name="version" value="2""#);
    town.signed_in("town_cadre")
        .get(&format!("/youth/{id}"))
        .await
        .sees("养蜂")
        .hides("剪辑");
    // Who has not said why sees which fields differ, not what stands there.
    let blind = save(&town, "town_secretary", id, &mine).await;
    blind
        .is(409)
        .shows("说明事由后可看")
        .hides("养蜂")
        .hides("19900001234");
    let again = [told, ("skill", "剪辑"), ("version", "2")];
    save(&town, "town_cadre", id, &again)
        .await
        .goes_to("/youth/");
}

#[tokio::test]
async fn what_is_wrong_comes_back_as_typed() {
    let town = Town::new().await;
    let id = registered(&town, "town_cadre", "宋知夏", |_| {}).await;
    save(
        &town,
        "town_cadre",
        id,
        &[("phone", "12"), ("skill", "<b>剪辑")],
    )
    .await
    .refuses("手机号不对")
    .shows(r#"value="12""#)
    .shows("&#60;b&#62;剪辑");
    save(&town, "town_cadre", id, &[("version", "x")])
        .await
        .refuses("开得太久");
}
