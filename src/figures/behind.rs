//! What stands behind a number, row by row: a line to read and the record to open.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::dictionary::{Counted, Rollup};
use super::store::{Ask, Counting};
use super::units::{Unit, UnitMonth, evening_of_key};
use crate::kit::clock::{long_date, time};
use crate::kit::period::Period;
use crate::organisations::{self, OrganisationId};
use crate::platform::ids::CommitteeId;
use crate::platform::transaction::ScopedTx;
use crate::platform::{Error, Result};
use crate::youth::{self, YouthId};

/// A row behind a number.
#[derive(Clone, Debug, Default)]
pub struct Behind {
    /// Empty for who is registered at another committee: not this reader's to know.
    pub title: String,
    pub sub: String,
    /// Empty where there is nothing more to open.
    pub href: String,
    pub day: String,
    pub times: i64,
}

/// Lines for what was counted, in the same order.
pub async fn describe(db: &mut ScopedTx, ask: &Ask, rows: &[Counting]) -> Result<Vec<Behind>> {
    let counted = ask.indicator.counted;
    let keys: Vec<Uuid> = rows.iter().filter_map(|row| row.key.parse().ok()).collect();
    let records: Vec<Uuid> = rows.iter().map(|row| row.row_id).collect();
    let lines = match counted {
        Counted::Visit => visits(db, &records).await?,
        Counted::Youth => youths(db, &keys, rows).await?,
        Counted::Cadre => cadres(db, &keys).await?,
        Counted::Organisation => organisations(db, &keys, rows).await?,
        Counted::Issue => issues(db, &records).await?,
        Counted::Department => departments(&issues(db, &records).await?, rows),
        Counted::Attendance => joined(
            &visits(db, &records).await?,
            &cadres(db, &keys).await?,
            rows,
        ),
        Counted::Meeting => joined(
            &visits(db, &records).await?,
            &youths(db, &keys, rows).await?,
            rows,
        ),
        Counted::UnitEvening => return unit_evenings(db, &ask.unit, rows).await,
        Counted::UnitMonth => return Err(Error::bug("unit-months are described by themselves")),
    };
    let today = db.scope().today();
    let behind = |row: &Counting| {
        let id = match counted {
            Counted::Attendance | Counted::Meeting => row.ident.clone(),
            Counted::Visit | Counted::Issue => row.row_id.to_string(),
            _ => row.key.clone(),
        };
        let line = lines.get(&id).cloned().unwrap_or_default();
        let day = long_date(row.day, today);
        Behind {
            // Of an appointment it is the day on which it began.
            day: match ask.indicator.rollup {
                Rollup::Stock => format!("{day} 起"),
                _ => day,
            },
            times: row.times,
            ..line
        }
    };
    Ok(rows.iter().map(behind).collect())
}

type Lines = HashMap<String, Behind>;

async fn visits(db: &mut ScopedTx, ids: &[Uuid]) -> Result<Lines> {
    let tenant = db.tenant_filter();
    let rows = sqlx::query!(
        r#"select v.id, v.no, v.started_at, k.short_name as committee,
             coalesce(o.name, w.name, k.place_name) as "place!", c.name as "lead?"
         from visits v
         join committees k on k.id = v.committee_id
         left join organisations o on o.tenant_id = v.tenant_id and o.id = v.organisation_id
         left join organisations w on w.tenant_id = v.tenant_id and w.id = v.village_id
         left join cadres c on c.tenant_id = v.tenant_id and c.id = v.author_id
         where ($1::int is null or v.tenant_id = $1) and v.id = any($2)"#,
        tenant,
        ids,
    )
    .fetch_all(db.conn())
    .await?;
    let line = rows.into_iter().map(|row| {
        let lead = row.lead.unwrap_or_default();
        let behind = Behind {
            title: format!("{} {}", row.place, time(row.started_at)),
            sub: format!("{} {lead} · {}", row.committee, row.no),
            href: format!("/visits/{}", row.id),
            ..Behind::default()
        };
        (row.id.to_string(), behind)
    });
    Ok(line.collect())
}

