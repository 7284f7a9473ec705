//! What happens to a few records afterwards: a visit corrected, one voided, a pair written down twice, two
//! cadres who leave, a village that is merged, last year's figures from before there were records, and
//! what users said. All of it some days back, so that it is past at whatever hour the demo is planted.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};

use super::chance::Chance;
use super::stage::{Player, uuid_at};
use super::stage_visit::{Team, Troupe, leaving, visit};
use super::{lives, visitors};
use crate::cadres;
use crate::feedback::{self, FeedbackId, NewFeedback};
use crate::kit::clock::{instant, local};
use crate::kit::period::Period;
use crate::organisations;
use crate::platform::daybook::Line;
use crate::platform::scope::Role;
use crate::platform::site::Site;
use crate::platform::{Error, Result};
use crate::reports::{self, NewTyped, TypedId};
use crate::visits::{self, Corrected, NewVisit, Outcome};

/// Everything there is to tell, in the order of the head of this module.
pub async fn tell_all(site: &Arc<Site>, troupes: &[Troupe], now: DateTime<Utc>) -> Result<()> {
    let town = team(troupes, "溪口镇")?;
    let told = Told { site, town, now };
    told.regulars(team(troupes, "梅岭乡")?).await?;
    told.corrections().await?;
    told.voided().await?;
    told.doubles().await?;
    lives::live(site, troupes, town, now).await?;
    visitors::come(site, town, now).await?;
    for team in troupes.iter().flat_map(|troupe| &troupe.teams) {
        for player in team.players.iter().filter(|player| player.left) {
            leave(site, team, player).await?;
        }
    }
    merge_villages(site, troupes, now).await?;
    for place in ["清川市", "青溪县"] {
        type_figures(site, team(troupes, place)?, now).await?;
    }
    say(site, troupes, now).await
}

fn team<'a>(troupes: &'a [Troupe], place: &str) -> Result<&'a Team> {
    let mut all = troupes.iter().flat_map(|troupe| &troupe.teams);
    all.find(|team| team.committee.place_name == place)
        .ok_or_else(|| Error::bug("a team of the demo is not there"))
}

fn admin(team: &Team) -> &Player {
    let admin = team.players.iter().find(|p| p.actor.role == Role::Admin);
    admin.unwrap_or(&team.players[0])
}

/// The town where most is told: its second seat is the printed 团干部.
struct Told<'a> {
    site: &'a Arc<Site>,
    town: &'a Team,
    now: DateTime<Utc>,
}

