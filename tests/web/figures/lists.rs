//! A list of several pages shows everything once, whatever is counted.

use std::collections::BTreeSet;

use super::{Days, address, behind, catch_up, filled};
use crate::visits::{Sheet, youth};

/// Thirty young people on one visit, and their county's visit sixty times over on thirty evenings.
async fn many(town: &crate::harness::Town) {
    use sqlx::{Connection, Executor, PgConnection};
    let mut sheet = Sheet::new(town)
        .without("walkins")
        .with("at", "18:30")
        .with("confirm", "other");
    for n in 0..30 {
        let id = youth(town, "town_cadre", &format!("陈一{n}")).await;
        sheet = sheet.and("youth", &id.to_string());
    }
    sheet.saved(&sheet.post(town, "town_cadre").await);
    let copies = format!(
        "insert into visits (tenant_id, id, committee_id, scope, no, mode, started_at, is_night, evening,
             place_kind, place, village_id, headcount, walkins, author_id, source, fingerprint, companions,
             created_at, updated_at)
         select v.tenant_id, gen_random_uuid(), v.committee_id, v.scope, v.no || '-' || g, v.mode,
             v.started_at - g % 30 * interval '1 day', true, v.evening - g % 30, v.place_kind, v.place,
             v.village_id, 1, 1, v.author_id, v.source, v.fingerprint, 'copy', v.created_at, v.updated_at
         from visits v, generate_series(1, 60) g
         where v.id = '{}';
         insert into visit_cadres (tenant_id, visit_id, cadre_id, scope, cadre_committee_id, cadre_scope,
             is_lead, started_at, evening, is_night, counts, place)
         select tenant_id, id, author_id, scope, committee_id, scope, true, started_at, evening, true, true,
             place
         from visits
         where companions = 'copy';
         insert into stale_months select distinct tenant_id, committee_id, scope,
             date_trunc('month', evening::timestamp)::date, now()
         from visits
         where companions = 'copy'
         on conflict do nothing",
        sheet.id()
    );
    let mut db = PgConnection::connect(&town.database.superuser)
        .await
        .expect("the database");
    db.execute(sqlx::AssertSqlSafe(copies))
        .await
        .expect("copies");
    catch_up(town).await;
}

#[tokio::test]
async fn all_pages_together_are_the_number() {
    let town = filled().await;
    many(&town).await;
    let city = town.signed_in("city_secretary");
    for (code, place, least) in [
        ("C01", "town", 60),
        ("C02", "town", 60),
        ("C05", "county", 30),
        ("C06", "city", 30),
        ("C07", "city", 26),
        ("C08", "city", 1),
        ("A07", "city", 14),
    ] {
        let of = address(&town, code, place, Days::NOW);
        let found = behind(&city, &of).await;
        assert!(found.total >= least, "{code}: {}", found.total);
        assert_eq!(i64::try_from(found.rows.len()), Ok(found.total), "{code}");
        let once: BTreeSet<&String> = found.rows.iter().collect();
        // The same visit opens for each of those who went or were met.
        if !matches!(code, "C01" | "C05" | "C06") {
            assert_eq!(once.len(), found.rows.len(), "{code} shows a row twice");
        }
    }
    let short = format!("{}&unmet=1", address(&town, "C08", "city", Days::NOW));
    let found = behind(&city, &short).await;
    assert!(found.total > 50, "several pages of unit-months");
    assert_eq!(i64::try_from(found.rows.len()), Ok(found.total));
    let once: BTreeSet<&String> = found.rows.iter().collect();
    assert_eq!(once.len(), found.rows.len());
}

/// From above all masks are alike and all rows lead where the reader may go: neither says who is a minor.
#[tokio::test]
async fn from_above_no_row_says_who_is_a_minor() {
    let town = crate::harness::Town::new().await;
    let child = crate::visits::youth_with(&town, "town_cadre", "陈小满", |new| {
        new.birth_on = chrono::NaiveDate::from_ymd_opt(2012, 5, 1);
    });
    let (child, other) = (child.await, youth(&town, "town_cadre", "陈一诺").await);
    let sheet = Sheet::new(&town).without("walkins");
    let sheet = sheet.and("youth", &child.to_string());
    let sheet = sheet.and("youth", &other.to_string());
    let visit = sheet.saved(&sheet.post(&town, "town_cadre").await);
    let above = town.signed_in("county_secretary");
    for code in ["C05", "C06"] {
        let page = above.get(&address(&town, code, "county", Days::NOW)).await;
        page.hides("某某").hides("/youth/");
        assert_eq!(page.text.matches("<b>陈**</b>").count(), 2, "{code}");
        assert!(page.text.matches(&format!(r#"href="{visit}""#)).count() >= 2);
    }
    above.get(&visit).await.is(200);
    let own = town.signed_in("town_cadre");
    let page = own.get(&address(&town, "C05", "town", Days::NOW)).await;
    page.sees(&format!(r#"href="/youth/{child}""#));
}