/// Whom the reader has met opens; of the others the visit does, of all of them alike: a row that opens
/// nothing would say who is 困境, 重点 or a minor.
async fn youths(db: &mut ScopedTx, ids: &[Uuid], rows: &[Counting]) -> Result<Lines> {
    let ids: Vec<YouthId> = ids.iter().map(|id| YouthId(*id)).collect();
    let names = youth::store::names(db, &ids).await?;
    let visits: HashMap<&str, Uuid> = rows.iter().map(|it| (it.key.as_str(), it.row_id)).collect();
    let line = names.into_iter().map(|(id, shown)| {
        let key = id.to_string();
        let visit = visits.get(key.as_str()).filter(|_| shown.veiled);
        let behind = Behind {
            title: shown.name,
            href: visit.map_or_else(
                || format!("/youth/{id}"),
                |visit| format!("/visits/{visit}"),
            ),
            ..Behind::default()
        };
        (key, behind)
    });
    Ok(line.collect())
}

async fn cadres(db: &mut ScopedTx, ids: &[Uuid]) -> Result<Lines> {
    let tenant = db.tenant_filter();
    let rows = sqlx::query!(
        r#"select c.id, c.name, k.short_name as committee
         from cadres c
         join committees k on k.id = c.committee_id
         where ($1::int is null or c.tenant_id = $1) and c.id = any($2)"#,
        tenant,
        ids,
    )
    .fetch_all(db.conn())
    .await?;
    let line = rows.into_iter().map(|row| {
        let behind = Behind {
            title: row.name,
            sub: row.committee,
            href: format!("/cadres/{}", row.id),
            ..Behind::default()
        };
        (row.id.to_string(), behind)
    });
    Ok(line.collect())
}

/// A place that was visited opens a visit there: its own page is for admins alone.
async fn organisations(db: &mut ScopedTx, ids: &[Uuid], rows: &[Counting]) -> Result<Lines> {
    let ids: Vec<OrganisationId> = ids.iter().map(|id| OrganisationId(*id)).collect();
    let names = organisations::store::names(db, &ids).await?;
    let visits: HashMap<&str, Uuid> = rows.iter().map(|it| (it.key.as_str(), it.row_id)).collect();
    let line = names.into_iter().map(|(id, name)| {
        let key = id.to_string();
        let visit = visits.get(key.as_str());
        let behind = Behind {
            title: name,
            href: visit.map_or_else(String::new, |id| format!("/visits/{id}")),
            ..Behind::default()
        };
        (key, behind)
    });
    Ok(line.collect())
}

async fn issues(db: &mut ScopedTx, ids: &[Uuid]) -> Result<Lines> {
    let tenant = db.tenant_filter();
    let rows = sqlx::query!(
        r#"select i.id, i.no, i.category, k.short_name as committee
         from issues i
         join committees k on k.id = i.committee_id
         where ($1::int is null or i.tenant_id = $1) and i.id = any($2)"#,
        tenant,
        ids,
    )
    .fetch_all(db.conn())
    .await?;
    let line = rows.into_iter().map(|row| {
        let category = crate::issues::Category::from_code(&row.category);
        let behind = Behind {
            title: category.map_or("", |it| it.label()).to_owned(),
            sub: format!("{} · {}", row.committee, row.no),
            href: format!("/issues/{}", row.id),
            ..Behind::default()
        };
        (row.id.to_string(), behind)
    });
    Ok(line.collect())
}

/// A department opens the last matter that went to it.
fn departments(issues: &Lines, rows: &[Counting]) -> Lines {
    let line = rows.iter().map(|row| {
        let issue = issues.get(&row.row_id.to_string()).cloned();
        let behind = Behind {
            title: row.key.clone(),
            ..issue.unwrap_or_default()
        };
        (row.key.clone(), behind)
    });
    line.collect()
}

