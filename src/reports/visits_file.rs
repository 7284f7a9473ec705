//! The list of visits as an Excel file: written while it is read, so that memory stays flat however many
//! there are.

use std::fs::File;

use futures_util::TryStreamExt;
use tokio::sync::mpsc;

use super::store::{self, VisitRow};
use crate::kit::clock::{iso_date, local};
use crate::kit::period::Period;
use crate::kit::table::{Cell, Column};
use crate::kit::xlsx::{Book, XlsxFault};
use crate::platform::scope::Scope;
use crate::platform::{Error, Result};
use crate::visits::Mode;

/// Rows handed over at once; the database waits when two such lots are not yet written.
const LOT: usize = 500;

/// Reads what the scope may see and writes it; the file stands at its beginning. A reading that is done
/// again, because the database went away, begins a new file.
pub async fn write(scope: &Scope, period: Period) -> Result<File> {
    let now = scope.now();
    scope
        .look_long(async |db| {
            let (send, receive) = mpsc::channel::<Vec<VisitRow>>(2);
            let writing = tokio::task::spawn_blocking(move || write_all(receive, now));
            for tenant in store::tenants(db).await? {
                let mut lots = store::visits(db, tenant, period).try_chunks(LOT);
                while let Some(lot) = lots.try_next().await.map_err(|fault| fault.1)? {
                    if send.send(lot).await.is_err() {
                        // The writer ends early only with a fault, which is met below.
                        break;
                    }
                }
            }
            drop(send);
            let file = writing.await.map_err(Error::bug)?;
            file.map_err(Error::bug)
        })
        .await
}

fn write_all(
    mut rows: mpsc::Receiver<Vec<VisitRow>>,
    now: chrono::DateTime<chrono::Utc>,
) -> std::result::Result<File, XlsxFault> {
    let mut book = Book::new(now)?;
    book.sheet("走访", &columns())?;
    while let Some(batch) = rows.blocking_recv() {
        for row in &batch {
            book.row(&cells(row))?;
        }
    }
    book.finish()
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("no", "编号"),
        Column::text("committee", "单位"),
        Column::text("started", "开始时间"),
        Column::text("evening", "计入日期"),
        Column::text("night", "夜访"),
        Column::text("mode", "走访方式"),
        Column::text("place", "地点"),
        Column::text("lead", "主访人"),
        Column::number("headcount", "访谈青年", "人"),
        Column::number("walkins", "其中未登记", "人"),
    ]
}

fn cells(row: &VisitRow) -> Vec<Cell> {
    let started = local(row.started_at).format("%Y-%m-%d %H:%M").to_string();
    vec![
        Cell::text(row.no.as_str()),
        Cell::text(row.committee.as_str()),
        Cell::text(started),
        Cell::text(iso_date(row.evening)),
        Cell::text(if row.is_night { "是" } else { "" }),
        Cell::text(Mode::from_code(&row.mode).map_or("", |mode| mode.label())),
        Cell::text(row.place.as_str()),
        Cell::text(row.lead.as_str()),
        Cell::int(i64::from(row.headcount)),
        Cell::int(i64::from(row.walkins)),
    ]
}