impl Told<'_> {
    /// So many evenings back, at that minute of the day.
    fn at(&self, days: u64, minute: i64) -> DateTime<Utc> {
        let day = local(self.now).date() - Days::new(days);
        instant(day.and_time(NaiveTime::MIN)) + TimeDelta::minutes(minute)
    }

    /// Written down by that player when it was over.
    async fn record(&self, team: &Team, seat: usize, new: &NewVisit) -> Result<()> {
        let after = new.when.started_at + TimeDelta::minutes(70);
        let scope = team.players[seat % team.players.len()].at(self.site, after.min(self.now));
        let outcome = scope.work(async |db| visits::record(db, new).await).await?;
        match outcome {
            Outcome::Added => Ok(()),
            other => Err(Error::bug(format!("a visit of the demo: {other:?}"))),
        }
    }

    fn drawn(&self, team: &Team, seed: u64, at: DateTime<Utc>) -> NewVisit {
        let night_start = self.site.settings.night_start;
        visit(&mut Chance::new(seed), at, team, Vec::new(), night_start)
    }

    /// The printed 团干部 go out themselves: last night, this morning, tonight.
    async fn regulars(&self, other: &Team) -> Result<()> {
        for (days, minute) in [(2, 1_150), (1, 1_165), (0, 495), (0, 1_160)] {
            let at = self.at(days, minute);
            if at > self.now - TimeDelta::minutes(10) {
                continue;
            }
            for (seed, team) in [(500, self.town), (600, other)] {
                let seed = seed + days * 2_000 + u64::try_from(minute).unwrap_or(0);
                let drawn = (seed..).map(|seed| self.drawn(team, seed, at));
                let met = |new: &NewVisit| new.people.unmet.is_none();
                if let Some(new) = drawn.into_iter().find(met) {
                    self.record(team, 1, &new).await?;
                }
            }
        }
        Ok(())
    }

    /// One corrected the same night by its author, one days later with a reason.
    async fn corrections(&self) -> Result<()> {
        for (days, after, reason) in [
            (6, TimeDelta::hours(3), None),
            (
                12,
                TimeDelta::days(4),
                Some("对照笔记本，人数和约定的日子记错了"),
            ),
        ] {
            let mut new = self.drawn(self.town, 700 + days, self.at(days, 1_160));
            self.record(self.town, 1, &new).await?;
            new.problems.clear();
            new.content
                .push_str("补一句：说好下周带上镇里的人再去一趟。");
            let scope = self.town.players[1].at(self.site, new.when.started_at + after);
            let new = &new;
            let done = scope
                .work(async |db| visits::correct(db, new.id, 1, new, reason).await)
                .await?;
            if done != Corrected::Saved {
                return Err(Error::bug(format!("a correction of the demo: {done:?}")));
            }
        }
        Ok(())
    }

    async fn voided(&self) -> Result<()> {
        let mut wrong = self.drawn(self.town, 77, self.at(3, 1_150));
        wrong.people.youths.truncate(1);
        wrong.problems.clear();
        self.record(self.town, 1, &wrong).await?;
        let id = wrong.id;
        let scope = self.town.players[1].at(self.site, self.at(3, 1_230));
        scope
            .work(async |db| visits::void(db, id, "记到了别的村，重新记了一次").await)
            .await
    }

    /// Two phones wrote one evening down: one pair was merged, in another the author said that it was
    /// not the same.
    async fn doubles(&self) -> Result<()> {
        let first = self.drawn(self.town, 81, self.at(5, 1_140));
        let mut again = self.drawn(self.town, 82, self.at(5, 1_155));
        (again.site, again.problems) = (first.site.clone(), Vec::new());
        again.people.youths = first.people.youths.iter().copied().take(1).collect();
        self.record(self.town, 1, &first).await?;
        self.record(self.town, 2, &again).await?;
        let (id, into) = (again.id, first.id);
        let scope = self.town.players[0].at(self.site, self.at(4, 600));
        scope
            .work(async |db| visits::merge(db, id, into, "同一晚两个人各记了一次").await)
            .await?;
        let one = self.drawn(self.town, 83, self.at(4, 1_150));
        let mut like = self.drawn(self.town, 84, self.at(4, 1_195));
        like.site = one.site.clone();
        self.record(self.town, 1, &one).await?;
        self.record(self.town, 1, &like).await
    }
}

/// 云顶村 became part of 茶园村.
async fn merge_villages(site: &Arc<Site>, troupes: &[Troupe], now: DateTime<Utc>) -> Result<()> {
    let town = team(troupes, "茶山镇")?;
    let village = |name: &str| {
        let found = town.villages.iter().find(|village| village.name == name);
        found.map(|village| village.committee)
    };
    let (Some(old), Some(into)) = (village("云顶村"), village("茶园村")) else {
        return Err(Error::bug("a village of the demo is not there"));
    };
    let county = troupes
        .iter()
        .find(|it| it.teams.iter().any(|t| t.committee.id == town.committee.id));
    let county = county.map_or(town, |troupe| &troupe.teams[0]);
    let scope = admin(county).at(site, now - TimeDelta::days(20));
    scope
        .work(async |db| {
            let old = organisations::store::ensure_village(db, old).await?;
            let into = organisations::store::ensure_village(db, into).await?;
            let old = organisations::store::get(db, old).await?;
            let old = old.ok_or(Error::NotFound)?;
            organisations::store::merge(db, &old, into).await?;
            let line = Line::new(organisations::MERGED, Some(old.id.0), old.place());
            let detail = serde_json::json!({ "into": into });
            db.log_line(line.detail(detail), ()).await
        })
        .await
}

