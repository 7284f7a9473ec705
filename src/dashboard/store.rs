//! What one page reads: committees, roll-ups of all of them in one query, and who is in office.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use crate::committees::Committee;
use crate::figures::dictionary::EVENINGS;
use crate::figures::rollup::{BY_DAY, Kind, OWN, of_category};
use crate::figures::{Unit, Value, below, dictionary, store, units_of};
use crate::issues::Category;
use crate::kit::period::Period;
use crate::platform::ids::CommitteeId;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};

/// The figures of one committee and of what is below it.
pub struct Figures {
    pub committee: Committee,
    pub below: Vec<Committee>,
    pub units: Vec<Unit>,
    /// 团干部 in office today, by unit; the committee as a whole under its own key.
    pub cadres: HashMap<(CommitteeId, bool), Value>,
    /// Roll-ups are complete up to then.
    pub as_of: DateTime<Utc>,
    /// Units of 集中夜访 (C08) this month, and how many of them have too few evenings yet.
    pub night_units: i64,
    pub short_units: i64,
    stats: Stats,
}

impl Figures {
    /// A figure of a unit in the stretch that `day` lies in.
    pub fn of(&self, unit: &Unit, metric: &str, kind: Kind, day: NaiveDate) -> i64 {
        self.get(unit, metric, kind.code(), kind.start(day))
    }

    /// The same stretch of last year up to today's date.
    pub fn before(&self, unit: &Unit, metric: &str, kind: Kind, today: NaiveDate) -> i64 {
        self.get(unit, metric, kind.last_year(), kind.start(today))
    }

    fn get(&self, unit: &Unit, metric: &str, period: &str, start: NaiveDate) -> i64 {
        let metric = if unit.own {
            format!("{OWN}{metric}")
        } else {
            metric.to_owned()
        };
        let key = (unit.committee, period.to_owned(), start, metric);
        self.stats.get(&key).copied().unwrap_or(0)
    }

    pub fn whole(&self) -> Unit {
        Unit::whole(&self.committee)
    }

    /// 诉求 of each category, in the order of the list, none left out.
    pub fn categories(&self, kind: Kind, today: NaiveDate) -> Vec<(Category, i64)> {
        let whole = self.whole();
        let n = |category: &Category| self.of(&whole, &of_category(*category), kind, today);
        let all = Category::ALL.iter();
        all.map(|category| (*category, n(category))).collect()
    }

    /// 走访青年人次 of each evening of this year that has any.
    pub fn evenings(&self) -> BTreeMap<NaiveDate, i64> {
        let mine = self.stats.iter();
        mine.filter(|((committee, period, _, metric), _)| {
            *committee == self.committee.id && period == "day" && metric == BY_DAY
        })
        .map(|((_, _, day, _), n)| (*day, *n))
        .collect()
    }
}

pub async fn read(db: &mut ScopedTx, committee: Committee, kind: Kind) -> Result<Figures> {
    let today = db.scope().today();
    let asked = Period::new(kind.start(today), today);
    let asked = asked.ok_or_else(|| Error::bug("it began before today"))?;
    let below = below(db, &committee, asked).await?;
    let units = units_of(&committee, &below);
    let mut stats = stats(db, &committee, &below, kind).await?;
    let mut counted = units.clone();
    counted.push(Unit::whole(&committee));
    let a07 = dictionary::get("A07").ok_or_else(|| Error::bug("A07 is missing"))?;
    let day = Period::new(today, today).ok_or_else(|| Error::bug("a day is a period"))?;
    let cadres = store::by_unit(db, a07, &counted, day).await?;
    let month = Kind::Month.start(today);
    let mut fact = |metric: &str| {
        let key = (committee.id, FACT.to_owned(), month, metric.to_owned());
        stats.remove(&key).unwrap_or(0)
    };
    let (night_units, short_units) = (fact(UNITS), fact(SHORT));
    let oldest = DateTime::from_timestamp_micros(fact(OLDEST)).filter(|at| at.timestamp() > 0);
    Ok(Figures {
        as_of: oldest.unwrap_or_else(|| db.now()),
        night_units,
        short_units,
        committee,
        below,
        units,
        cadres,
        stats,
    })
}

