//! A generated year: matters of four committees in every state, some handed to another county, judged,
//! reopened, followed up, merged. On each level the heading of each figure, the rows that it opens, the
//! roll-up, the year-end table and its Excel say what was counted by hand while it was generated.

mod acts;
mod lives;

use chrono::NaiveDate;
use qingting::kit::clock::Clock;

use super::figures::on;
use crate::figures::{Days, LEVELS, address, behind, between, catch_up, rolled_up};
use crate::reports::{cell_of, sheet_of};
use crate::walls::{as_owner, texts};
use lives::READ;
pub use lives::generate;

#[tokio::test]
async fn each_figure_is_its_rows_and_what_the_hand_counts_on_every_level() {
    let mut year = generate().await;
    // Nobody follows up the city's own closings, see `alone`.
    for known in year.all.iter_mut().filter(|it| it.key == "city_secretary") {
        known.follow_ups.clear();
        if let Some(closed) = &mut known.closed {
            closed.3 = false;
        }
    }
    let now = year.towns[0].later(Clock::fixed(on(READ))).await;
    catch_up(&now).await;
    let states = "select count(distinct state)::text from issues";
    let mut owner = as_owner(&now.database).await;
    assert_eq!(texts(&mut owner, states).await, ["15"]);
    let periods = [
        Days("2026-01-01", "2026-12-31"),
        Days("2027-01-01", "2027-01-20"),
    ];
    let codes = [
        "D01", "D02", "D03", "D04", "D04A", "D05", "D07", "D07A", "D08", "D08A", "D08B", "D10",
        "D10A", "D11",
    ];
    let mut compared = 0;
    for (place, who) in LEVELS {
        let browser = super::today(&now, who).await;
        for days in periods {
            let [from, to] = [days.0, days.1].map(|day| day.parse::<NaiveDate>().expect("a day"));
            let query = days.query();
            let page = browser.get(&format!("/reports/year-end?{query}")).await;
            let file = browser
                .get(&format!("/reports/year-end.xlsx?{query}"))
                .await;
            for code in codes {
                let (n, d) = year.by_hand(code, place, from, to);
                let link = address(&now, code, place, days);
                let found = behind(&browser, &link).await;
                let at = format!("{code} at {place}, {days:?}: {}", found.figure);
                let printed = d.map_or(n.to_string(), |d| format!("{n}／{d}"));
                let says = |text: String| found.figure.contains(&text);
                assert!(
                    says(format!(" {printed} "))
                        || says(format!("（{printed}）"))
                        || says(format!(" {printed}")),
                    "{at} is not {printed}"
                );
                assert_eq!(found.total, n, "{at}");
                assert_eq!(i64::try_from(found.rows.len()), Ok(n), "{at}");
                let it = qingting::figures::dictionary::get(code).expect("a figure");
                let cell = if place == "own" {
                    cell_of(&file.bytes, it.group, "清川市本级", it.name)
                } else {
                    let rows = sheet_of(&file.bytes, "主要指标");
                    let row = rows.iter().find(|row| row[0] == code);
                    row.expect("a row")[3].clone()
                };
                let wanted = crate::figures::in_excel(n, d);
                assert_eq!(cell, wanted, "{at}");
                let link = link.replace('&', "&#38;");
                between(&page.text, &format!("href=\"{link}\">"), "</a>");
                if days.0 == "2026-01-01" && qingting::figures::rollup::METRICS.contains(&code) {
                    assert_eq!(rolled_up(&now, place, code, "year").await, n, "{at}");
                }
                compared += 1;
            }
            // What was open on the first day and what came since is what there was to do.
            let sum = ["D01", "D11"].map(|code| year.by_hand(code, place, from, to).0);
            assert_eq!(
                sum.iter().sum::<i64>(),
                year.by_hand("D04A", place, from, to).0
            );
        }
    }
    println!("{compared} figures of {} matters", year.all.len());
}
