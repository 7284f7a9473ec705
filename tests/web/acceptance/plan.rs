//! What the data says of each unit, and the committees of the real divisions that it happens at.

use std::sync::Arc;

use chrono::{Days, Months, NaiveDate};
use qingting::accounts::hasher::Hasher;
use qingting::committees::{Committee, planting, store};
use qingting::platform::scope::Role;
use qingting::platform::transaction::ScopedTx;
use serde_json::Value;

use super::rows::day;
use crate::harness::people::{Newcomer, PASSWORD, join};
use crate::harness::{Browser, Town};

const YEAR: &str = include_str!("huzhou.json");
const MONTHS: &str = include_str!("unit_month.csv");

#[derive(Clone, Copy)]
pub struct Place {
    pub id: i32,
    pub scope: i64,
}

impl Place {
    fn of(committee: &Committee) -> Self {
        Self {
            id: committee.id.0,
            scope: committee.code_lo,
        }
    }
}

/// 市本级 is the first; a county.
pub struct Unit {
    pub code: String,
    pub committee: Committee,
    pub place: Place,
    pub towns: Vec<Place>,
    pub villages: Vec<(Place, String)>,
    pub cadres: usize,
    pub sessions: i64,
    pub orgs: usize,
    pub problems: usize,
    pub months: Vec<Month>,
    /// Signed in as its 书记; the first is the city's.
    pub browser: Browser,
}

pub struct Month {
    first: NaiveDate,
    pub sessions: usize,
    pub evenings: usize,
}

impl Month {
    /// Spread over the month, its first and last day among them.
    pub fn evenings(&self) -> Vec<NaiveDate> {
        let days = (self.first + Months::new(1) - self.first).num_days() - 1;
        let days = usize::try_from(days).expect("a month");
        let gaps = self.evenings - 1;
        (0..self.evenings)
            .map(|n| self.first + Days::new(u64::try_from(n * days / gaps).expect("a month")))
            .collect()
    }
}

pub fn expected() -> Value {
    let year: Value = serde_json::from_str(YEAR).expect("JSON");
    year["expected_city"].clone()
}

/// 湖州 planted as it is, and the plan of each unit.
pub async fn units(town: &Town) -> Vec<Unit> {
    let city = plant(town).await;
    let year: Value = serde_json::from_str(YEAR).expect("JSON");
    let phc = Hasher::start().hash(PASSWORD).await.expect("a hash");
    let phc = Arc::new(phc);
    let mut units = Vec::new();
    for (index, row) in year["units"].as_array().expect("units").iter().enumerate() {
        let code = row["code"].as_str().expect("a code").to_owned();
        let division = code.parse::<i64>().expect("a code") * 1_000_000;
        let (committee, towns, villages) = town
            .scope("operator")
            .look(async |db| below(db, division).await)
            .await
            .expect("committees");
        let new = Newcomer {
            name: "闻人语",
            phone: format!("1993333333{index}"),
            role: Role::Secretary,
            post: "书记",
            home: committee.ground(),
        };
        let person = join(&town.site, new, &phc).await;
        let number =
            |name: &str| usize::try_from(row[name].as_u64().expect("a number")).expect("few");
        let is_city = committee.id == city.id;
        units.push(Unit {
            place: Place::of(&committee),
            towns: if is_city { Vec::new() } else { towns },
            villages,
            cadres: number("cadres_in_scope"),
            sessions: row["sessions"].as_i64().expect("a number"),
            orgs: number("distinct_orgs_visited"),
            problems: number("problems_registered"),
            months: months(&code),
            browser: Browser::of_session(town.router(), &person.token),
            committee,
            code,
        });
    }
    units
}

async fn plant(town: &Town) -> Committee {
    town.scope("operator")
        .work(async |db| {
            let since = day("2016-01-01");
            let centre = store::at_code(db, 0).await?.expect("the centre");
            let province = planting::single(330_000_000_000).expect("a province");
            let province = store::plant(db, Some(&centre), &[province], since).await?[0];
            let province = store::get(db, province).await?.expect("a province");
            let plan = planting::plan(330_500_000_000).expect("a city");
            let city = store::plant(db, Some(&province), &plan, since).await?[0];
            let city = store::get(db, city).await?.expect("a city");
            Ok(db.unchanged(city))
        })
        .await
        .expect("湖州")
}

type Below = (Committee, Vec<Place>, Vec<(Place, String)>);

/// A committee, its towns and, of a county, its villages.
async fn below(db: &mut ScopedTx, division: i64) -> qingting::platform::Result<Below> {
    let committee = store::by_division(db, division)
        .await?
        .expect("a committee");
    let towns = store::children(db, committee.id).await?;
    let ids: Vec<_> = towns.iter().map(|town| town.id).collect();
    let nodes = if committee.level == 4 {
        store::children_of(db, &ids).await?
    } else {
        Vec::new()
    };
    let mut villages = Vec::new();
    for node in nodes {
        let village = store::get(db, node.id).await?.expect("a village");
        villages.push((Place::of(&village), village.place_name));
    }
    Ok((committee, towns.iter().map(Place::of).collect(), villages))
}

fn months(code: &str) -> Vec<Month> {
    let mine = MONTHS.lines().skip(1).filter(|line| line.starts_with(code));
    let month = |line: &str| {
        let cells: Vec<&str> = line.trim().split(',').collect();
        Month {
            first: day(&format!("{}-01", cells[2])),
            sessions: cells[3].parse().expect("a number"),
            evenings: cells[4].parse().expect("a number"),
        }
    };
    mine.map(month).collect()
}
