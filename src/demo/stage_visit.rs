//! One outing: who goes, whom they meet, what is said.

use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

use super::chance::Chance;
use super::evenings::{Habit, Outing};
use super::stage::{Player, uuid_at};
use super::words;
use crate::committees::Committee;
use crate::issues::{Category, Urgency};
use crate::kit::clock::{evening_of, local, start_of};
use crate::organisations::{Kind, Village};
use crate::platform::ids::CadreId;
use crate::platform::scope::Scope;
use crate::platform::site::Site;
use crate::platform::{Error, Result};
use crate::visits::{
    self, By, Mode, NewProblem, NewVisit, Newcomer, Outcome, People, PlaceKind, Unmet, VisitId,
    When,
};
use crate::youth::{self, Consent, YouthId};

/// A committee with those who go out for it, and whom they know.
#[derive(Clone, Debug)]
pub struct Team {
    pub committee: Committee,
    pub players: Vec<Player>,
    pub villages: Vec<Village>,
    /// Firms, school and 青年之家.
    pub houses: Vec<(Kind, String)>,
    pub youths: Vec<YouthId>,
}

impl Team {
    pub fn new(committee: Committee, players: Vec<Player>) -> Self {
        Self {
            committee,
            players,
            villages: Vec::new(),
            houses: Vec::new(),
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

/// What firms and schools are called after the town they stand in.
const ENTERPRISES: [&str; 6] = [
    "高山茶叶专业合作社",
    "窑火陶瓷有限公司",
    "蓝鲸外卖配送站",
    "水乡农业发展有限公司",
    "云雀智能科技有限公司",
    "牧歌食品有限公司",
];

/// The firms, the school and the 青年之家 of a town: its `index` says which firms.
pub fn houses(town: &str, index: usize) -> Vec<(Kind, String)> {
    let stem = ["街道", "苏木", "镇", "乡"];
    let stem = stem.iter().find_map(|end| town.strip_suffix(end));
    let stem = stem.unwrap_or(town);
    let firm = |n: usize| format!("{stem}{}", ENTERPRISES[(index + n) % ENTERPRISES.len()]);
    vec![
        (Kind::YouthHome, format!("{stem}青年之家")),
        (Kind::Enterprise, firm(0)),
        (Kind::Enterprise, firm(3)),
        (Kind::School, format!("{stem}中学")),
    ]
}

/// Makes the visit; 1 when it was made.
pub async fn go(
    site: &Arc<Site>,
    troupe: &Troupe,
    towns: &[Team],
    outing: Outing,
    chance: &mut Chance,
) -> Result<usize> {
    let team = &troupe.teams[outing.team.min(troupe.teams.len() - 1)];
    let gone = outing.at > leaving(site.clock.now());
    let there = |p: &&Player| !(p.left && gone);
    let fit: Vec<&Player> = team.players.iter().filter(there).collect();
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
        let above = troupe.teams[0].players.iter().filter(there);
        cadres.push(chance.pick(&above.collect::<Vec<_>>()).cadre());
    }
    // Somebody of another county comes along to see how it is done here.
    if chance.percent(5) {
        let guest = chance.pick(towns);
        cadres.push(chance.pick(&guest.players).cadre());
    }
    cadres.retain(|id| *id != lead.cadre());
    cadres.sort_unstable();
    cadres.dedup();
    let mut visit = visit(chance, outing.at, host, cadres, site.settings.night_start);
    // Written down when the talk is over, but never after now.
    let written = (outing.at + TimeDelta::minutes(70)).min(site.clock.now());
    let scope = lead.at(site, written);
    unname(&scope, &mut visit).await?;
    let visit = &visit;
    let outcome = scope
        .work(async |db| visits::record(db, visit).await)
        .await?;
    Ok(usize::from(outcome == Outcome::Added))
}

/// Of a committee below nobody chooses the guarded whom he does not know: they are met without a name.
async fn unname(scope: &Scope, visit: &mut NewVisit) -> Result<()> {
    let met = &visit.people.youths;
    let known = scope
        .look(async |db| youth::store::choosable(db, met, &[]).await)
        .await?;
    let is_known = |id: &YouthId| known.iter().any(|one| one.youth == *id);
    let unnamed = met.iter().filter(|id| !is_known(id)).count();
    visit.people.youths.retain(is_known);
    visit.people.walkins += i32::try_from(unnamed).map_err(Error::bug)?;
    for problem in &mut visit.problems {
        problem.youth = problem.youth.filter(is_known);
    }
    Ok(())
}

/// The last end of June.
pub fn leaving(now: DateTime<Utc>) -> DateTime<Utc> {
    let june = |year| NaiveDate::from_ymd_opt(year, 6, 30).unwrap_or_default();
    let year = local(now).year();
    let this = start_of(june(year));
    if this < now {
        this
    } else {
        start_of(june(year - 1))
    }
}

/// 情况 of whoever is met for the first time, by the codes of youth groups.
const CONDITIONS: [&str; 6] = ["NC", "QY", "XJY", "DY", "CY", "XS2"];

const COMPANIONS: [&str; 4] = [
    "驻村第一书记",
    "镇妇联两位同志",
    "大学生志愿者 3 人",
    "农技站技术员",
];

/// A visit there, with all that was drawn for it.
pub fn visit(
    chance: &mut Chance,
    at: DateTime<Utc>,
    host: &Team,
    cadres: Vec<CadreId>,
    night_start: u8,
) -> NewVisit {
    let id = VisitId(uuid_at(chance, at));
    let (night, _) = evening_of(at, night_start);
    let unmet = chance.percent(8);
    let (kind, mode, organisation) = place(chance, host, night);
    let met = match kind {
        _ if unmet => 0,
        PlaceKind::YouthHome => 8 + chance.below(5),
        PlaceKind::Home => 1 + chance.below(5),
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
        companions: chance
            .percent(10)
            .then(|| (*chance.pick(&COMPANIONS)).to_owned()),
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
    cadres: Vec<CadreId>,
) -> People {
    let mut newcomers = Vec::new();
    if !unmet && chance.percent(12) {
        newcomers.push(Newcomer {
            id: YouthId(id.part("n", 1)),
            name: words::name(chance, false).0,
            phone: chance
                .percent(70)
                .then(|| format!("19907{:06}", chance.below(1_000_000))),
            groups: vec![(*chance.pick(&CONDITIONS)).to_owned()],
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

fn place(
    chance: &mut Chance,
    host: &Team,
    night: bool,
) -> (PlaceKind, Mode, Option<(Kind, String)>) {
    let (kind, mode, house) = match (night, chance.below(100)) {
        (true, 0..60) => (PlaceKind::Home, Mode::Home, None),
        (true, 60..78) | (false, 0..20) => {
            (PlaceKind::YouthHome, Mode::YouthHome, Some(Kind::YouthHome))
        }
        (true, 78..90) | (false, 20..50) => (
            PlaceKind::Enterprise,
            Mode::Enterprise,
            Some(Kind::Enterprise),
        ),
        (false, 50..62) => (PlaceKind::School, Mode::School, Some(Kind::School)),
        _ => (PlaceKind::Community, Mode::Village, None),
    };
    let fit: Vec<_> = host
        .houses
        .iter()
        .filter(|(it, _)| Some(*it) == house)
        .collect();
    let house = (!fit.is_empty()).then(|| (*chance.pick(&fit)).clone());
    (kind, mode, house)
}

fn problems(chance: &mut Chance, youths: &[YouthId]) -> Vec<NewProblem> {
    if youths.is_empty() || !chance.percent(95) {
        return Vec::new();
    }
    let n = 1 + chance.below(4);
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
