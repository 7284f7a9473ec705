//! Who sees how much: two persons for each rule.

use chrono::TimeDelta;
use qingting::kit::clock::Clock;
use qingting::youth::Consent;
use uuid::Uuid;

use super::{difficult, key, minor, registered};
use crate::harness::{Town, evening};

#[tokio::test]
async fn whole_to_who_registered_masked_to_colleagues() {
    let town = Town::new().await;
    let id = registered(&town, "town_cadre", "宋知夏", |new| {
        new.note = Some("宋知夏想回乡开网店，电话 19900001234".into());
    })
    .await;
    let at = format!("/youth/{id}");
    town.signed_in("town_cadre")
        .get(&at)
        .await
        .sees("<h1>宋知夏</h1>")
        .shows("19900001234")
        .shows("拨打")
        .shows("宋知夏想回乡开网店");
    for colleague in ["town_colleague", "town_secretary"] {
        town.signed_in(colleague)
            .get(&at)
            .await
            .sees("<h1>宋**</h1>")
            .shows("199****1234")
            .shows("宋**想回乡开网店")
            .shows("林晓禾")
            .hides("知夏")
            .hides("19900001234")
            .hides("拨打</button>");
    }
}

#[tokio::test]
async fn superiors_see_nothing_but_a_mask_before_they_say_why() {
    let town = Town::new().await;
    let id = registered(&town, "town_cadre", "宋知夏", |new| {
        new.note = Some("想回乡开网店".into());
        new.work_unit = Some("河东菜场".into());
    })
    .await;
    for above in [
        "county_secretary",
        "county_cadre",
        "city_admin",
        "province_secretary",
    ] {
        town.signed_in(above)
            .get(&format!("/youth/{id}"))
            .await
            .sees("<h1>宋**</h1>")
            .shows("为什么要看")
            .hides("知夏")
            .hides("1234")
            .hides("网店")
            .hides("河东菜场");
    }
}

#[tokio::test]
async fn siblings_and_strangers_see_nothing_at_all() {
    let town = Town::new().await;
    let id = registered(&town, "town_cadre", "宋知夏", |_| {}).await;
    let at = format!("/youth/{id}");
    for key in [
        "town2_cadre",
        "sibling_secretary",
        "sibling_cadre",
        "other_admin",
        "other_cadre",
    ] {
        let who = town.signed_in(key);
        for path in ["", "/edit", "/reveal"] {
            who.get(&format!("{at}{path}")).await.is(404).hides("宋");
        }
        for path in ["", "/reveal", "/call"] {
            who.post(&format!("{at}{path}"), &[("purpose", "issue")])
                .await
                .is(404)
                .hides("宋");
        }
        who.get("/youth").await.sees("共 0 人").hides("宋");
        who.post("/youth/search", &[("q", "宋知夏")])
            .await
            .sees("没有找到")
            .hides("宋**");
    }
    town.signed_in("operator").get(&at).await.is(403);
    town.stranger().get(&at).await.goes_to("/login?next=");
}

#[tokio::test]
async fn the_guarded_are_for_who_met_them_and_the_own_secretary() {
    let town = Town::new().await;
    for guard in [minor, difficult, key] {
        let id = registered(&town, "town_cadre", "罗子衿", |new| {
            guard(new);
            new.note = Some("周末照顾奶奶".into());
            new.work_unit = Some("溪口中学初二（3）班".into());
        })
        .await;
        let at = format!("/youth/{id}");
        let who_met = town.signed_in("town_cadre").get(&at).await;
        who_met.sees("<h1>罗子衿</h1>").shows("周末照顾奶奶");
        town.signed_in("town_secretary")
            .get(&at)
            .await
            .sees("<h1>罗某某</h1>")
            .shows("周末照顾奶奶")
            .hides("子衿")
            .hides("初二");
        for other in [
            "town_colleague",
            "county_secretary",
            "county_admin",
            "city_secretary",
        ] {
            let who = town.signed_in(other);
            let page = who.get(&at).await;
            page.sees("<h1>罗某某</h1>")
                .shows("仅结对干部和本级书记可看")
                .hides("子衿")
                .hides("奶奶")
                .hides("1234")
                .hides("困境")
                .hides("重点")
                .hides("为什么要看");
            who.get(&format!("{at}/reveal")).await.is(403);
            who.post(&format!("{at}/reveal"), &[("purpose", "issue")])
                .await
                .is(403);
            who.post(&format!("{at}/call"), &[]).await.is(403);
            who.get(&format!("{at}/edit")).await.is(403);
        }
    }
    let minors = registered(&town, "town_cadre", "罗子衿", minor).await;
    town.signed_in("county_secretary")
        .get(&format!("/youth/{minors}"))
        .await
        .sees("未成年人记录，仅结对干部和本级书记可看");
}