/// What last year's report said, where records do not reach: for the year to this day, and for the whole.
const TYPED: [(&str, i64, i64, &str, &str); 3] = [
    (
        "C03",
        118,
        131,
        "按纸质台账计，含电话走访的单位",
        "上年年终总结第 3 页",
    ),
    (
        "C05",
        4_106,
        4_560,
        "按名册计，跨乡镇的算两次",
        "上年年终总结第 3 页",
    ),
    ("D01", 2_731, 3_012, "含热线转来的", "上年诉求台账"),
];

async fn type_figures(site: &Arc<Site>, team: &Team, now: DateTime<Utc>) -> Result<()> {
    let today = local(now).date();
    let so_far = Period::ytd(today).same_last_year();
    let whole = Period::year_of(so_far.from());
    let mut chance = Chance::new(0x7e44 + u64::try_from(team.committee.level).unwrap_or(0));
    let share = if team.committee.level == 3 { 1 } else { 6 };
    let mut all = Vec::new();
    for (indicator, part, year, definition, source) in TYPED {
        for (period, n) in [(so_far, part), (whole, year)] {
            all.push(NewTyped {
                id: TypedId(uuid_at(&mut chance, now)),
                indicator,
                from_on: period.from(),
                to_on: period.to(),
                n: n / share,
                definition: definition.to_owned(),
                source: source.to_owned(),
            });
        }
    }
    // On 31 December the two are the same.
    all.dedup_by_key(|one| (one.indicator, one.to_on));
    let all = &all;
    let scope = admin(team).at(site, now - TimeDelta::hours(30));
    scope
        .work(async |db| {
            let at = db.scope().place();
            for new in all {
                reports::save_typed(db, at, new, None).await?;
                db.note(reports::TYPED, Some(new.id.0), at).await?;
            }
            Ok(db.unchanged(()))
        })
        .await
}

async fn leave(site: &Arc<Site>, team: &Team, player: &Player) -> Result<()> {
    let day = leaving(site.clock.now());
    let admin = team
        .players
        .iter()
        .find(|one| one.actor.role == Role::Admin);
    let scope = admin.unwrap_or(player).at(site, day);
    let cadre = player.cadre();
    scope
        .work(async |db| {
            for held in cadres::store::appointments(db, cadre).await? {
                cadres::store::end(db, &held.appointment, local(day).date()).await?;
            }
            let at = db.scope().place();
            db.log(cadres::ENDED, Some(cadre.0), at, ()).await
        })
        .await
}

const SAID: [(&str, &str); 3] = [
    (
        "夜里在院子里看屏幕，字有点小。",
        "“我的”里可以打开大字，也可以换成深色。",
    ),
    (
        "希望能把走访清单导出来给书记看。",
        "书记在年终表那一页可以导出走访清单。",
    ),
    ("村名找起来慢。", ""),
];

async fn say(site: &Arc<Site>, troupes: &[Troupe], now: DateTime<Utc>) -> Result<()> {
    let mut chance = Chance::new(99);
    for (days, (text, answer)) in SAID.iter().enumerate() {
        let back = TimeDelta::days(i64::try_from(days).unwrap_or(0) * 9 + 2);
        let troupe = &troupes[1 + days];
        let author = &troupe.teams[1].players[0];
        let new = NewFeedback {
            id: FeedbackId(uuid_at(&mut chance, now - back)),
            text: (*text).to_owned(),
            page: Some("/visits/new".into()),
        };
        let new = &new;
        author
            .at(site, now - back)
            .work(async |db| {
                feedback::store::add(db, new).await?;
                let at = db.scope().place();
                db.log(feedback::ADDED, Some(new.id.0), at, ()).await
            })
            .await?;
        if answer.is_empty() {
            continue;
        }
        let admin = troupe.teams[0]
            .players
            .iter()
            .find(|p| p.actor.role == Role::Admin);
        let scope = admin
            .unwrap_or(author)
            .at(site, now - back + TimeDelta::hours(20));
        scope
            .work(async |db| {
                let there = feedback::store::get(db, new.id).await?;
                feedback::store::answer(db, &there, answer).await?;
                db.log(feedback::ANSWERED, Some(new.id.0), there.place(), ())
                    .await
            })
            .await?;
    }
    Ok(())
}
