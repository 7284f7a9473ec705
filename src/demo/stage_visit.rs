//! One outing: who goes, whom they meet, what is said; and what happens to a few visits afterwards.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::chance::Chance;
use super::evenings::{Habit, Outing};
use super::stage::{Player, uuid_at};
use super::words;
use crate::cadres;
use crate::committees::Committee;
use crate::feedback::{self, FeedbackId, NewFeedback};
use crate::issues::{Category, Urgency};
use crate::kit::clock::{evening_of, local};
use crate::organisations::{Kind, Village};
use crate::platform::Result;
use crate::platform::scope::Role;
use crate::platform::site::Site;
use crate::visits::{
    self, By, Mode, NewProblem, NewVisit, Newcomer, Outcome, People, PlaceKind, Unmet, VisitId,
    When,
};
use crate::youth::{Consent, YouthId};

/// A committee with those who go out for it, and whom they know.
#[derive(Clone, Debug)]
pub struct Team {
    pub committee: Committee,
    pub players: Vec<Player>,
    pub villages: Vec<Village>,
    pub youths: Vec<YouthId>,
}

impl Team {
    pub fn new(committee: Committee, players: Vec<Player>) -> Self {
        Self {
            committee,
            players,
            villages: Vec::new(),
            youths: Vec::new(),
        }
    }
}

/// A county: its own team first, then its towns'. The city's has its own alone.
#[derive(Clone, Debug)]
pub struct Troupe {
    pub teams: Vec<Team>,
    pub habit: Habit,
    pub is_mongolian: bool,
}

impl Troupe {
    pub fn new(teams: Vec<Team>, habit: Habit) -> Self {
        let is_mongolian = teams[0].committee.place_name == "塔拉旗";
        Self {
            teams,
            habit,
            is_mongolian,
        }
    }
}

const ENTERPRISES: [&str; 6] = [
    "清川云雀智能科技有限公司",
    "高山茶叶专业合作社",
    "窑火陶瓷股份有限公司",
    "蓝鲸外卖配送站",
    "水乡农业发展有限公司",
    "草原牧歌乳业有限公司",
];
const HOMES: [&str; 4] = [
    "春江社区青年之家",
    "茶山青年之家",
    "窑湾青年之家",
    "小满青年空间",
];

/// Makes the visit; 1 when it was made.
pub async fn go(
    site: &Arc<Site>,
    troupe: &Troupe,
    towns: &[Team],
    outing: Outing,
    chance: &mut Chance,
) -> Result<usize> {
    let team = &troupe.teams[outing.team.min(troupe.teams.len() - 1)];
    let gone = outing.at > leaving(site);
    let fit: Vec<&Player> = team.players.iter().filter(|p| !(p.left && gone)).collect();
    let lead = fit[chance.below(fit.len())];
    // The county and the city go to a town of theirs.
    let host = if team.committee.level == 5 {
        team
    } else if troupe.teams.len() > 1 {
        &troupe.teams[1 + chance.below(troupe.teams.len() - 1)]
    } else {
        chance.pick(towns)
    };
    let mut cadres = Vec::new();
    if fit.len() > 1 && chance.percent(40) {
        cadres.extend(chance.some(&fit, 2).iter().map(|p| p.cadre()));
    }
    if team.committee.level == 5 && chance.percent(12) {
        cadres.push(chance.pick(&troupe.teams[0].players).cadre());
    }
    cadres.retain(|id| *id != lead.cadre());
    cadres.dedup();
    let visit = visit(chance, outing.at, host, cadres, site.settings.night_start);
    // Written down when the talk is over, but never after now.
    let written = (outing.at + TimeDelta::minutes(70)).min(site.clock.now());
    let scope = lead.at(site, written);
    let visit = &visit;
    let outcome = scope
        .work(async |db| visits::record(db, visit).await)
        .await?;
    Ok(usize::from(outcome == Outcome::Added))
}

/// The end of June of this year.
fn leaving(site: &Site) -> DateTime<Utc> {
    use chrono::{Datelike, NaiveDate};
    let year = local(site.clock.now()).year();
    let day = NaiveDate::from_ymd_opt(year, 6, 30).unwrap_or_default();
    crate::kit::clock::start_of(day)
}

