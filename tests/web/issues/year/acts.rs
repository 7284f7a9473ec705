//! What others than whoever handles it do to a matter of the generated year.

use std::sync::Arc;

use chrono::TimeDelta;
use qingting::issues::follow;
use qingting::issues::store::Made;
use qingting::issues::{
    self, IssueId, Means, MoveId, NewFollowUp, NewVerdict, Origin, Satisfaction, Truth, Verdict,
    Way,
};
use qingting::platform::request::Request;
use qingting::platform::scope::Scope;
use qingting::platform::session;

use super::lives::{Known, TIMES, reopener};
use crate::harness::Town;
use crate::walls::{as_owner, texts};

/// By a link that the cadre who heard it passes on.
pub async fn judge(town: &Town, known: &Known, key: &str, verdict: Verdict) {
    let token = session::token().expect("a secret");
    let (id, hash) = (known.id, session::hash(&token));
    let until = town.site.clock.now() + TimeDelta::days(15);
    town.scope(key)
        .work(async |db| {
            let issue = issues::store::get(db, id).await?;
            issues::store::make_link(db, &issue, &hash, until).await?;
            db.log(issues::LINKED, Some(id.0), issue.line_place(db.scope()), ())
                .await
        })
        .await
        .expect("a link");
    let nobody = Scope::nobody(town.site.clone(), Arc::new(Request::internal()));
    let link = issues::verdict::open(&nobody, &token)
        .await
        .expect("a look")
        .expect("a link");
    let new = NewVerdict {
        verdict,
        words: None,
        way: Way::Sent,
        device_hash: "x".into(),
        from: Origin::default(),
    };
    let given =
        issues::verdict::give(&issues::verdict::scope_of(&nobody, &link), &link, &new).await;
    assert_eq!(given.expect("a verdict"), issues::verdict::Outcome::Given);
}

pub async fn follow_up(town: &Town, known: &Known, how: Satisfaction) {
    let id = known.id;
    let key = match known.key {
        "town_cadre" => "town_secretary",
        "city_secretary" => return alone(town, id, how).await,
        other => reopener(other),
    };
    let scope = town.scope(key);
    let made = scope
        .work(async |db| {
            let version = issues::store::get(db, id).await?.version;
            let new = found(town, version, how);
            let made = follow::give(db, id, &new).await?;
            Ok(db.unchanged(made))
        })
        .await;
    assert_eq!(made.expect("a 回访"), Made::Done);
}

fn found(town: &Town, version: i32, satisfaction: Satisfaction) -> NewFollowUp {
    NewFollowUp {
        id: MoveId::new_v7(town.site.clock.now()),
        version,
        means: Means::Phone,
        truth: Truth::So,
        satisfaction,
        words: None,
    }
}

/// The city's own 书记 closed it, and nobody stands above him: he is refused, and the province looks.
async fn alone(town: &Town, id: IssueId, how: Satisfaction) {
    let made = town
        .scope("city_secretary")
        .work(async |db| {
            let version = issues::store::get(db, id).await?.version;
            let made = follow::give(db, id, &found(town, version, how)).await?;
            Ok(db.unchanged(made))
        })
        .await;
    assert_eq!(made.expect("a bar"), Made::Barred(issues::Bar::OwnClosing));
}

/// A part of a department, as its own page will write it.
pub async fn department(town: &Town, id: IssueId, name: &str) {
    let sql = format!(
        "insert into issue_parts (tenant_id, id, issue_id, scope, handler_scope, sender_scope, department,
             matter, task, given_by, given_at)
         select tenant_id, gen_random_uuid(), id, scope, handler_scope, sender_scope, '{name}', 'x', 'x',
             received_by, '{}' from issues where id = '{id}' returning id::text",
        TIMES[0],
    );
    let mut owner = as_owner(&town.database).await;
    let whole =
        "select set_config('app.lo', '0', false), set_config('app.hi', '99999999999999', false)";
    sqlx::Executor::execute(&mut owner, sqlx::raw_sql(whole))
        .await
        .expect("the walls");
    assert_eq!(texts(&mut owner, &sql).await.len(), 1);
}