#[tokio::test]
async fn a_guardian_speaks_for_a_minor_until_the_birth_is_known() {
    let town = Town::new().await;
    let id = registered(&town, "town_cadre", "罗子衿", |new| {
        new.consent = Consent::Guardian;
        new.birth_on = None;
        new.phone = Some("19900001234".into());
    })
    .await;
    let at = format!("/youth/{id}");
    let cadre = town.signed_in("town_cadre");
    let page = cadre.get(&at).await;
    page.sees("<h1>罗子衿</h1>").shows("未成年，出生年月没有填");
    let county = town.signed_in("county_secretary");
    let page = county.get(&at).await;
    page.sees("<h1>罗某某</h1>")
        .shows("未成年人记录")
        .hides("1234");
    county.get(&format!("{at}/reveal")).await.is(403);
    let found = county.get("/youth?q=罗子衿").await;
    found.hides(&at).hides("罗**");
    let list = county.get("/youth").await;
    list.hides(&at).shows("另有 1 人是未成年人");
    let secretary = town.signed_in("town_secretary");
    secretary.get("/youth?care=minor").await.sees(&at);
    let known = [
        ("name", "罗子衿"),
        ("phone", "19900001234"),
        ("version", "1"),
        ("consent", "told"),
        ("birth", "2001-05"),
    ];
    cadre.post(&at, &known).await.goes_to(&at);
    county
        .get(&at)
        .await
        .sees("<h1>罗**</h1>")
        .shows("为什么要看");
    secretary.get("/youth?care=minor").await.hides(&at);
}

#[tokio::test]
async fn whoever_comes_of_age_is_guarded_no_longer() {
    let town = Town::new().await;
    let id = registered(&town, "town_cadre", "罗子衿", |new| {
        new.birth_on = "2008-11-30".parse().ok();
    })
    .await;
    let at = format!("/youth/{id}");
    let today = town.signed_in("county_secretary").get(&at).await;
    today.sees("未成年人记录");
    let next_week = town
        .later(Clock::fixed(evening() + TimeDelta::days(7)))
        .await;
    let person = town.world.person("county_secretary");
    let nobody = qingting::platform::scope::Scope::nobody(
        next_week.site.clone(),
        std::sync::Arc::new(qingting::platform::request::Request::internal()),
    );
    let new = qingting::platform::session::NewSession {
        account: person.account,
        appointment: person
            .home
            .as_ref()
            .zip(person.appointment)
            .map(|(home, id)| (home.place.tenant, id)),
        own_phone: false,
    };
    let token = nobody
        .work(async |db| {
            db.open_account(new.account).await?;
            let token = qingting::platform::session::add(db, &new).await?;
            Ok(db.unchanged(token))
        })
        .await
        .expect("a session");
    let cookie = format!("{}={token}", qingting::platform::session::COOKIE_NAME);
    let browser = next_week.browser(Some(cookie));
    let page = browser.get(&at).await;
    page.sees("<h1>罗**</h1>").shows("为什么要看");
}

#[tokio::test]
async fn meeting_somebody_shows_the_name_and_a_voided_visit_is_no_meeting() {
    let town = Town::new().await;
    let id = registered(&town, "town_cadre", "宋知夏", |_| {}).await;
    let at = format!("/youth/{id}");
    let colleague = town.signed_in("town_colleague");
    colleague.get(&at).await.sees("<h1>宋**</h1>");
    let visit = Uuid::from_u128(0x0199_f1a0_0000_7000_8000_0000_0000_0001);
    let scope = town.scope("town_colleague");
    let me = scope.cadre().expect("a cadre");
    let day = scope.today();
    scope
        .work(async |db| {
            use qingting::youth::store::{met, place_of};
            let lies = place_of(db, &[id]).await?;
            met(db, &lies, &[me], visit, day, "上溪村").await?;
            Ok(db.unchanged(()))
        })
        .await
        .expect("a meeting");
    let colleague = town.signed_in("town_colleague");
    colleague
        .get(&at)
        .await
        .sees("<h1>宋知夏</h1>")
        .shows("上溪村")
        .shows("今天见过")
        .shows(&format!("/visits/{visit}"));
    let later = town
        .later(Clock::fixed(evening() + TimeDelta::minutes(1)))
        .await;
    let scope = later.scope("town_colleague");
    scope
        .work(async |db| {
            let unmet = qingting::youth::Unmet {
                youth: id,
                last_met_on: None,
            };
            qingting::youth::store::unmet(db, visit, &[unmet]).await?;
            Ok(db.unchanged(()))
        })
        .await
        .expect("a voided visit");
    colleague
        .get(&at)
        .await
        .sees("不再算见过")
        .hides("<span class=\"s muted\">今天见过")
        .hides(&format!("/visits/{visit}"));
}
