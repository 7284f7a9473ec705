//! One-time codes: an invitation, a reset, the first password of one's own.

use chrono::TimeDelta;
use qingting::accounts;
use qingting::accounts::operator::{self, Operator};
use qingting::kit::clock::Clock;
use qingting::platform::session::NewSession;
use qingting::platform::{Error, db};

use super::{after, alter, count, later, lines, phone, reset, try_login};
use crate::harness::people::PASSWORD;
use crate::harness::{Browser, Town, cluster, evening, site};

const NEW: &str = "Yexun-deng-21-liang";

async fn choose(browser: &Browser, new: &str) -> crate::harness::Seen {
    let fields = [("new", new), ("again", new), ("next", "/feedback")];
    browser.post("/me/password", &fields).await
}

#[tokio::test]
async fn a_reset_ends_everything_and_a_code_opens_it_once() {
    let town = Town::new().await;
    let old = town.signed_in("town_cadre");
    old.get("/feedback").await.is(200);
    let code = reset(&town, "county_admin", "town_cadre")
        .await
        .expect("a code");
    old.get("/feedback").await.goes_to("/login");
    let (number, stranger) = (phone(&town, "town_cadre"), town.stranger());
    try_login(&stranger, &number, PASSWORD)
        .await
        .refuses("不对");
    let spaced = format!(" {} {} ", &code[..4], code[4..].to_lowercase());
    let seen = try_login(&stranger, &number, &spaced).await;
    seen.goes_to("/me/password");
    let lin = after(&town, &stranger, &seen);
    // Nothing else opens before there is a password of one's own.
    for page in ["/feedback", "/me", "/appointments"] {
        assert_eq!(lin.get(page).await.goes_to("/me/password"), "/me/password");
    }
    lin.get("/me/password")
        .await
        .sees("设一个密码")
        .hides("现在的密码");
    try_login(&town.stranger(), &number, &code)
        .await
        .refuses("不对");
    choose(&lin, "short").await.refuses("至少 10 个字");
    choose(&lin, &format!("Kx#{number}"))
        .await
        .refuses("自己的手机号");
    choose(&lin, NEW).await.goes_to("/feedback");
    lin.get("/feedback").await.is(200);
    try_login(&town.stranger(), &number, NEW).await.goes_to("/");
    for (verb, n) in [("code_used", 1), ("password_changed", 1)] {
        assert_eq!(lines(&town, verb, "town").await, n, "{verb}");
    }
    assert_eq!(lines(&town, "password_reset", "county").await, 1);
}

#[tokio::test]
async fn a_code_is_over_after_a_day_and_says_so_to_who_has_it() {
    let town = Town::new().await;
    let code = reset(&town, "county_admin", "town_cadre")
        .await
        .expect("a code");
    let number = phone(&town, "town_cadre");
    let tomorrow = later(&town, TimeDelta::hours(24)).await;
    let stranger = tomorrow.stranger();
    try_login(&stranger, &number, &code)
        .await
        .refuses("已经过期");
    try_login(&stranger, &number, "Ab3dEf7h")
        .await
        .refuses("手机号或密码不对");
}

#[tokio::test]
async fn a_code_ends_after_five_wrong_tries() {
    let town = Town::new().await;
    let code = reset(&town, "county_admin", "town_cadre")
        .await
        .expect("a code");
    let number = phone(&town, "town_cadre");
    for _ in 0..5 {
        try_login(&town.stranger(), &number, "Ab3dEf7h")
            .await
            .is(422);
    }
    let hour_later = later(&town, TimeDelta::hours(1)).await;
    try_login(&hour_later.stranger(), &number, &code)
        .await
        .refuses("不对");
    let code = reset(&hour_later, "county_admin", "town_cadre")
        .await
        .expect("another");
    let seen = try_login(&hour_later.stranger(), &number, &code).await;
    seen.goes_to("/me/password");
}

