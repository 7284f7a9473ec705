//! 是不是同一件事: offered while somebody may merge, joined by him, and counted once.

use qingting::issues::store;
use qingting::issues::{Category, IssueId, NewIssue};
use qingting::kit::clock::Clock;
use qingting::organisations;
use qingting::youth::Care;

use super::verdict::in_days;
use super::{act, does, given_to, heard, known, new, today};
use crate::figures::{Days, address, behind, catch_up};
use crate::harness::Town;
use crate::visits::Sheet;

async fn in_village(town: &Town, text: &str, category: Category) -> NewIssue {
    let at = town.world.committee("village").place.committee;
    let village = town
        .scope("town_cadre")
        .work(async |db| {
            let id = organisations::store::ensure_village(db, at).await?;
            Ok(db.unchanged(id))
        })
        .await
        .expect("a village");
    NewIssue {
        village: Some(village),
        category,
        ..given_to(town, text, "town", "town_cadre")
    }
}

#[tokio::test]
async fn words_alike_in_one_place_and_category_are_offered_and_others_are_not() {
    let town = Town::new().await;
    let bus = "村里的公交晚上停得太早，下夜班回不来";
    let add = async |text: &str, category| {
        let issue = in_village(&town, text, category).await;
        heard(&town, "town_cadre", issue).await
    };
    let first = add(bus, Category::Transport).await;
    let same = add("公交晚上停得太早，夜班下班没车回村", Category::Transport).await;
    let other = add("村口路灯坏了三盏", Category::Transport).await;
    let category = add(bus, Category::Work).await;
    let elsewhere = heard(&town, "town_cadre", {
        let mut issue = given_to(&town, bus, "town", "town_cadre");
        issue.category = Category::Transport;
        issue
    })
    .await;
    let page = town
        .signed_in("town_cadre")
        .get(&format!("/issues/{same}"))
        .await;
    page.sees("是不是同一件事").shows("说法相近");
    let offers = |id: IssueId| page.text.contains(&format!("/moves/merge?into={id}"));
    assert!(offers(first));
    for id in [same, other, category, elsewhere] {
        assert!(!offers(id), "{id}");
    }
    // Whoever may not merge is offered nothing; after ninety days neither.
    for key in ["town_colleague", "county_cadre"] {
        let seen = town.signed_in(key).get(&format!("/issues/{same}")).await;
        seen.is(200).hides("是不是同一件事");
    }
    let late = town.later(Clock::fixed(in_days(91))).await;
    let seen = today(&late, "town_cadre")
        .await
        .get(&format!("/issues/{same}"))
        .await;
    seen.is(200).hides("是不是同一件事");
}

#[tokio::test]
async fn one_young_persons_matters_are_offered_and_joined_with_both_histories() {
    let town = Town::new().await;
    let youth = known(&town, "town_cadre", "温如言", Care::Usual).await;
    let one = |text: &str| NewIssue {
        youth: Some(youth),
        ..given_to(&town, text, "town", "town_cadre")
    };
    let first = heard(&town, "town_cadre", one("想找离家近的文员岗位")).await;
    let second = heard(&town, "town_cadre", one("孩子放学没人接")).await;
    let unlike = heard(&town, "town_cadre", new(&town, "孩子放学没人接", "town")).await;
    let (at, into) = (format!("/issues/{second}"), format!("/issues/{first}"));
    does(&town, "town_cadre", &at, "accept", &[]).await;
    let page = town.signed_in("town_cadre").get(&at).await;
    page.sees("同一位青年").hides(&unlike.to_string());
    let link = format!("{at}/moves/merge?into={first}");
    let form = town.signed_in("town_cadre").get(&link).await;
    let no = crate::figures::between(&form.text, "name=\"number\" type=\"text\" value=\"", "\"");
    assert!(no.contains("〔2026〕"), "{no}");
    act(&town, "town_cadre", &at, "merge", &[("number", no)])
        .await
        .goes_to(&at);
    let merged = town.signed_in("town_cadre").get(&at).await;
    merged
        .sees("已并入")
        .shows(&into)
        .shows("受理")
        .hides("是不是同一件事");
    town.signed_in("town_cadre")
        .get(&into)
        .await
        .sees("并入本件的")
        .shows(&at);
    // Whoever follows a link comes to the one that stands.
    let stands = town
        .scope("town_cadre")
        .look(async |db| Ok(store::standing_in(db, second).await?.id))
        .await;
    assert_eq!(stands.expect("a matter"), first);
    catch_up(&town).await;
    let who = town.signed_in("city_secretary");
    let found = behind(&who, &address(&town, "D01", "city", Days::NOW)).await;
    assert_eq!(found.total, 2);
    // A merged one takes no other, and nobody of another county joins anything.
    let third = format!("/issues/{unlike}");
    let gone = crate::figures::between(&merged.text, "<title>", "<")
        .trim()
        .to_owned();
    let gone = gone.split(' ').next().expect("a number");
    act(&town, "town_cadre", &third, "merge", &[("number", gone)])
        .await
        .is(422);
    town.signed_in("sibling_secretary")
        .get(&format!("{third}/moves/merge?into={first}"))
        .await
        .is(404);
}

#[tokio::test]
async fn the_page_after_a_visit_says_that_it_may_be_there_already() {
    let town = Town::new().await;
    let youth = crate::visits::youth(&town, "town_cadre", "江照晚").await;
    let sheet = |text: &str| {
        Sheet::new(&town)
            .with("youth", &youth.to_string())
            .problem(1, text, "14")
    };
    let first = sheet("公交晚上停得太早");
    let path = first.saved(&first.post(&town, "town_cadre").await);
    let who = town.signed_in("town_cadre");
    who.get(&format!("{path}/saved"))
        .await
        .sees("公交晚上停得太早")
        .hides("可能记过");
    let again = sheet("晚上公交停得太早，没车回村")
        .with("day", "other")
        .with("date", "2026-11-23");
    let path = again.saved(&again.post(&town, "town_cadre").await);
    who.get(&format!("{path}/saved")).await.sees("可能记过");
}