fn visit(
    chance: &mut Chance,
    at: DateTime<Utc>,
    host: &Team,
    cadres: Vec<crate::platform::ids::CadreId>,
    night_start: u8,
) -> NewVisit {
    let id = VisitId(uuid_at(chance, at));
    let (night, _) = evening_of(at, night_start);
    let unmet = chance.percent(8);
    let (kind, mode, organisation) = place(chance, night);
    let met = match kind {
        _ if unmet => 0,
        PlaceKind::YouthHome => 5 + chance.below(5),
        PlaceKind::Home => 1 + chance.below(3),
        _ => 2 + chance.below(4),
    };
    let youths = chance.some(&host.youths, met);
    let village = (!host.villages.is_empty()).then(|| chance.pick(&host.villages).clone());
    let name = village
        .as_ref()
        .map_or(host.committee.place_name.clone(), |v| v.name.clone());
    let problems = problems(chance, &youths);
    let about = problems.first().map_or("近况", |p| p.category.label());
    let content = words::note(chance, local(at).time(), &name, youths.len(), about);
    NewVisit {
        id,
        when: When::of(at, night_start),
        minutes: Some(*chance.pick(&[30, 60, 60, 120])),
        site: visits::Site {
            kind,
            mode,
            village: village.as_ref().map(|v| v.committee),
            organisation,
            text: village.is_none().then(|| host.committee.place_name.clone()),
        },
        people: people(chance, id, youths, unmet, cadres),
        companions: None,
        content,
        mood: None,
        late_reason: None,
        is_night_by_hand: false,
        problems,
        fingerprint: id.to_string(),
        is_confirmed: true,
    }
}

fn people(
    chance: &mut Chance,
    id: VisitId,
    youths: Vec<YouthId>,
    unmet: bool,
    cadres: Vec<crate::platform::ids::CadreId>,
) -> People {
    let mut newcomers = Vec::new();
    if !unmet && chance.percent(12) {
        newcomers.push(Newcomer {
            id: YouthId(id.part("n", 1)),
            name: words::name(chance, false).0,
            phone: None,
            groups: vec!["QT".to_owned()],
            needs_help: false,
            consent: Consent::Told,
        });
    }
    let walkins = if !unmet && chance.percent(15) {
        i32::try_from(1 + chance.below(4)).unwrap_or(1)
    } else {
        0
    };
    People {
        youths,
        newcomers,
        walkins,
        unmet: unmet.then(|| *chance.pick(&[Unmet::NobodyHome, Unmet::Away, Unmet::Missed])),
        cadres,
    }
}

fn place(chance: &mut Chance, night: bool) -> (PlaceKind, Mode, Option<(Kind, String)>) {
    let draw = chance.below(100);
    let named = |kind, name: &&str| Some((kind, (*name).to_owned()));
    match (night, draw) {
        (true, 0..60) => (PlaceKind::Home, Mode::Home, None),
        (true, 60..78) | (false, 0..20) => {
            let home = named(Kind::YouthHome, chance.pick(&HOMES));
            (PlaceKind::YouthHome, Mode::YouthHome, home)
        }
        (true, 78..90) | (false, 20..50) => {
            let firm = named(Kind::Enterprise, chance.pick(&ENTERPRISES));
            (PlaceKind::Enterprise, Mode::Enterprise, firm)
        }
        _ => (PlaceKind::Community, Mode::Village, None),
    }
}

fn problems(chance: &mut Chance, youths: &[YouthId]) -> Vec<NewProblem> {
    if youths.is_empty() || !chance.percent(62) {
        return Vec::new();
    }
    let n = 1 + chance.below(2);
    (1..=n)
        .map(|number| {
            let demand = words::demand(chance);
            let by = match chance.below(100) {
                0..45 => By::Me,
                45..85 => By::Own,
                _ => By::Above,
            };
            NewProblem {
                number,
                detail: demand.detail.replace(',', "，"),
                category: Category::from_code(&demand.category).unwrap_or(Category::Other),
                by,
                urgency: Urgency::from_code(&demand.urgency).unwrap_or(Urgency::Usual),
                youth: Some(*chance.pick(youths)),
            }
        })
        .collect()
}

/// A voided visit, two who left, what users said and were answered.
pub async fn epilogue(site: &Arc<Site>, troupes: &[Troupe], now: DateTime<Utc>) -> Result<()> {
    let mut chance = Chance::new(77);
    let town = &troupes[1].teams[1];
    let author = &town.players[1 % town.players.len()];
    let mut wrong = visit(&mut chance, now - TimeDelta::days(3), town, Vec::new(), 18);
    wrong.people.youths.truncate(1);
    wrong.problems.clear();
    let scope = author.at(site, now - TimeDelta::days(3) + TimeDelta::hours(1));
    let wrong = &wrong;
    scope
        .work(async |db| visits::record(db, wrong).await)
        .await?;
    scope
        .work(async |db| visits::void(db, wrong.id, "记到了别的村，重新记了一次").await)
        .await?;
    for team in troupes.iter().flat_map(|troupe| &troupe.teams) {
        for player in team.players.iter().filter(|player| player.left) {
            leave(site, team, player).await?;
        }
    }
    say(site, troupes, now).await
}

async fn leave(site: &Arc<Site>, team: &Team, player: &Player) -> Result<()> {
    let day = leaving(site);
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
