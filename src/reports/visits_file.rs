//! The list of visits as an Excel file: read in batches, written while it is read, so that memory
//! stays flat however many there are.

use std::fs::File;

use tokio::sync::mpsc;
use uuid::Uuid;

use super::store::{self, VisitRow};
use crate::kit::clock::{iso_date, local, start_of};
use crate::kit::period::Period;
use crate::kit::table::{Cell, Column};
use crate::kit::xlsx::{Book, XlsxFault};
use crate::platform::ids::TenantId;
use crate::platform::paging::Mark;
use crate::platform::scope::Scope;
use crate::platform::{Error, Result};
use crate::visits::Mode;

const BATCH: i64 = 2000;

/// Reads what the scope may see and writes it; the file stands at its beginning.
pub async fn write(scope: &Scope, period: Period) -> Result<File> {
    let (send, receive) = mpsc::channel::<Vec<VisitRow>>(2);
    let now = scope.now();
    let writing = tokio::task::spawn_blocking(move || write_all(receive, now));
    let tenants = scope.look_long(store::tenants).await?;
    for tenant in tenants {
        if !read(scope, tenant, period, &send).await? {
            // The writer ends early only with a fault, which is met below.
            break;
        }
    }
    drop(send);
    let file = writing.await.map_err(Error::bug)?;
    file.map_err(Error::bug)
}

/// The visits of one tenant; false when nobody takes them any more.
async fn read(
    scope: &Scope,
    tenant: TenantId,
    period: Period,
    send: &mpsc::Sender<Vec<VisitRow>>,
) -> Result<bool> {
    let mut after = Mark {
        at: start_of(period.from()),
        id: Uuid::nil(),
    };
    loop {
        let rows = scope
            .look_long(async |db| store::visits(db, tenant, period, after, BATCH).await)
            .await?;
        let Some(last) = rows.last() else {
            return Ok(true);
        };
        after = Mark {
            at: last.started_at,
            id: last.id,
        };
        let done = rows.len() < usize::try_from(BATCH).unwrap_or(usize::MAX);
        if send.send(rows).await.is_err() {
            return Ok(false);
        }
        if done {
            return Ok(true);
        }
    }
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
