//! 投诉建议: said by a cadre, answered by the admin, seen by nobody else.

use crate::harness::{Town, new_id};

#[tokio::test]
async fn a_cadre_says_and_the_admin_answers() {
    let town = Town::new().await;
    let (cadre, admin) = (town.signed_in("town_cadre"), town.signed_in("county_admin"));
    let id = new_id();
    let fields = [
        ("id", id.as_str()),
        ("text", "夜里看不清，字太小"),
        ("page", "/visits/new"),
    ];
    let at = cadre.post("/feedback", &fields).await.goes_to("/feedback/");
    cadre
        .get(&at)
        .await
        .sees("夜里看不清")
        .shows("还没有答复")
        .shows(&format!(r#"<meta name="saved" content="{id}">"#));
    admin
        .get("/feedback")
        .await
        .sees("夜里看不清")
        .shows("待答复");
    let answer = [("answer", "“我的”里可以开大字")];
    admin
        .post(&format!("{at}/answer"), &answer)
        .await
        .goes_to(&at);
    cadre.get(&at).await.sees("可以开大字");
    admin.post(&format!("{at}/answer"), &answer).await.is(409);
}

#[tokio::test]
async fn a_repeated_post_makes_one_and_other_words_are_refused() {
    let town = Town::new().await;
    let cadre = town.signed_in("town_cadre");
    let id = new_id();
    for _ in 0..2 {
        let fields = [("id", id.as_str()), ("text", "想要导出")];
        cadre.post("/feedback", &fields).await.goes_to("/feedback/");
    }
    cadre.get("/feedback").await.sees("共 1 条");
    let other = [("id", id.as_str()), ("text", "别的话")];
    let page = cadre.post("/feedback", &other).await;
    page.is(409).shows("没有覆盖").hides("有人改过");
    page.shows("别的话</textarea>");
    let fresh = page.id();
    for _ in 0..2 {
        let again = [("id", fresh.as_str()), ("text", "再一句话")];
        cadre.post("/feedback", &again).await.goes_to("/feedback/");
    }
    cadre.get("/feedback").await.sees("共 2 条");
    let stranger = town.signed_in("other_cadre");
    stranger.post("/feedback", &other).await.is(303);
    cadre
        .get("/feedback")
        .await
        .sees("想要导出")
        .hides("别的话");
}

#[tokio::test]
async fn others_do_not_see_it() {
    let town = Town::new().await;
    let id = new_id();
    let fields = [("id", id.as_str()), ("text", "只给管理员看")];
    let at = town
        .signed_in("town_cadre")
        .post("/feedback", &fields)
        .await
        .goes_to("/feedback/");
    for key in [
        "town_colleague",
        "sibling_secretary",
        "other_admin",
        "county_secretary",
    ] {
        town.signed_in(key).get(&at).await.is(404);
    }
    town.signed_in("town_colleague")
        .get("/feedback")
        .await
        .hides("只给管理员看");
    town.signed_in("county_secretary")
        .post(&format!("{at}/answer"), &[("answer", "x")])
        .await
        .is(403);
    town.stranger().get(&at).await.goes_to("/login?next=");
}

#[tokio::test]
async fn bad_words_get_a_sentence_and_stay() {
    let town = Town::new().await;
    let cadre = town.signed_in("town_cadre");
    let id = new_id();
    cadre
        .post("/feedback", &[("id", &id), ("text", " ")])
        .await
        .refuses("写下要说的事");
    let long = "字".repeat(1001);
    cadre
        .post("/feedback", &[("id", &id), ("text", &long)])
        .await
        .refuses("最多 1000 个")
        .shows(&long);
    cadre.post("/feedback", &[]).await.refuses("写下要说的事");
    cadre.get("/feedback?after=visits.1.2").await.is(400);
    cadre.get("/feedback/not-an-id").await.is(404);
}

/// A town has no admin of its own: the county's is named.
#[tokio::test]
async fn it_says_whose_admin_answers() {
    let town = Town::new().await;
    for key in ["town_cadre", "county_secretary"] {
        let page = town.signed_in(key).get("/feedback").await;
        page.sees("团青溪县委管理员会看到并答复");
    }
    let page = town.signed_in("city_secretary").get("/feedback").await;
    page.sees("团清川市委管理员会看到并答复");
}