#[tokio::test]
async fn of_two_who_use_a_code_at_once_one_comes_in() {
    let town = Town::new().await;
    let code = reset(&town, "county_admin", "town_cadre")
        .await
        .expect("a code");
    let (number, stranger) = (phone(&town, "town_cadre"), town.stranger());
    let (one, two) = tokio::join!(
        try_login(&stranger, &number, &code),
        try_login(&stranger, &number, &code),
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
}

/// The answer to a commit may be lost: then the same transaction runs once more.
#[tokio::test]
async fn a_code_that_let_in_lets_in_again_by_the_same_token_alone() {
    let town = Town::new().await;
    let code = reset(&town, "county_admin", "town_cadre")
        .await
        .expect("a code");
    let hash = accounts::password::code_hash(&code);
    let (scope, whose) = (town.scope("town_cadre"), town.world.person("town_cadre"));
    let new = NewSession {
        account: whose.account,
        appointment: None,
        own_phone: false,
    };
    let tokens = [(1, true), (1, true), (2, false)];
    for (number, wanted) in tokens {
        let token = format!("{number:064}");
        let entered =
            scope.work(async |db| accounts::enter_once(db, &token, &new, Some(&hash)).await);
        assert_eq!(entered.await.expect("an answer"), wanted);
    }
}

#[tokio::test]
async fn an_admin_resets_only_within_his_own_line() {
    let town = Town::new().await;
    super::appoint(&town, "town_colleague", "sibling").await;
    let cases = [
        ("county_admin", "sibling_cadre"),
        ("county_admin", "other_cadre"),
        ("county_admin", "city_admin"),
        ("county_admin", "town_colleague"),
        ("county_admin", "operator"),
        ("city_admin", "operator"),
        ("county_secretary", "town_cadre"),
        ("town_cadre", "town_colleague"),
    ];
    for (admin, whose) in cases {
        let outcome = reset(&town, admin, whose).await;
        assert!(
            matches!(outcome, Err(Error::Forbidden(_))),
            "{admin}, {whose}: {outcome:?}"
        );
        let (seen, _) = super::enter(&town, &town.stranger(), whose).await;
        seen.is(303);
    }
    reset(&town, "city_admin", "town_colleague")
        .await
        .expect("above both");
}

#[tokio::test]
async fn whoever_has_an_account_is_not_given_a_code_by_another_committee() {
    let town = Town::new().await;
    let invite = async |admin: &str, phone: &str| {
        let scope = town.scope(admin);
        scope
            .work(async |db| {
                let invited = qingting::accounts::invite(db, phone).await?;
                Ok(db.unchanged(invited))
            })
            .await
    };
    let first = invite("county_admin", "19955550001")
        .await
        .expect("invited")
        .expect("no operator's");
    assert!(first.code.is_some());
    let second = invite("other_admin", "19955550001").await.expect("invited");
    let second = second.expect("no operator's");
    assert_eq!((second.account, second.code), (first.account, None));
    let known = invite("other_admin", &phone(&town, "town_cadre"))
        .await
        .expect("invited");
    assert_eq!(known.map(|it| it.code), Some(None));
    let operator = invite("county_admin", &phone(&town, "operator")).await;
    assert!(operator.expect("asked").is_none());
}

#[tokio::test]
async fn a_system_administrator_is_made_at_the_terminal_and_made_again() {
    let database = cluster::empty_database().await;
    db::migrate(&database.owner).await.expect("all tables");
    let site = site(&database, Clock::fixed(evening())).await;
    let make = async || operator::create(&site, "19955550009", "王守一").await;
    let Operator::Code(first) = make().await.expect("made") else {
        panic!("no cadre is there");
    };
    let Operator::Code(second) = make().await.expect("made again") else {
        panic!("he is no cadre");
    };
    let world = cluster::database().await.1;
    let town = Town::over(database, world, Clock::fixed(evening())).await;
    assert_eq!(
        count(&town, "select count(*) from committees where level = 1").await,
        1
    );
    let stranger = town.stranger();
    try_login(&stranger, "19955550009", &first)
        .await
        .refuses("不对");
    let seen = try_login(&stranger, "19955550009", &second).await;
    seen.goes_to("/me/password");
    let operator = after(&town, &stranger, &seen);
    choose(&operator, NEW).await.goes_to("/feedback");
    operator
        .get("/me")
        .await
        .sees("王守一")
        .sees("投诉建议")
        .hides("任职");
    operator
        .get("/feedback")
        .await
        .sees("系统管理员不在任何单位");
    let lines = "select count(*) from day_book b join committees k on k.id = b.committee_id
        where k.level = 1 and verb in ('account_invited', 'password_reset', 'code_used', 'password_changed')";
    assert_eq!(count(&town, lines).await, 4);
    site.pools.close().await;
}

#[tokio::test]
async fn a_cadres_number_is_not_made_a_system_administrators() {
    let town = Town::new().await;
    let made = operator::create(&town.site, &phone(&town, "town_cadre"), "林晓禾").await;
    assert_eq!(made.expect("an answer"), Operator::IsCadre);
    let (seen, _) = super::enter(&town, &town.stranger(), "town_cadre").await;
    seen.goes_to("/");
}

/// An admin who writes down the system administrator's number as a cadre's gains nothing by it.
#[tokio::test]
async fn an_appointment_does_not_turn_the_system_administrator_into_a_cadre() {
    let town = Town::new().await;
    let (account, cadre) = (
        town.world.person("operator").account,
        town.world.person("town_cadre").cadre.expect("a cadre"),
    );
    let steal =
        format!("update appointments set account_id = '{account}' where cadre_id = '{cadre}'");
    alter(&town, &steal).await;
    let (_, operator) = super::enter(&town, &town.stranger(), "operator").await;
    operator.get("/feedback").await.is(200);
    operator.get("/me").await.sees("系统管理员").hides("溪口");
}
