//! Whom a visit makes known to whom, and what a correction, a voiding or a merging leaves of it.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::{Sheet, cadre, count, youth, youth_with};
use crate::harness::Town;

/// By the owner's eyes and hands.
async fn told(town: &Town, sql: &str) {
    let mut db = PgConnection::connect(&town.database.superuser)
        .await
        .expect("the database");
    let done = db
        .execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())))
        .await;
    done.expect(sql);
}

const KNOWN: &str = "select count(*) from youth_cadres";

#[tokio::test]
async fn the_guarded_of_a_committee_below_are_not_chosen() {
    let town = Town::new().await;
    let child = youth_with(&town, "town_cadre", "陈小满", |new| {
        new.birth_on = "2012-05-01".parse().ok();
    });
    let child = child.await.to_string();
    for above in ["county_cadre", "county_secretary"] {
        let sheet = Sheet::new(&town).with("youth", &child);
        sheet
            .post(&town, above)
            .await
            .refuses("选中的青年里有一位不在您能看到的范围");
        town.signed_in(above)
            .get(&format!("/youth/{child}"))
            .await
            .hides("陈小满");
    }
    assert_eq!(count(&town, KNOWN).await, 1);
    // A colleague at home meets him for the first time; his secretary may correct what he wrote.
    let sheet = Sheet::new(&town).with("youth", &child);
    let at = sheet.saved(&sheet.post(&town, "town_colleague").await);
    let told = sheet.with("version", "1").with("reason", "时间记错了");
    let told = told.with("at", "20:10");
    told.post_to(&town, "town_secretary", &format!("{at}/edit"))
        .await
        .goes_to(&at);
    assert_eq!(count(&town, KNOWN).await, 2);
}

#[tokio::test]
async fn a_voided_visit_leaves_nobody_known() {
    let town = Town::new().await;
    let chen = youth(&town, "town_cadre", "陈一诺").await.to_string();
    let sheet = Sheet::new(&town).with("youth", &chen);
    let at = sheet.saved(&sheet.post(&town, "town_colleague").await);
    let page = format!("/youth/{chen}");
    let he = town.signed_in("town_colleague");
    he.get(&page).await.sees("<h1>陈一诺</h1>");
    he.post(&format!("{at}/void"), &[("reason", "记错人了")])
        .await
        .goes_to(&at);
    he.get(&page).await.sees("<h1>陈**</h1>");
    town.signed_in("town_cadre")
        .get(&page)
        .await
        .sees("<h1>陈一诺</h1>");
}

#[tokio::test]
async fn a_corrected_companion_knows_whom_he_met_and_the_other_no_more() {
    let town = Town::new().await;
    let chen = youth(&town, "town_cadre", "陈一诺").await.to_string();
    let (gone, come) = (
        cadre(&town, "town_colleague").to_string(),
        cadre(&town, "town_secretary").to_string(),
    );
    let sheet = Sheet::new(&town).with("youth", &chen).with("cadre", &gone);
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    let other = sheet.with("version", "1").with("cadre", &come);
    other
        .post_to(&town, "town_cadre", &format!("{at}/edit"))
        .await
        .goes_to(&at);
    let page = format!("/youth/{chen}");
    for (who, name) in [("town_colleague", "陈**"), ("town_secretary", "陈一诺")] {
        town.signed_in(who)
            .get(&page)
            .await
            .sees(&format!("<h1>{name}</h1>"));
    }
}

#[tokio::test]
async fn each_cadre_is_set_back_to_his_own_last_evening() {
    let town = Town::new().await;
    let chen = youth(&town, "town_cadre", "陈一诺").await.to_string();
    for (who, day) in [
        ("town_colleague", "2026-11-20"),
        ("town_cadre", "2026-11-22"),
    ] {
        let sheet = Sheet::new(&town).with("youth", &chen).with("day", day);
        sheet.saved(&sheet.post(&town, who).await);
    }
    let sheet = Sheet::new(&town).with("youth", &chen);
    let at = sheet.saved(&sheet.post(&town, "town_colleague").await);
    town.signed_in("town_colleague")
        .post(&format!("{at}/void"), &[("reason", "记错人了")])
        .await
        .goes_to(&at);
    for (day, n) in [("2026-11-20", 1), ("2026-11-22", 1), ("2026-11-24", 0)] {
        let sql = format!("{KNOWN} where last_met_on = '{day}'");
        assert_eq!(count(&town, sql.leak()).await, n, "{day}");
    }
}

