//! Pages for what is nobody's mistake, or too much of something: they are read in a bad moment, and
//! have to be as readable as the rest.

use std::time::Duration;

use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::device::Device;
use crate::harness::new_id;
use crate::refused::{Refused, SEND};
use crate::served::Served;

/// What the server has for pages.
const CONNECTIONS: i64 = 8;
const CROWD: usize = 20;

/// One more than may be parked from one address.
const PARKED: &str = "
    const done = arguments[arguments.length - 1];
    const send = n => fetch('/feedback', { method: 'POST', redirect: 'manual',
        body: new URLSearchParams({ id: arguments[0], text: 'x' + n }) });
    (async () => { for (let n = 0; n < 61; n++) await send(n); })().then(() => done(true));";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_finds_nothing_on_pages_of_a_bad_moment() {
    let served = Served::new().await;
    let mut looked = Refused::default();
    let phone = Device::phone(&served).await;
    phone.sign_in(&served, "town_colleague").await;
    phone.open("/me").await;
    let large = json!([["id", new_id()], ["text", "字".repeat(1 << 18)]]);
    phone.run(SEND, vec![json!("/feedback"), large]).await;
    looked.see(&phone, "写的内容太长了").await;
    let owner = &served.town.database.owner;
    let mut owner = PgConnection::connect(owner).await.expect("the owner");
    run(&mut owner, "alter table feedback rename to gone").await;
    phone.open("/feedback").await;
    looked.see(&phone, "系统出了问题").await;
    run(&mut owner, "alter table gone rename to feedback").await;
    busy(&served, &phone, &mut looked, &mut owner).await;
    too_many(&served, &phone, &mut looked).await;
    phone.end().await;
    looked.report("pages of a bad moment");
}

async fn run(owner: &mut PgConnection, sql: &str) {
    let done = owner.execute(AssertSqlSafe(sql.to_owned())).await;
    done.unwrap_or_else(|fault| panic!("{sql}: {fault}"));
}

/// Everybody waits for one table, and nobody is left for another page.
async fn busy(served: &Served, phone: &Device, looked: &mut Refused, owner: &mut PgConnection) {
    run(owner, "begin; lock table feedback").await;
    let crowd: Vec<_> = (0..CROWD)
        .map(|_| {
            let browser = served.town.signed_in("county_admin");
            tokio::spawn(async move { browser.get("/feedback").await.status })
        })
        .collect();
    while waiting(owner).await < CONNECTIONS {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    phone.open("/visits").await;
    looked.see(phone, "系统正忙").await;
    run(owner, "rollback").await;
    for one in crowd {
        one.await.expect("an answer");
    }
}

async fn waiting(owner: &mut PgConnection) -> i64 {
    let sql = "select count(*) from pg_locks where not granted and relation = 'feedback'::regclass";
    let n = sqlx::query_scalar(sql).fetch_one(owner).await;
    n.expect("a number")
}

/// A phone whose session has ended sends form after form.
async fn too_many(served: &Served, phone: &Device, looked: &mut Refused) {
    phone.open("/me").await;
    let same = served.town.signed_in("town_colleague");
    same.post("/me/sessions/end-others", &[])
        .await
        .goes_to("/me");
    let sent = phone
        .client
        .execute_async(PARKED, vec![new_id().into()])
        .await;
    sent.expect("a script");
    let one = json!([["id", new_id()], ["text", "还有一句"]]);
    phone.run(SEND, vec![json!("/feedback"), one]).await;
    looked.see(phone, "试得太快了").await;
}
