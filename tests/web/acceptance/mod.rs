//! 湖州年: a whole year of a real city, whose figures are known beforehand (domain.md §3.6), with all its
//! traps: joint nights, day visits, doubles, voided visits, midnight, merged villages, villages visited
//! by two committees, cadres with two posts, those who left, 兼职 that are not bound.
//!
//! Left out are the figures of what is not built yet: B01, B02 (青年之友), B09, B10 (结对), D02 (解决的问题),
//! the Word text and the frozen report. Where the data says that a visit at 00:10 on 1 June 2018 lies
//! outside the year, the product's rule of evenings stands: it is the evening of 31 May, so it lies inside,
//! and one at 00:10 on 1 June 2017 lies outside.

mod load;
mod plan;
mod rows;

use std::collections::BTreeSet;

use qingting::figures::rollup;
use qingting::platform::scope::Scope;

use crate::figures::{behind, between};
use crate::harness::Town;
use crate::reports::{cell_of, sheet_of};
use plan::{Unit, expected, units};
use rows::{Counted, Writer};

const PERIOD: &str = "from=2017-06-01&to=2018-05-31";

/// Indicator, sheet and column of the Excel file.
const SHOWN: [(&str, &str, &str); 9] = [
    ("A07", "组织", "团干部数"),
    ("A08", "组织", "应绑定团干部数"),
    ("C01", "走访", "团干部参加走访人次"),
    ("C02", "走访", "访谈夜场次"),
    ("C03", "走访", "走访基层团组织数"),
    ("C04", "走访", "走访村（社区）数"),
    ("C07", "走访", "集中夜访晚次"),
    ("C09", "走访", "参与夜访团干部数"),
    ("D01", "诉求", "收集诉求数"),
];

/// What the data says, and beside it what was counted while writing.
fn wanted(code: &str, units: &[Unit], counted: &[Counted], one: Option<usize>) -> i64 {
    let city = expected();
    let of = |index: usize| {
        let (unit, it) = (&units[index], &counted[index]);
        let n = |n: usize| i64::try_from(n).expect("few");
        match code {
            "A07" => it.cadres,
            "A08" => n(unit.cadres),
            "C01" => it.attendances,
            "C02" => unit.sessions,
            "C03" => n(unit.orgs),
            "C04" => n(it.villages.len()),
            "C07" => n(unit.months.iter().map(|month| month.evenings).sum()),
            "C09" => n(it.night_cadres.len()),
            "D01" => n(unit.problems),
            other => panic!("{other}"),
        }
    };
    let all = 0..units.len();
    match (code, one) {
        (_, Some(index)) => of(index),
        // 2325 on nights, 300 by day.
        ("C01", None) => 2325 + 300,
        ("A08" | "C02" | "C03" | "D01", None) => city[code].as_i64().expect("a number"),
        ("C04", None) => {
            let villages = counted.iter().flat_map(|it| &it.villages);
            i64::try_from(villages.collect::<BTreeSet<_>>().len()).expect("few")
        }
        _ => all.map(of).sum(),
    }
}

#[tokio::test]
async fn the_year_of_a_city_is_what_it_was() {
    let town = Town::new().await;
    let units = units(&town).await;
    let tenant = units[0].committee.id.0;
    let mut writer = Writer::new(tenant, &units);
    writer.write();
    let counted = writer.load(&town.database.owner).await;
    let city = Scope::of_ticker(town.site.clone(), units[0].committee.ground());
    rollup::refresh_all(&city).await.expect("roll-ups");
    assert_eq!(units.iter().map(|unit| unit.orgs).sum::<usize>(), 1061);
    assert_eq!(wanted("A08", &units, &counted, None), 250);
    assert_eq!(wanted("C02", &units, &counted, None), 2013);
    assert_eq!(wanted("C03", &units, &counted, None), 1053);
    assert_eq!(wanted("D01", &units, &counted, None), 5498);
    pages_and_files(&units, &counted).await;
    rows_and_roll_ups(&town, &units, &counted).await;
    unit_months_and_shares(&units, &counted).await;
}

fn address(unit: &Unit, code: &str, own: &str) -> String {
    format!(
        "/figures/{code}?committee={}&{PERIOD}{own}",
        unit.committee.id
    )
}

