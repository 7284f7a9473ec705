//! Problems in which others have a part, for whoever looks at every page.

use chrono::NaiveDate;
use qingting::issues::{
    self, Act, Category, Closing, Hand, Handler, IssueId, Move, MoveId, NewIssue, NewMove, NewPart,
    Outcome, PartId, Partner, Urgency, parts,
};
use qingting::platform::session;

use crate::harness::evening;
use crate::served::Served;

/// Addresses of pages: for the cadre of the town, for nobody, and for the 书记 of the city.
pub struct Shares {
    /// Of one that waits to be taken on.
    pub edit: String,
    pub give: String,
    pub part: String,
    pub link: String,
    pub hand_out: String,
    /// One that the town has closed.
    pub closed: String,
}

pub async fn shares(served: &Served) -> Shares {
    let given = heard(served).await;
    let to = Partner::Department {
        name: "县人社局".into(),
        contact: Some("方主任".into()),
        phone: None,
    };
    let new = NewPart {
        id: PartId::new_v7(evening()),
        version: 2,
        to,
        task: "查一查补贴".into(),
        matter: "补贴没到".into(),
        shown_name: None,
        due_on: None,
    };
    let scope = served.town.scope("town_cadre");
    let made = parts::give(&scope, given, &new).await.expect("a part");
    assert_eq!(made, issues::store::Made::Done);
    let token = session::token().expect("a secret");
    let hash = session::hash(&token);
    let part = new.id;
    scope
        .work(async |db| {
            let issue = issues::store::get(db, given).await?;
            let until = evening() + chrono::TimeDelta::days(9);
            issues::store::make_part_link(db, &issue, part, &hash, until).await?;
            Ok(db.unchanged(()))
        })
        .await
        .expect("a link");
    let above = heard(served).await;
    let hand = Hand {
        to: served.town.world.committee("city").place,
        cadre: None,
        due_on: None,
    };
    step(served, "town_cadre", above, Act::Hand(Move::Report, hand)).await;
    step(served, "city_secretary", above, Act::Name(Move::Sign, None)).await;
    let closed = heard(served).await;
    let closing = Closing {
        outcome: Outcome::Explained,
        answers: vec!["下月初五到账".into()],
    };
    step(
        served,
        "town_cadre",
        closed,
        Act::Close(Move::Explain, closing),
    )
    .await;
    Shares {
        edit: format!("/issues/{}/edit", add(served).await),
        give: format!("/issues/{given}/parts/new"),
        part: format!("/parts/{part}"),
        link: format!("/d/{token}"),
        hand_out: format!("/issues/{above}/handoff"),
        closed: format!("/issues/{closed}"),
    }
}

/// One that the town has taken on.
async fn heard(served: &Served) -> IssueId {
    let id = add(served).await;
    let accept = Act::Accept {
        points: Vec::new(),
        cadre: None,
    };
    step(served, "town_cadre", id, accept).await;
    id
}

async fn add(served: &Served) -> IssueId {
    let scope = served.town.scope("town_cadre");
    let new = NewIssue {
        id: IssueId::new_v7(evening()),
        detail: "见习补贴没到".into(),
        category: Category::Work,
        urgency: Urgency::Usual,
        youth: None,
        village: None,
        handler: Handler {
            committee: served.town.world.committee("town").place,
            cadre: served.town.world.person("town_cadre").cadre,
        },
        raised_on: NaiveDate::from_ymd_opt(2026, 11, 24).expect("a date"),
        is_sensitive: false,
    };
    let added = scope.work(async |db| {
        let at = db.scope().place();
        issues::store::add(db, at, &new).await?;
        Ok(db.unchanged(()))
    });
    added.await.expect("a problem");
    new.id
}

async fn step(served: &Served, key: &str, id: IssueId, act: Act) {
    let new = NewMove {
        id: MoveId::new_v7(evening()),
        version: None,
        act,
        words: Some("请协调".into()),
        is_shown: false,
    };
    let scope = served.town.scope(key);
    let made = scope.work(async |db| issues::store::make(db, id, &new).await);
    assert_eq!(made.await.expect("a step"), issues::store::Made::Done);
}