/// Rows of the query below that are no roll-up.
const FACT: &str = "fact";
/// How many unit-months C08 knows in this month, and how many of them are short of evenings.
const UNITS: &str = "units";
const SHORT: &str = "short";
/// The oldest change that is not counted yet, in microseconds; 0 when all is counted.
const OLDEST: &str = "oldest";

type Stats = HashMap<(CommitteeId, String, NaiveDate, String), i64>;

/// Roll-ups of the committee and those below, and three facts, in one message. The units are those of
/// `figures::units::months`; what a page counts and what its link opens are compared by a test.
async fn stats(
    db: &mut ScopedTx,
    committee: &Committee,
    below: &[Committee],
    kind: Kind,
) -> Result<Stats> {
    let today = db.scope().today();
    let all = || std::iter::once(committee).chain(below);
    let tenants: Vec<i32> = all().map(|c| c.tenant_id.0).collect();
    let ids: Vec<i32> = all().map(|c| c.id.0).collect();
    let month = Period::month_of(today);
    let (tenant, lo, hi) = (db.tenant_filter(), db.lo(), db.hi());
    // One branch a stretch, so that each walks the primary key: with `or` every row that a committee
    // ever had would be read.
    let rows = sqlx::query!(
        r#"with units as (
             select coalesce(s.n, 0) as n
             from committees k
             left join stats s on s.tenant_id = k.tenant_id and s.committee_id = k.id
                 and s.period = 'month' and s.starts_on = $6
                 and s.metric = case when k.level = 3 then 'own.C07' else 'C07' end
             where k.code_lo between $10 and $11
                 and (k.level = 3 or k.level = 4 and k.kind = 'area')
                 and k.starts_on <= $12 and (k.ends_on is null or k.ends_on > $6))
         select s.committee_id as "committee_id!: CommitteeId", s.period as "period!",
             s.starts_on as "starts_on!", s.metric as "metric!", s.n as "n!"
         from unnest($1::int[], $2::int[]) as u (tenant_id, committee_id)
         join stats s on s.tenant_id = u.tenant_id and s.committee_id = u.committee_id
         where s.period in ($3, $4) and s.starts_on = $5
         union all
         select s.committee_id, s.period, s.starts_on, s.metric, s.n
         from stats s
         where s.tenant_id = $15 and s.committee_id = $7 and s.period = 'month' and s.starts_on = $6
             and s.metric = 'C07'
         union all
         select s.committee_id, s.period, s.starts_on, s.metric, s.n
         from stats s
         where s.tenant_id = $15 and s.committee_id = $7 and s.period = 'month' and s.metric = 'C05'
             and s.starts_on >= $8
         union all
         select s.committee_id, s.period, s.starts_on, s.metric, s.n
         from stats s
         where s.tenant_id = $15 and s.committee_id = $7 and s.period = 'day' and s.metric = 'C06'
             and s.starts_on >= $9
         union all
         select $7, 'fact', $6, 'units', count(*)
         from units
         union all
         select $7, 'fact', $6, 'short', count(*)
         from units
         where n < $13
         union all
         select $7, 'fact', $6, 'oldest',
             coalesce((extract(epoch from min(marked_at)) * 1000000)::bigint, 0)
         from stale_months
         where ($14::int is null or tenant_id = $14) and scope between $10 and $11"#,
        &tenants,
        &ids,
        kind.code(),
        kind.last_year(),
        kind.start(today),
        month.from(),
        committee.id.0,
        Period::ytd(today).same_last_year().from(),
        Kind::Year.start(today),
        lo,
        hi,
        month.to(),
        i64::from(EVENINGS),
        tenant,
        committee.tenant_id.0,
    )
    .fetch_all(db.conn())
    .await?;
    let stat = rows.into_iter().map(|row| {
        (
            (row.committee_id, row.period, row.starts_on, row.metric),
            row.n,
        )
    });
    Ok(stat.collect())
}