#[tokio::test]
async fn a_companion_counts_where_he_served_that_evening() {
    let town = Town::new().await;
    let mover = town.world.person("town2_cadre");
    let mover = mover.cadre.expect("a cadre");
    let new = town.world.committee("sibling").place;
    told(
        &town,
        &format!(
            "update appointments set ends_on = '2026-11-10' where cadre_id = '{mover}';
             insert into appointments (tenant_id, id, committee_id, scope, cadre_id, role, post, nature,
                 starts_on, is_primary, created_at)
             values ({}, gen_random_uuid(), {}, {}, '{mover}', 'cadre', '委员', 'full', '2026-11-10',
                 false, now())",
            new.tenant.0, new.committee, new.scope
        ),
    )
    .await;
    for day in ["2026-11-09", "2026-11-24"] {
        let sheet = Sheet::new(&town)
            .with("day", "other")
            .with("date", day)
            .with("late", "补录")
            .with("cadre", &mover.to_string());
        sheet.saved(&sheet.post(&town, "town_cadre").await);
    }
    let old = town.world.committee("town2").place;
    for (day, place) in [("2026-11-09", old), ("2026-11-24", new)] {
        let sql = format!(
            "select count(*) from visit_cadres
             where evening = '{day}' and cadre_id = '{mover}' and cadre_committee_id = {}
                 and cadre_scope = {}",
            place.committee, place.scope
        );
        assert_eq!(count(&town, sql.leak()).await, 1, "{day}");
    }
}

#[tokio::test]
async fn a_moved_evening_takes_its_problems_along() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town).problem(1, "想找文员岗位", "01");
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    let moved = Sheet::new(&town)
        .with("version", "1")
        .with("day", "other")
        .with("date", "2026-10-30")
        .with("late", "日期记错了");
    moved
        .post_to(&town, "town_cadre", &format!("{at}/edit"))
        .await
        .goes_to(&at);
    let heard = "select count(*) from figure_d01 where day = '2026-10-30'";
    assert_eq!(count(&town, heard).await, 1);
}

#[tokio::test]
async fn merged_into_one_that_met_nobody_its_companions_are_counted_anew() {
    let town = Town::new().await;
    let away = town.world.committee("town2").place.committee;
    let empty = Sheet::new(&town)
        .without("walkins")
        .with("unmet", "nobody_home")
        .with("cadre", &cadre(&town, "town2_cadre").to_string());
    let empty_at = empty.saved(&empty.post(&town, "town_cadre").await);
    let chen = youth(&town, "town_colleague", "陈一诺").await.to_string();
    let full = Sheet::new(&town).without("walkins").with("youth", &chen);
    let full_at = full.saved(&full.post(&town, "town_colleague").await);
    told(&town, "delete from stale_months").await;
    town.signed_in("town_secretary")
        .post(&format!("{full_at}/merge"), &[("into", &empty.id())])
        .await
        .goes_to(&empty_at);
    let sql = format!("select count(*) from stale_months where committee_id = {away}");
    assert_eq!(count(&town, sql.leak()).await, 1);
}

#[tokio::test]
async fn another_correction_is_not_taken_for_the_same() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town);
    let at = sheet.saved(&sheet.post(&town, "town_cadre").await);
    let edit = format!("{at}/edit");
    let first = sheet.with("version", "1").with("reason", "核对过");
    first
        .clone()
        .with("place_text", "村委会")
        .post_to(&town, "town_secretary", &edit)
        .await
        .goes_to(&at);
    // Nothing but the place differs, and a problem is added.
    let second = first
        .with("place_text", "老村部")
        .problem(1, "想找文员岗位", "01");
    second.post_to(&town, "town_cadre", &edit).await.is(409);
    assert_eq!(count(&town, "select count(*) from issues").await, 0);
}
