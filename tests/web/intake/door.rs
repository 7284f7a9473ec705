//! What the door lets through, when nobody takes it on, and what the code gives out.

use chrono::TimeDelta;
use qingting::kit::clock::Clock;

use super::{Sheet, track};
use crate::harness::{Town, evening, new_id};
use crate::issues::files::{PDF, attach};
use crate::issues::{act, does, today};
use crate::walls::{as_app, as_owner, refusal, texts};

#[tokio::test]
async fn through_the_door_nothing_is_read_and_little_is_written() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town, "town");
    sheet.taken(&town).await;
    let mut app = as_app(&town.database).await;
    let at = town.world.committee("town").place;
    let door = format!("set app.door = '{}'", at.scope);
    assert_eq!(refusal(&mut app, &door).await, None);
    for table in [
        "issues",
        "issue_reporters",
        "issue_links",
        "issue_moves",
        "day_book",
        "youths",
    ] {
        let sql = format!("select 1::text from {table}");
        assert!(texts(&mut app, &sql).await.is_empty(), "{table}");
    }
    assert_eq!(
        refusal(&mut app, "update issues set detail = 'x'").await,
        None
    );
    let insert = |scope: i64, source: &str, state: &str| {
        format!(
            "insert into issues (tenant_id, id, committee_id, scope, handler_committee_id, handler_scope,
                 sender_scope, no, detail, category, urgency, source, state, is_sensitive, raised_on,
                 received_at, updated_at)
             values ({0}, gen_random_uuid(), {1}, {scope}, {1}, {scope}, {scope}, 'x', 'x', '01', '3',
                 '{source}', '{state}', false, '2026-11-24', now(), now())",
            at.tenant, at.committee
        )
    };
    let elsewhere = town.world.committee("sibling").place.scope;
    for sql in [
        insert(at.scope, "visit", "pending"),
        insert(at.scope, "online", "accepted"),
        insert(elsewhere, "online", "pending"),
        "insert into youths (tenant_id) values (1)".into(),
    ] {
        assert_eq!(
            refusal(&mut app, &sql).await.as_deref(),
            Some("42501"),
            "{sql}"
        );
    }
    let mut owner = as_owner(&town.database).await;
    let kept = "select detail from issues";
    assert_eq!(texts(&mut owner, kept).await, ["想学叉车证，培训班报满了"]);
}

#[tokio::test]
async fn nobody_takes_it_on_and_it_is_pressed_and_the_poster_leads_there() {
    let town = Town::new().await;
    let at = Sheet::new(&town, "town").taken(&town).await;
    let late = town
        .later(Clock::fixed(evening() + TimeDelta::days(4)))
        .await;
    let root = town.world.committee("city");
    let ticker = qingting::platform::scope::Scope::of_ticker(late.site.clone(), root);
    qingting::issues::clock::pass(&ticker)
        .await
        .expect("a pass");
    let seen = today(&late, "town_secretary").await.get(&at).await;
    seen.sees("督办");
    // Taken on, it has the time that its urgency gives.
    act(&late, "town_cadre", &at, "accept", &[])
        .await
        .goes_to(&at);
    let seen = today(&late, "town_cadre").await.get(&at).await;
    seen.sees("已受理").hides("超 ");
    let poster = town.signed_in("town_cadre").get("/poster").await;
    let id = town.world.committee("town").place.committee;
    poster
        .sees("<svg class=\"qr\"")
        .shows(&format!("http://127.0.0.1/p/{id}"))
        .shows("12356");
}

#[tokio::test]
async fn a_file_that_was_shown_is_got_by_the_code_and_no_other() {
    let town = Town::new().await;
    let sheet = Sheet::new(&town, "town");
    let (at, code) = (sheet.taken(&town).await, sheet.code());
    does(&town, "town_cadre", &at, "accept", &[]).await;
    does(
        &town,
        "town_cadre",
        &at,
        "progress",
        &[("words", "内部记一笔")],
    )
    .await;
    let kept = attach(&town, "town_cadre", &at, ("内部.pdf", PDF)).await;
    let shown = [("words", "报名表在附件里"), ("shown", "on")];
    does(&town, "town_cadre", &at, "progress", &shown).await;
    let given = attach(&town, "town_cadre", &at, ("报名表.pdf", PDF)).await;
    track(&town, &code, &[])
        .await
        .sees("报名表.pdf")
        .hides("内部");
    let file = |id: &str| [("doing", "file".to_owned()), ("id", id.to_owned())];
    for (id, status) in [(given.as_str(), 200), (&kept, 404), (&new_id(), 404)] {
        let fields = file(id);
        let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        track(&town, &code, &fields).await.is(status);
    }
    let other = Sheet::new(&town, "town");
    other.taken(&town).await;
    let fields = [("doing", "file"), ("id", given.as_str())];
    track(&town, &other.code(), &fields).await.is(404);
}
