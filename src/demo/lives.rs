//! What became of some problems of one town: each state of a 诉求 is there, some that are late, one that
//! was reopened, some that climbed. Every step is made by whoever has it in hand, at its own time.

use std::sync::Arc;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::follows;
use super::shares::Shares;
use super::stage::Player;
use super::stage_visit::{Team, Troupe};
use super::store::pending;
use crate::issues::{
    self, Act, Closing, DeclineReason, Hand, Issue, IssueId, Move, MoveId, NewMove, NewVerdict,
    Outcome, Verdict, Way,
};
use crate::kit::clock::{Clock, instant, local};
use crate::platform::request::Request;
use crate::platform::scope::{Role, Scope};
use crate::platform::session;
use crate::platform::site::Site;
use crate::platform::{Error, Result};

/// What is done to it, so many days back.
#[derive(Clone, Copy, Debug)]
enum Step {
    Accept,
    Ask,
    Decline,
    /// To the neighbouring town, and up to the county.
    Assign,
    Report,
    Plain(Move, &'static str),
    Suspend,
    Close(Outcome),
    Explain,
    Merge,
    /// By the young person, over a link.
    Judge(Verdict, &'static str),
    /// 回访 by the county.
    FollowUp,
}

use Step::{
    Accept, Ask, Assign, Close, Decline, Explain, FollowUp, Judge, Merge, Plain, Report, Suspend,
};

const TAKE: Step = Plain(Move::Take, "");
const SIGN: Step = Plain(Move::Sign, "");
const TALKED: Step = Plain(Move::Progress, "和村里、用人单位都通过电话，周五再碰一次");
const REFER: Step = Plain(Move::Refer, "已把情况发给县人社局就业股");

/// One life each: days back and what was done. Those taken on more than three weeks ago are late.
const LIVES: &[&[(i64, Step)]] = &[
    // Late: just so, and so long that they have climbed.
    &[(22, Accept), (21, TAKE)],
    &[(23, Accept)],
    &[(34, Accept), (33, TAKE), (20, TALKED)],
    &[(45, Accept), (44, Assign), (43, SIGN)],
    // In time.
    &[(2, Accept)],
    &[(1, Accept)],
    &[(9, Accept), (8, Ask)],
    &[(3, Accept), (1, Assign)],
    &[(4, Accept), (1, Report)],
    &[(8, Accept), (7, Report), (6, SIGN), (3, TALKED)],
    &[(6, Accept), (5, TAKE), (2, TALKED)],
    &[(7, Accept), (6, TAKE)],
    &[(18, Accept), (17, TAKE), (4, TALKED)],
    &[(12, Accept), (11, TAKE), (5, REFER)],
    &[(6, Accept), (4, Suspend)],
    &[(9, Accept), (8, TAKE), (3, Close(Outcome::Solved))],
    &[(12, Accept), (10, TAKE), (5, Close(Outcome::Partly))],
    &[(5, Accept), (4, Explain)],
    &[
        (30, Accept),
        (29, TAKE),
        (14, Close(Outcome::Solved)),
        (12, Judge(Verdict::Done, "车间师傅很耐心")),
        (5, FollowUp),
    ],
    &[
        (40, Accept),
        (39, Assign),
        (38, SIGN),
        (25, Close(Outcome::Solved)),
        (22, Judge(Verdict::Done, "")),
    ],
    &[
        (35, Accept),
        (34, TAKE),
        (20, Close(Outcome::Partly)),
        (18, Judge(Verdict::Half, "材料齐了，钱还没到")),
    ],
    &[(50, Accept), (49, TAKE), (30, Close(Outcome::Planned))],
    &[
        (55, Accept),
        (54, Report),
        (53, SIGN),
        (36, Close(Outcome::Transferred)),
    ],
    &[
        (28, Accept),
        (27, TAKE),
        (10, Close(Outcome::Solved)),
        (3, Judge(Verdict::Not, "说好的班次一直没开")),
    ],
    &[(6, Decline)],
    &[(5, Plain(Move::Void, "和上一件重复，记了两遍"))],
    &[(4, Merge)],
];

/// Where a life is played, and by whom.
struct Stage<'a> {
    site: &'a Arc<Site>,
    now: DateTime<Utc>,
    /// The town, its county, the next town.
    teams: [&'a Team; 3],
    into: IssueId,
}

/// Plays them all, then the clock strikes for the city.
pub async fn live(
    site: &Arc<Site>,
    troupes: &[Troupe],
    town: &Team,
    now: DateTime<Utc>,
) -> Result<()> {
    let near = |troupe: &&Troupe| {
        let mut teams = troupe.teams.iter();
        teams.any(|team| team.committee.id == town.committee.id)
    };
    let troupe = troupes.iter().find(near).ok_or(Error::NotFound)?;
    let (county, rest) = troupe.teams.split_first().ok_or(Error::NotFound)?;
    let next = rest
        .iter()
        .find(|team| team.committee.id != town.committee.id);
    let before = local(now).date() - TimeDelta::days(56);
    let most = i64::try_from(LIVES.len() + 1).map_err(Error::bug)?;
    let ids = lead(town)?
        .at(site, now)
        .look(async |db| pending(db, before, most).await)
        .await?;
    let Some((into, ids)) = ids.split_first() else {
        return Err(Error::bug("the demo's town has no problems"));
    };
    let stage = Stage {
        site,
        now,
        teams: [town, county, next.unwrap_or(county)],
        into: *into,
    };
    for (id, life) in ids.iter().zip(LIVES) {
        for (index, (days, step)) in life.iter().enumerate() {
            stage.play(*id, *days, index, *step).await?;
        }
    }
    // In the town's hands, and in time.
    let said: Vec<IssueId> = [10, 12, 11]
        .iter()
        .filter_map(|at| ids.get(*at).copied())
        .collect();
    super::leave::tell(site, (town, county), &said, now).await?;
    let city = troupes.iter().flat_map(|troupe| &troupe.teams);
    let mut city = city.filter(|team| team.committee.id.0 == town.committee.tenant_id.0);
    let shares = Shares {
        site,
        now,
        town,
        county,
        next: next.unwrap_or(county),
        city: city.next().ok_or(Error::NotFound)?,
    };
    shares.share().await?;
    strike(site, town, now).await
}

/// The clock, as it strikes when nobody is there.
async fn strike(site: &Arc<Site>, town: &Team, now: DateTime<Utc>) -> Result<()> {
    let site = Arc::new(site.at(Clock::fixed(now)));
    let roots = super::store::roots(&site).await?;
    let tenant = town.committee.tenant_id;
    let city = roots.into_iter().find(|it| it.place.tenant == tenant);
    let city = city.ok_or_else(|| Error::bug("the demo has no city"))?;
    let city = Scope::of_ticker(site, city);
    issues::clock::pass(&city).await?;
    follows::draw(&city).await
}

pub(super) fn lead(team: &Team) -> Result<&Player> {
    let mut players = team.players.iter();
    let lead = players.find(|one| one.actor.role == Role::Secretary && !one.left);
    lead.ok_or_else(|| Error::bug("a committee of the demo has no 书记"))
}

impl Stage<'_> {
    /// So many days back, in the morning; steps of one life keep their order.
    fn at(&self, days: i64, index: usize) -> DateTime<Utc> {
        let day = local(self.now).date() - TimeDelta::days(days);
        let minutes = 9 * 60 + 20 + 40 * i64::try_from(index).unwrap_or(0);
        instant(day.and_time(NaiveTime::MIN)) + TimeDelta::minutes(minutes)
    }

    async fn play(&self, id: IssueId, days: i64, index: usize, step: Step) -> Result<()> {
        let at = self.at(days, index);
        let town = lead(self.teams[0])?.at(self.site, at);
        let issue = town
            .look(async |db| issues::store::get(db, id).await)
            .await?;
        if let Judge(verdict, words) = step {
            return self.judge(&issue, at, verdict, words).await;
        }
        if let FollowUp = step {
            return follows::ask(self.site, lead(self.teams[1])?, id, at).await;
        }
        let holds = |team: &&&Team| team.committee.id == issue.handler_committee_id;
        let holder = self.teams.iter().find(holds).unwrap_or(&self.teams[0]);
        let scope = lead(holder)?.at(self.site, at);
        let (act, words) = self.act(&issue, at, step);
        let new = NewMove {
            id: MoveId::new_v7(at),
            version: Some(issue.version),
            act,
            words: Some(words.to_owned()).filter(|it| !it.is_empty()),
            is_shown: matches!(step, Close(_) | Explain),
        };
        let new = &new;
        let made = scope
            .work(async |db| issues::store::make(db, id, new).await)
            .await?;
        match made {
            issues::store::Made::Done => Ok(()),
            other => Err(Error::bug(format!("a step of the demo: {other:?}"))),
        }
    }

    fn act(&self, issue: &Issue, at: DateTime<Utc>, step: Step) -> (Act, &'static str) {
        let hand = |team: &Team| Hand {
            to: team.committee.place(),
            cadre: None,
            due_on: None,
        };
        let closing = |outcome| Closing {
            outcome,
            answers: vec![
                "已经和相关单位当面说定，结果当面告诉了本人".into();
                issue.asked_points()
            ],
        };
        match step {
            Accept => {
                let (points, cadre) = (Vec::new(), issue.handler_cadre_id);
                (Act::Accept { points, cadre }, "")
            }
            Ask => (Act::Plain(Move::Ask), "请补充：哪天在家，方便电话吗"),
            Decline => (
                Act::Decline(DeclineReason::Elsewhere),
                "法院已经立案，按判决办",
            ),
            Assign => (Act::Hand(Move::Assign, hand(self.teams[2])), "请就近办"),
            Report => (
                Act::Hand(Move::Report, hand(self.teams[1])),
                "镇里没有这个权限，请县里协调",
            ),
            Suspend => {
                let until = local(at).date() + TimeDelta::days(25);
                (Act::Suspend(until), "等培训班下月开班")
            }
            Close(outcome) => (Act::Close(Move::Close, closing(outcome)), "当面答复过"),
            Explain => {
                let closing = closing(Outcome::Explained);
                (Act::Close(Move::Explain, closing), "当场把政策说清了")
            }
            Merge => (Act::Merge(self.into), "同一件事"),
            Plain(act, words) => (Act::Plain(act), words),
            Judge(..) | FollowUp => (Act::Plain(Move::Progress), ""),
        }
    }

    /// The town's 书记 passes the link on, the young person opens it.
    async fn judge(
        &self,
        issue: &Issue,
        at: DateTime<Utc>,
        verdict: Verdict,
        words: &'static str,
    ) -> Result<()> {
        // One is given over the QR code of the cadre's phone: it is followed up first.
        let way = if verdict == Verdict::Half {
            Way::Spot
        } else {
            Way::Sent
        };
        let token = way.token(&session::token()?);
        let hash = session::hash(&token);
        lead(self.teams[0])?
            .at(self.site, at)
            .work(async |db| {
                issues::store::make_link(db, issue, &hash, at + TimeDelta::days(15)).await?;
                db.log(issues::LINKED, Some(issue.id.0), issue.place(), ())
                    .await
            })
            .await?;
        let site = Arc::new(self.site.at(Clock::fixed(at + TimeDelta::hours(1))));
        let nobody = Scope::nobody(site, Arc::new(Request::internal()));
        let link = issues::verdict::open(&nobody, &token).await?;
        let link = link.ok_or(Error::NotFound)?;
        let new = NewVerdict {
            verdict,
            words: Some(words.to_owned()).filter(|it| !it.is_empty()),
            way,
            device_hash: session::hash("demo"),
            from: issues::Origin::default(),
        };
        let scope = issues::verdict::scope_of(&nobody, &link);
        match issues::verdict::give(&scope, &link, &new).await? {
            issues::verdict::Outcome::Given => Ok(()),
            other => Err(Error::bug(format!("a verdict of the demo: {other:?}"))),
        }
    }
}