/// The city's page with its rows by unit, the five county pages, and the Excel file of each.
async fn pages_and_files(units: &[Unit], counted: &[Counted]) {
    for (index, unit) in units.iter().enumerate() {
        let page = unit
            .browser
            .get(&format!("/reports/year-end?{PERIOD}"))
            .await;
        let file = unit
            .browser
            .get(&format!("/reports/year-end.xlsx?{PERIOD}"))
            .await;
        let summary = sheet_of(&file.bytes, "主要指标");
        let one = (index > 0).then_some(index);
        for (code, sheet, column) in SHOWN {
            let number = wanted(code, units, counted, one);
            let row = summary.iter().find(|row| row[0] == code);
            assert_eq!(
                row.expect("a row")[3],
                number.to_string(),
                "{code} {}",
                unit.code
            );
            on_page(&page.text, &address(unit, code, ""), number);
            if one.is_some() {
                continue;
            }
            // By unit, as the city's table has them.
            for (at, below) in units.iter().enumerate() {
                let number = wanted(code, units, counted, Some(at));
                let own = ["&own=1", ""][usize::from(at > 0)];
                let name = &below.committee.place_name;
                let row = [format!("{name}本级"), name.clone()][usize::from(at > 0)].clone();
                let cell = cell_of(&file.bytes, sheet, &row, column);
                assert_eq!(cell, number.to_string(), "{code} {row}");
                on_page(&page.text, &address(below, code, own), number);
            }
        }
    }
}

fn on_page(page: &str, link: &str, number: i64) {
    let link = format!("href=\"{}\">", link.replace('&', "&#38;"));
    let shown = between(page, &link, "</a>").replace(',', "");
    assert_eq!(shown, number.to_string(), "{link}");
}

/// Each number opens as many rows; what adds up by month does so in the roll-ups.
async fn rows_and_roll_ups(town: &Town, units: &[Unit], counted: &[Counted]) {
    for (index, unit) in units.iter().enumerate() {
        let one = (index > 0).then_some(index);
        for (code, _, _) in SHOWN {
            let number = wanted(code, units, counted, one);
            let address = address(unit, code, "");
            let found = behind(&unit.browser, &address).await;
            let rows = i64::try_from(found.rows.len()).expect("few");
            assert_eq!(
                (found.total, rows),
                (number, number),
                "{code} {}",
                unit.code
            );
            if matches!(code, "C01" | "C02" | "C07" | "D01") {
                assert_eq!(
                    rolled_up(town, unit, code).await,
                    number,
                    "{code} {}",
                    unit.code
                );
            }
        }
    }
}

async fn rolled_up(town: &Town, unit: &Unit, metric: &str) -> i64 {
    use sqlx::{Connection, PgConnection};
    let mut db = PgConnection::connect(&town.database.superuser)
        .await
        .expect("the database");
    sqlx::query_scalar(
        "select coalesce(sum(n), 0)::bigint
         from stats
         where committee_id = $1 and metric = $2 and period = 'month'
             and starts_on between '2017-06-01' and '2018-05-01'",
    )
    .bind(unit.committee.id.0)
    .bind(metric)
    .fetch_one(&mut db)
    .await
    .expect("a sum")
}

/// C08, C10 and the categories.
async fn unit_months_and_shares(units: &[Unit], counted: &[Counted]) {
    let city = &units[0];
    let met = behind(&city.browser, &address(city, "C08", "")).await;
    assert!(met.figure.contains("98.6%（71／72）"), "{}", met.figure);
    assert_eq!(met.rows.len(), 71);
    let short = behind(&city.browser, &address(city, "C08", "&unmet=1")).await;
    assert_eq!(short.rows.len(), 1);
    // 南浔区 in February 2018: the Spring Festival.
    let nanxun = units.iter().find(|unit| unit.code == "330503");
    let nanxun = nanxun.expect("a county");
    let february = format!(
        "/figures/C07?committee={}&from=2018-02-01&to=2018-02-28",
        nanxun.committee.id
    );
    assert_eq!(short.rows[0], february);
    assert_eq!(behind(&nanxun.browser, &february).await.rows.len(), 3);
    let page = nanxun.browser.get(&address(nanxun, "C08", "")).await;
    page.sees("（11／12）");
    let went = |it: &Counted| it.night_cadres.intersection(&it.bound).count();
    let went: usize = counted.iter().map(went).sum();
    assert_eq!(went, 246, "four never went");
    let share = behind(&city.browser, &address(city, "C10", "")).await;
    assert!(
        share.figure.contains("98.4%（246／250）"),
        "{}",
        share.figure
    );
    assert_eq!(share.rows.len(), 246);
    let mut sum = 0;
    for (category, n) in &counted[1].categories {
        let of = format!("{}&category={category}", address(&units[1], "D09", ""));
        assert_eq!(behind(&units[1].browser, &of).await.total, *n);
        sum += n;
    }
    assert_eq!(sum, wanted("D01", units, counted, Some(1)));
}
