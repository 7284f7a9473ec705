//! What others have in some problems: a department that was asked and one that has answered over its link,
//! the next town with a part, and one that the city put before the province.

use std::sync::Arc;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::lives::lead;
use super::stage_visit::Team;
use crate::issues::parts::{self, NewStep};
use crate::issues::{
    self, Act, Filter, Hand, HandoffId, Issue, IssueId, Move, MoveId, NewHandoff, NewMove, NewPart,
    PartId, PartStep, Partner, State, handoffs,
};
use crate::kit::clock::{Clock, instant, local};
use crate::platform::request::Request;
use crate::platform::scope::Scope;
use crate::platform::session;
use crate::platform::site::Site;
use crate::platform::{Error, Result};

/// Where it is played.
pub struct Shares<'a> {
    pub site: &'a Arc<Site>,
    pub now: DateTime<Utc>,
    pub town: &'a Team,
    pub county: &'a Team,
    pub next: &'a Team,
    pub city: &'a Team,
}

impl Shares<'_> {
    /// Of yesterday and the day before.
    pub async fn share(&self) -> Result<()> {
        let waits = self.find(self.town, State::Coordinating, 1).await?;
        for id in waits {
            let part = self
                .give(id, 2, department(), "请看看现在有什么办法，找谁办")
                .await?;
            self.link(id, part, 2).await?;
        }
        let handled = self.find(self.town, State::Handling, 2).await?;
        let [answered, open] = handled.as_slice() else {
            return Err(Error::bug("the demo's town handles too little"));
        };
        let to = department();
        let part = self
            .give(*answered, 2, to, "请回复能不能办、哪天能办")
            .await?;
        let token = self.link(*answered, part, 2).await?;
        self.answer(&token).await?;
        let to = Partner::Unit(self.next.committee.place());
        self.give(*open, 1, to, "请问问你们镇上有没有同样的青年，能不能一起办")
            .await?;
        let above = self.find(self.county, State::Handling, 1).await?;
        let above = above
            .first()
            .ok_or_else(|| Error::bug("the demo's county handles nothing"))?;
        self.hand_out(*above).await
    }

    fn at(&self, days: i64, hour: i64) -> DateTime<Utc> {
        let day = local(self.now).date() - TimeDelta::days(days);
        instant(day.and_time(NaiveTime::MIN)) + TimeDelta::hours(hour)
    }

    fn scope(&self, team: &Team, days: i64, hour: i64) -> Result<Scope> {
        Ok(lead(team)?.at(self.site, self.at(days, hour)))
    }

    /// Those in a committee's own hands that are in time, the newest first.
    async fn find(&self, team: &Team, state: State, n: usize) -> Result<Vec<IssueId>> {
        let filter = &Filter {
            state: Some(state),
            handler: Some(team.committee.id),
            ..Filter::default()
        };
        let scope = self.scope(team, 1, 12)?;
        let found = scope.look(async |db| issues::store::list(db, filter, None).await);
        let rows = found.await?.rows.into_iter();
        let fits = |it: &Issue| it.due_at.is_none_or(|due| due > self.now);
        Ok(rows.filter(fits).map(|it| it.id).take(n).collect())
    }

    async fn get(&self, team: &Team, id: IssueId) -> Result<Issue> {
        let scope = self.scope(team, 1, 12)?;
        scope
            .look(async |db| issues::store::get(db, id).await)
            .await
    }

    async fn give(&self, id: IssueId, days: i64, to: Partner, task: &str) -> Result<PartId> {
        let issue = self.get(self.town, id).await?;
        let new = NewPart {
            id: PartId::new_v7(self.at(days, 14)),
            version: issue.version,
            to,
            task: task.to_owned(),
            matter: issue.detail,
            shown_name: None,
            due_on: Some(local(self.now).date() + TimeDelta::days(6)),
        };
        done(parts::give(&self.scope(self.town, days, 14)?, id, &new).await?)?;
        Ok(new.id)
    }

    async fn link(&self, id: IssueId, part: PartId, days: i64) -> Result<String> {
        let issue = &self.get(self.town, id).await?;
        let token = session::token()?;
        let hash = session::hash(&token);
        let until = self.now + TimeDelta::days(36);
        self.scope(self.town, days, 15)?
            .work(async |db| {
                issues::store::make_part_link(db, issue, part, &hash, until).await?;
                db.log(issues::PART_LINKED, Some(id.0), issue.place(), ())
                    .await
            })
            .await?;
        Ok(token)
    }

    async fn answer(&self, token: &str) -> Result<()> {
        let at = self.at(1, 10);
        let site = Arc::new(self.site.at(Clock::fixed(at)));
        let nobody = Scope::nobody(site, Arc::new(Request::internal()));
        let link = parts::open(&nobody, token).await?;
        let link = link.ok_or(Error::NotFound)?;
        let (scope, part) = parts::linked(&nobody, &link).await?;
        let new = NewStep {
            id: MoveId::new_v7(at),
            step: PartStep::Answered,
            words: Some("已经核过，符合条件，请本人下周带身份证来窗口，当天办。".into()),
        };
        done(parts::as_partner(&scope, &part, &new).await?)
    }

    /// From the county to the city, and from there to the province, whose clock takes it in.
    async fn hand_out(&self, id: IssueId) -> Result<()> {
        let hand = Hand {
            to: self.city.committee.place(),
            cadre: None,
            due_on: None,
        };
        let up = Act::Hand(Move::Report, hand);
        self.step(self.county, id, (2, 16), up, Some("跨市的事，请市里协调"))
            .await?;
        let sign = Act::Name(Move::Sign, None);
        self.step(self.city, id, (1, 9), sign, None).await?;
        let scope = self.scope(self.city, 1, 11)?;
        let (issue, to) = scope
            .look(async |db| {
                let issue = issues::store::get(db, id).await?;
                let to = handoffs::province(db, &issue).await?;
                Ok((issue, to))
            })
            .await?;
        let Some(to) = to else { return Ok(()) };
        let new = NewHandoff {
            id: HandoffId::new_v7(self.at(1, 11)),
            version: issue.version,
            to: to.place(),
            matter: issue.detail,
            task: "请省里协调，定一个口径和办结的日子".into(),
            shown_name: None,
            due_on: Some(local(self.now).date() + TimeDelta::days(20)),
        };
        done(handoffs::send(&scope, id, &new).await?)?;
        let site = Arc::new(self.site.at(Clock::fixed(self.at(1, 12))));
        handoffs::pass(&Scope::of_ticker(site, to.ground())).await?;
        Ok(())
    }

    async fn step(
        &self,
        team: &Team,
        id: IssueId,
        (days, hour): (i64, i64),
        act: Act,
        words: Option<&str>,
    ) -> Result<()> {
        let issue = self.get(team, id).await?;
        let new = &NewMove {
            id: MoveId::new_v7(self.at(days, hour)),
            version: Some(issue.version),
            act,
            words: words.map(str::to_owned),
            is_shown: false,
        };
        let scope = self.scope(team, days, hour)?;
        let made = scope.work(async |db| issues::store::make(db, id, new).await);
        done(made.await?)
    }
}

fn department() -> Partner {
    Partner::Department {
        name: "青溪县人社局就业股".into(),
        contact: Some("方主任".into()),
        phone: None,
    }
}

fn done(made: issues::store::Made) -> Result<()> {
    match made {
        issues::store::Made::Done => Ok(()),
        other => Err(Error::bug(format!("a share of the demo: {other:?}"))),
    }
}
