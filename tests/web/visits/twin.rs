//! Suspected doubles: pointed out, never merged by themselves.

use super::{Sheet, count, youth};
use crate::harness::{Town, new_id};

#[tokio::test]
async fn the_same_place_within_ninety_minutes_is_asked_about() {
    let town = Town::new().await;
    let first = Sheet::new(&town).with("at", "19:40");
    let at = first.saved(&first.post(&town, "town_cadre").await);
    let second = Sheet::new(&town)
        .with("at", "21:10")
        .with("content", "又记了一遍");
    let asked = second.post(&town, "town_cadre").await;
    asked
        .is(409)
        .shows("是不是同一次走访")
        .shows("聊了网店和鸡舍")
        .shows("又记了一遍")
        .shows("就是同一次，不重复记")
        .shows(&format!("{at}?same={}", second.id()))
        .shows(r#"name="confirm" value="other""#);
    assert_eq!(count(&town, "select count(*) from visits").await, 1);
    let same = town
        .signed_in("town_cadre")
        .get(&format!("{at}?same={}", second.id()))
        .await;
    same.sees("聊了网店")
        .shows(&format!(r#"<meta name="saved" content="{}">"#, second.id()));
    let apart = second.with("confirm", "other");
    apart.saved(&apart.post(&town, "town_cadre").await);
    apart.saved(&apart.post(&town, "town_cadre").await);
    assert_eq!(count(&town, "select count(*) from visits").await, 2);
}

#[tokio::test]
async fn later_elsewhere_or_by_somebody_else_is_another_visit() {
    let town = Town::new().await;
    let first = Sheet::new(&town).with("at", "19:00");
    first.saved(&first.post(&town, "town_cadre").await);
    let chen = youth(&town, "town_cadre", "陈一诺").await.to_string();
    let ye = youth(&town, "town_cadre", "叶舟").await.to_string();
    for other in [
        Sheet::new(&town).with("at", "20:31"),
        // Two households of one village.
        Sheet::new(&town).with("at", "17:00").with("youth", &chen),
        Sheet::new(&town).with("at", "17:20").with("youth", &ye),
        Sheet::new(&town)
            .with("at", "19:10")
            .with("kind", "shop")
            .with("organisation", "春晓便利店"),
        Sheet::new(&town)
            .with("at", "19:10")
            .with("day", "2026-11-23"),
    ] {
        other.saved(&other.post(&town, "town_cadre").await);
    }
    let again = Sheet::new(&town).with("at", "17:40").with("youth", &chen);
    again
        .post(&town, "town_cadre")
        .await
        .is(409)
        .shows("是不是同一次走访");
    let next = format!("/visits/new?after={}", first.id());
    let next = town.signed_in("town_cadre").get(&next).await;
    next.sees(r#"name="confirm" value="other""#);
    let colleague = Sheet::new(&town).with("at", "19:10");
    colleague.saved(&colleague.post(&town, "town_colleague").await);
    assert_eq!(count(&town, "select count(*) from visits").await, 7);
}

#[tokio::test]
async fn two_phones_doubled_one_evening_and_the_secretary_merges() {
    let town = Town::new().await;
    let chen = youth(&town, "town_cadre", "陈一诺").await.to_string();
    let ye = youth(&town, "town_colleague", "叶舟").await.to_string();
    let one = Sheet::new(&town)
        .without("walkins")
        .and("youth", &chen)
        .problem(1, "想找文员岗位", "01");
    let two = Sheet::new(&town)
        .without("walkins")
        .and("youth", &chen)
        .and("youth", &ye)
        .with("content", "鸡舍扩了一间");
    let one_at = one.saved(&one.post(&town, "town_cadre").await);
    let two_at = two.saved(&two.post(&town, "town_colleague").await);
    let xu = town.signed_in("town_secretary");
    xu.get(&format!("{one_at}/merge"))
        .await
        .sees("贺知微")
        .shows("下溪村");
    xu.post(&format!("{one_at}/merge"), &[("into", "x")])
        .await
        .refuses("选一次走访");
    let into = [("into", two.id())];
    let into: Vec<(&str, &str)> = into.iter().map(|(n, v)| (*n, v.as_str())).collect();
    town.signed_in("town_colleague")
        .post(&format!("{one_at}/merge"), &into)
        .await
        .is(403);
    xu.post(&format!("{one_at}/merge"), &into)
        .await
        .goes_to(&two_at);
    town.signed_in("town_cadre")
        .get(&one_at)
        .await
        .sees("已合并")
        .shows("已并入另一份")
        .shows("聊了网店");
    town.signed_in("town_colleague")
        .get(&two_at)
        .await
        .sees("鸡舍扩了一间")
        .shows("林晓禾")
        .shows("想找文员岗位");
    assert_eq!(count(&town, "select count(*) from figure_c02").await, 1);
    assert_eq!(
        count(&town, "select count(*) from figure_c05").await,
        2,
        "each met once"
    );
    assert_eq!(
        count(&town, "select count(*) from figure_c09").await,
        2,
        "both went, once each"
    );
    xu.post(&format!("{one_at}/merge"), &into)
        .await
        .goes_to(&two_at);
    assert_eq!(
        count(&town, "select count(*) from visit_corrections").await,
        1
    );
    let nowhere = [("into", new_id())];
    let nowhere: Vec<(&str, &str)> = nowhere.iter().map(|(n, v)| (*n, v.as_str())).collect();
    xu.post(&format!("{two_at}/merge"), &nowhere).await.is(404);
}
