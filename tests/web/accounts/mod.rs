//! Signing in and out, one-time codes, forms that wait for their writer, and the page about oneself.

mod code;
mod door;
mod me;
mod parked;
mod sessions;

use chrono::TimeDelta;
use qingting::cadres::{self, Nature, NewAppointment};
use qingting::kit::clock::Clock;
use qingting::platform::ids::AppointmentId;
use qingting::platform::scope::{Role, Scope};
use qingting::platform::session::COOKIE_NAME;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};

use crate::harness::people::PASSWORD;
use crate::harness::{Browser, Seen, Town, evening};

/// The same town that much later, as another server would meet it.
async fn later(town: &Town, by: TimeDelta) -> Town {
    town.later(Clock::fixed(evening() + by)).await
}

fn phone(town: &Town, key: &str) -> String {
    town.world.person(key).phone
}

/// The value that an answer sets for a cookie; empty when it takes it away.
fn set(seen: &Seen, name: &str) -> Option<String> {
    let lines = seen.headers.get_all("set-cookie").into_iter();
    let lines = lines.map(|line| line.to_str().expect("a cookie"));
    let mut values = lines.filter_map(|line| {
        let (pair, _) = line.split_once(';')?;
        let (set, value) = pair.split_once('=')?;
        (set == name).then(|| value.to_owned())
    });
    values.next()
}

/// The browser after that answer: cookies replaced, added, taken away.
fn after(town: &Town, browser: &Browser, seen: &Seen) -> Browser {
    let old = browser.cookies().unwrap_or_default();
    let mut all: Vec<(String, String)> = old
        .split("; ")
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    for line in seen.headers.get_all("set-cookie") {
        let line = line.to_str().expect("a cookie");
        let (pair, _) = line.split_once(';').expect("attributes");
        let (name, value) = pair.split_once('=').expect("a value");
        all.retain(|(kept, _)| kept != name);
        if !value.is_empty() {
            all.push((name.to_owned(), value.to_owned()));
        }
    }
    let pairs: Vec<String> = all.into_iter().map(|(n, v)| format!("{n}={v}")).collect();
    town.browser((!pairs.is_empty()).then(|| pairs.join("; ")))
}

async fn try_login(browser: &Browser, phone: &str, secret: &str) -> Seen {
    let fields = [("phone", phone), ("password", secret)];
    browser.post("/login", &fields).await
}

/// Signs in by the door, and gives the answer and the browser.
async fn enter(town: &Town, browser: &Browser, key: &str) -> (Seen, Browser) {
    let seen = try_login(browser, &phone(town, key), PASSWORD).await;
    let browser = after(town, browser, &seen);
    (seen, browser)
}

/// As `enter`, on one's own phone.
async fn enter_to_stay(town: &Town, key: &str) -> (Seen, Browser) {
    let (phone, stranger) = (phone(town, key), town.stranger());
    let fields = [
        ("phone", phone.as_str()),
        ("password", PASSWORD),
        ("own_phone", "on"),
    ];
    let seen = stranger.post("/login", &fields).await;
    let browser = after(town, &stranger, &seen);
    (seen, browser)
}

fn token(browser: &Browser) -> String {
    let cookies = browser.cookies().unwrap_or_default();
    let mut pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    let found = pairs.find(|(name, _)| *name == COOKIE_NAME);
    found.map_or_else(String::new, |(_, value)| value.to_owned())
}

/// One number, asked past all walls.
async fn count(town: &Town, query: &str) -> i64 {
    let mut superuser = superuser(town).await;
    let row = superuser.fetch_one(AssertSqlSafe(query.to_owned())).await;
    let n = row.expect(query).get::<i64, _>(0);
    superuser.close().await.expect("a clean end");
    n
}

/// A change, made past all walls.
async fn alter(town: &Town, statement: &str) {
    let mut superuser = superuser(town).await;
    let statement = AssertSqlSafe(statement.to_owned());
    superuser.execute(statement).await.expect("a change");
    superuser.close().await.expect("a clean end");
}

async fn superuser(town: &Town) -> PgConnection {
    let url = &town.database.superuser;
    PgConnection::connect(url).await.expect("a connection")
}

/// How many lines with that verb stand at a committee.
async fn lines(town: &Town, verb: &str, place: &str) -> i64 {
    let committee = town.world.committee(place).place.committee;
    let query = format!(
        "select count(*) from day_book where verb = '{verb}' and committee_id = {committee}"
    );
    count(town, &query).await
}

/// A second appointment, not the primary one.
async fn appoint(town: &Town, key: &str, place: &str) -> AppointmentId {
    let person = town.world.person(key);
    let scope = Scope::of_ticker(town.site.clone(), town.world.committee(place));
    let new = NewAppointment {
        id: AppointmentId::new_v7(evening()),
        cadre: person.cadre.expect("a cadre"),
        account: Some(person.account),
        role: Role::Cadre,
        post: "挂职干部".into(),
        nature: Nature::Seconded,
        starts_on: "2025-03-01".parse().expect("a date"),
        is_primary: false,
    };
    let new = &new;
    scope
        .work(async |db| {
            let at = db.scope().place();
            cadres::store::appoint(db, at, new).await?;
            db.log(cadres::ADDED, Some(new.cadre.0), at, ()).await
        })
        .await
        .expect("an appointment");
    new.id
}

/// An admin's one-time code for somebody.
async fn reset(town: &Town, admin: &str, key: &str) -> qingting::platform::Result<String> {
    let account = town.world.person(key).account;
    let scope = town.scope(admin);
    let code = scope
        .work(async |db| {
            let code = qingting::accounts::reset(db, account).await?;
            Ok(db.unchanged(code))
        })
        .await;
    town.site.sessions.forget(account);
    code
}
