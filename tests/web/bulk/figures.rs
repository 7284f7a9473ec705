//! One truth per figure over many rows: page, rows behind it, roll-up and Excel say the same, at
//! cities of several tenants and below them; and a province is the sum of its cities.

use std::collections::BTreeMap;

use qingting::committees::Committee;
use qingting::figures::rollup;
use qingting::kit::clock::local;

use super::{Loaded, Places, n};
use crate::harness::Browser;
use crate::reports::sheet_of;

/// Pages of rows that are turned; a large database has more.
const PAGES: usize = 8;

pub async fn page_rows_roll_up_and_excel_agree(loaded: &mut Loaded) {
    let places = Places::of(loaded).await;
    let today = local(loaded.site.clock.now()).date();
    let period = format!("from={}-01-01&to={today}", today.format("%Y"));
    let (mut compared, mut rows) = (0, 0);
    for at in [
        &places.city,
        &places.other,
        &places.county,
        &places.sibling,
        &places.town,
    ] {
        let secretary = loaded.secretary(at).await;
        let excel = excel(&secretary, &period).await;
        let table = secretary.get(&format!("/reports/year-end?{period}")).await;
        let table = table.text.replace("&#38;", "&").replace("&amp;", "&");
        for code in rollup::METRICS {
            let rolled = rolled_up(loaded, at, code, &period[5..15]).await;
            let what = format!("{code} at {}", at.full_name);
            assert_eq!(excel.get(code), Some(&rolled), "Excel: {what}");
            let link = format!("/figures/{code}?committee={}&{period}\">", at.id);
            let cell = table.split(&link).nth(1);
            let cell = cell.unwrap_or_else(|| panic!("no link {link}: {table}"));
            assert_eq!(number(cell), rolled, "the table: {what}");
            rows += behind(
                &secretary,
                &format!("/figures/{code}?committee={}&{period}", at.id),
                rolled,
            )
            .await;
            compared += 1;
        }
    }
    provinces_are_sums(loaded, &period[5..15]).await;
    println!(
        "{compared} figures of what was copied: page == rows == roll-up == Excel, {rows} rows read"
    );
}

/// The first number of a text: 1,234.
fn number(text: &str) -> i64 {
    let digits = text.chars().take_while(|c| c.is_ascii_digit() || *c == ',');
    let digits: String = digits.filter(|c| *c != ',').collect();
    digits
        .parse()
        .unwrap_or_else(|_| panic!("no number: {text:.60}"))
}

async fn excel(who: &Browser, period: &str) -> BTreeMap<String, i64> {
    let file = who.get(&format!("/reports/year-end.xlsx?{period}")).await;
    file.is(200);
    let rows = sheet_of(&file.bytes, "主要指标").into_iter();
    let counts = rows.filter_map(|row| Some((row[0].clone(), row[3].parse().ok()?)));
    counts.collect()
}

/// The rows behind a figure are as many as it says; gives how many were read.
async fn behind(who: &Browser, address: &str, wanted: i64) -> usize {
    let (mut next, mut read) = (Some(address.to_owned()), 0);
    for _ in 0..PAGES {
        let Some(address) = next else { break };
        let page = who.get(&address).await;
        page.is(200);
        let total = page.text.split("共 ").nth(1).expect("a total");
        assert_eq!(number(total), wanted, "{address}");
        read += page.text.matches("class=\"row\"").count();
        let mut links = page.text.split('"').filter(|part| part.contains("after="));
        next = links
            .next_back()
            .map(|link| link.replace("&#38;", "&").replace("&amp;", "&"));
    }
    if next.is_none() {
        assert_eq!(i64::try_from(read), Ok(wanted), "{address}");
    }
    read
}

async fn rolled_up(loaded: &mut Loaded, at: &Committee, code: &str, from: &str) -> i64 {
    let sql = format!(
        "select coalesce(sum(n), 0)::bigint from stats where committee_id = {} and metric = '{code}'
             and period = 'year' and starts_on = '{from}'",
        at.id
    );
    n(&mut loaded.owner, &sql).await
}

/// What a city has counted once no other city has: so a province adds up.
async fn provinces_are_sums(loaded: &mut Loaded, from: &str) {
    for code in rollup::METRICS {
        let of = |level: i16| {
            format!(
                "select coalesce(sum(s.n), 0)::bigint from stats s
                 join committees k on k.id = s.committee_id and k.level = {level} and k.id = k.tenant_id
                 where s.metric = '{code}' and s.period = 'year' and s.starts_on = '{from}'"
            )
        };
        let province = n(&mut loaded.owner, &of(2)).await;
        let cities = n(&mut loaded.owner, &of(3)).await;
        assert_eq!(province, cities, "{code} of the province");
        // A province that is copied has no villages below its towns.
        assert!(cities > 0 || code == "C04", "{code}: nothing is counted");
    }
}