/// Somebody on a visit: who, then where and when; the visit is what opens.
fn joined(visits: &Lines, people: &Lines, rows: &[Counting]) -> Lines {
    let line = rows.iter().map(|row| {
        let visit = visits.get(&row.row_id.to_string()).cloned();
        let visit = visit.unwrap_or_default();
        let person = people.get(&row.key).map(|line| line.title.clone());
        let behind = Behind {
            sub: format!("{} · {}", visit.title, visit.sub),
            title: person.unwrap_or_default(),
            ..visit
        };
        (row.ident.clone(), behind)
    });
    line.collect()
}

async fn unit_evenings(db: &mut ScopedTx, asked: &Unit, rows: &[Counting]) -> Result<Vec<Behind>> {
    let keys: Vec<i64> = rows.iter().filter_map(|row| row.key.parse().ok()).collect();
    let whose = whose(db, asked, keys.iter().map(|key| key / 100_000)).await?;
    let today = db.scope().today();
    let line = rows.iter().zip(&keys).map(|(row, key)| {
        let evening = evening_of_key(*key).unwrap_or(row.day);
        let named = whose.get(&(key / 100_000));
        Behind {
            title: named.map(|it| it.name.clone()).unwrap_or_default(),
            sub: String::new(),
            href: href_of(named, "C02", Period::new(evening, evening)),
            day: long_date(evening, today),
            times: row.times,
        }
    });
    Ok(line.collect())
}

/// Unit-months as rows, each opening its evenings.
pub async fn unit_months(
    db: &mut ScopedTx,
    asked: &Unit,
    months: &[UnitMonth],
) -> Result<Vec<Behind>> {
    let whose = whose(db, asked, months.iter().map(|month| month.unit)).await?;
    let this_year = db.scope().today().year();
    let line = months.iter().map(|month| {
        let named = whose.get(&month.unit);
        Behind {
            title: named.map(|it| it.name.clone()).unwrap_or_default(),
            sub: format!("{} 晚", month.evenings),
            href: href_of(named, "C07", Some(month.period)),
            day: month_words(month.month.month, this_year),
            times: i64::from(month.evenings),
        }
    });
    Ok(line.collect())
}

/// 11 月, or 2025 年 11 月 when the year is not this one.
fn month_words(month: NaiveDate, this_year: i32) -> String {
    let words = format!("{} 月", month.month());
    if month.year() == this_year {
        words
    } else {
        format!("{} 年 {words}", month.year())
    }
}

fn href_of(whose: Option<&Whose>, code: &str, period: Option<Period>) -> String {
    let both = whose.zip(period);
    both.map_or_else(String::new, |(it, period)| {
        super::href(code, it.committee, it.own, period)
    })
}

/// The unit that a number of `figure_c07` stands for.
#[derive(Clone)]
struct Whose {
    name: String,
    committee: CommitteeId,
    /// 市本级: its own rows alone.
    own: bool,
}

/// Whoever asked for one unit alone, such as a town, is it. Above, a county has the number of its
/// committee, and a city's own is its 市本级.
async fn whose(
    db: &mut ScopedTx,
    asked: &Unit,
    numbers: impl Iterator<Item = i64>,
) -> Result<HashMap<i64, Whose>> {
    let numbers: Vec<i64> = numbers.collect();
    let codes: Vec<i64> = if asked.is_one() {
        vec![asked.lo]
    } else {
        numbers.iter().map(|number| number * 100_000_000).collect()
    };
    let rows = sqlx::query!(
        r#"select id as "id: CommitteeId", code_lo, level, place_name
         from committees
         where code_lo = any($1)"#,
        &codes,
    )
    .fetch_all(db.conn())
    .await?;
    let mut found = HashMap::new();
    for row in rows {
        let own = if asked.is_one() {
            asked.own
        } else {
            row.level <= 3
        };
        let word = if own { "本级" } else { "" };
        let whose = Whose {
            name: format!("{}{word}", row.place_name),
            committee: row.id,
            own,
        };
        if asked.is_one() {
            found.extend(numbers.iter().map(|number| (*number, whose.clone())));
        } else {
            found.insert(row.code_lo / 100_000_000, whose);
        }
    }
    Ok(found)
}
