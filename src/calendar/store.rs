//! The years that were typed in, over those that came with the program.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::model::{NewYear, Year};
use crate::kit::workday::Calendar;
use crate::platform::Result;
use crate::platform::site::Site;
use crate::platform::transaction::ScopedTx;

/// Another server may have changed it: not believed for longer.
const BELIEVED: Duration = Duration::from_secs(30);

/// How long after a change every server goes by the new calendar; what counts deadlines again waits so
/// long.
pub const SETTLED: chrono::TimeDelta = chrono::TimeDelta::minutes(1);

/// What was read last, of one site: the same for everybody, and asked for with every deadline.
#[derive(Debug, Default)]
struct Kept(Mutex<Option<(Instant, Arc<Calendar>)>>);

/// After a year was changed on this server; the write has been committed.
pub fn forget(site: &Site) {
    site.shelf.get::<Kept>().keep(None);
}

impl Kept {
    fn get(&self) -> Option<Arc<Calendar>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, calendar) = kept.as_ref()?;
        (at.elapsed() < BELIEVED).then(|| calendar.clone())
    }

    fn keep(&self, calendar: Option<Arc<Calendar>>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = calendar.map(|calendar| (Instant::now(), calendar));
    }
}

/// The calendar that deadlines are counted by. Asks the database at most twice a minute.
pub async fn get(db: &mut ScopedTx) -> Result<Arc<Calendar>> {
    let kept = db.scope().site().shelf.get::<Kept>();
    if let Some(calendar) = kept.get() {
        return Ok(calendar);
    }
    let mut calendar = Calendar::china();
    for year in list(db).await? {
        calendar.set_year(year.year, &year.holidays, &year.workdays);
    }
    let calendar = Arc::new(calendar);
    kept.keep(Some(calendar.clone()));
    Ok(calendar)
}

/// The years that were typed in.
pub async fn list(db: &mut ScopedTx) -> Result<Vec<Year>> {
    let found = sqlx::query_as!(
        Year,
        "select year, holidays, workdays, text, version, changed_at
         from calendar_years
         order by year",
    )
    .fetch_all(db.conn())
    .await?;
    Ok(found)
}

/// When a year was changed last; None: never.
pub async fn changed_at(db: &mut ScopedTx) -> Result<Option<DateTime<Utc>>> {
    let at = sqlx::query_scalar!("select max(changed_at) from calendar_years")
        .fetch_one(db.conn())
        .await?;
    Ok(at)
}

/// Writes a year over the version that was there (0: none). False when somebody was quicker.
pub async fn save(db: &mut ScopedTx, new: &NewYear, version: i32) -> Result<bool> {
    let now = db.now();
    let done = sqlx::query!(
        "insert into calendar_years as y (year, holidays, workdays, text, version, changed_at)
         select $1, $2, $3, $4, 1, $5
         where $6 = 0 or exists (select from calendar_years where year = $1)
         on conflict (year) do update
         set holidays = excluded.holidays, workdays = excluded.workdays, text = excluded.text,
             version = y.version + 1, changed_at = excluded.changed_at
         where y.version = $6",
        new.year,
        &new.holidays,
        &new.workdays,
        new.text,
        now,
        version,
    )
    .execute(db.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
