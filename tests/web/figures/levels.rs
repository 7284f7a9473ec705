//! Each figure on each level, this year and last: heading, rows, roll-up, year-end page and its Excel
//! are what the hand counts.

use qingting::figures::{dictionary, rollup};

use super::hands::{issues, natures};
use super::{Days, LEVELS, POSTS, address, behind, between, by_hand, filled, rolled_up};
use crate::reports::{cell_of, sheet_of};

fn printed(code: &str, place: &str, days: Days) -> String {
    match by_hand(code, place, days) {
        (n, None) => n.to_string(),
        (_, Some(0)) if code == "D06" => "—".into(),
        (n, Some(d)) => format!("{n}／{d}"),
    }
}

#[tokio::test]
async fn heading_rows_roll_up_and_hand_agree() {
    let town = filled().await;
    let mut compared = 0;
    for (place, who) in LEVELS {
        let browser = town.signed_in(who);
        for (days, period) in [(Days::NOW, "year"), (Days::BEFORE, "year_ly")] {
            for it in dictionary::ALL {
                let (code, place) = (it.code, place);
                let wanted = printed(code, place, days);
                let found = behind(&browser, &address(&town, code, place, days)).await;
                let at = format!("{code} at {place}, {days:?}");
                assert!(
                    found.figure.ends_with(&format!(" {wanted}"))
                        || found.figure.contains(&format!(" {wanted} "))
                        || found.figure.contains(&format!("（{wanted}）")),
                    "{at}: {} is not {wanted}",
                    found.figure
                );
                let (n, _) = by_hand(code, place, days);
                assert_eq!(found.total, n, "{at}");
                assert_eq!(i64::try_from(found.rows.len()), Ok(n), "{at}");
                // Only a young person of another committee is not this reader's to open.
                let closed = found.rows.iter().filter(|row| row.is_empty()).count();
                assert!(
                    closed == 0 || matches!(code, "C05"),
                    "{at}: {closed} open nothing"
                );
                if rollup::METRICS.contains(&code) {
                    assert_eq!(rolled_up(&town, place, code, period).await, n, "{at}");
                }
                compared += 1;
            }
        }
    }
    println!("{compared} figures: heading == rows == roll-up == by hand");
}

#[tokio::test]
async fn the_year_end_table_and_its_excel_say_the_same() {
    let town = filled().await;
    for (place, who) in LEVELS {
        let browser = town.signed_in(who);
        let query = Days::NOW.query();
        let page = browser.get(&format!("/reports/year-end?{query}")).await;
        let file = browser
            .get(&format!("/reports/year-end.xlsx?{query}"))
            .await;
        for it in dictionary::ALL.iter().filter(|it| it.code != "D09") {
            for (days, column) in [(Days::NOW, 3), (Days::BEFORE, 4)] {
                let (n, d) = by_hand(it.code, place, days);
                let at = format!("{} at {place}, {days:?}", it.code);
                // 市本级 is a row of its city's tables, for this year alone.
                let cell = if place == "own" {
                    if column == 4 {
                        continue;
                    }
                    cell_of(&file.bytes, it.group, "清川市本级", it.name)
                } else {
                    let rows = sheet_of(&file.bytes, "主要指标");
                    let row = rows.iter().find(|row| row[0] == it.code);
                    row.expect("a row")[column].clone()
                };
                // Where nothing was recorded by then there is nothing to compare with.
                if column == 4 && n == 0 && cell == "—" {
                    continue;
                }
                assert_eq!(cell, in_excel(n, d), "{at}");
                let link = address(&town, it.code, place, days).replace('&', "&#38;");
                let shown = between(&page.text, &format!("href=\"{link}\">"), "</a>");
                assert_eq!(shown, on_paper(n, d), "{at}");
            }
        }
    }
}

/// A rate of a base under ten is written as a count.
pub fn in_excel(n: i64, d: Option<i64>) -> String {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    match d {
        None => n.to_string(),
        Some(0) => "—".into(),
        Some(d) if d >= 10 => (n as f64 / d as f64).to_string(),
        Some(d) => format!("{n}/{d}"),
    }
}

fn on_paper(n: i64, d: Option<i64>) -> String {
    let tenths = |n: i64, d: i64| (n * 2000 + d) / (d * 2);
    match d {
        None => n.to_string(),
        Some(0) => "—".into(),
        Some(d) if d >= 10 => format!("{}.{}%", tenths(n, d) / 10, tenths(n, d) % 10),
        Some(d) => format!("{n}/{d}"),
    }
}

#[tokio::test]
async fn parts_add_up_to_what_they_are_parts_of() {
    let town = filled().await;
    for (place, who) in LEVELS {
        let browser = town.signed_in(who);
        for days in [Days::NOW, Days::BEFORE] {
            let mut sum = 0;
            for category in ["01", "04", "09", "15"] {
                let wanted = issues(category, place, days);
                let of = format!("{}&category={category}", address(&town, "D09", place, days));
                let found = behind(&browser, &of).await;
                assert_eq!(
                    (found.total, i64::try_from(found.rows.len())),
                    (wanted, Ok(wanted))
                );
                sum += wanted;
                // 市本级's categories are on no page of roll-ups.
                if place != "own" {
                    let period = if days.0 == Days::NOW.0 {
                        "year"
                    } else {
                        "year_ly"
                    };
                    let metric = format!("D09.{category}");
                    assert_eq!(rolled_up(&town, place, &metric, period).await, wanted);
                }
            }
            assert_eq!(sum, by_hand("D01", place, days).0);
        }
        for nature in ["full", "seconded", "part"] {
            let wanted = natures(nature, place, Days::NOW);
            let of = format!(
                "{}&nature={nature}",
                address(&town, "A07", place, Days::NOW)
            );
            assert_eq!(
                behind(&browser, &of).await.total,
                wanted,
                "{nature} at {place}"
            );
        }
    }
}

/// Counted once everywhere above, and in both parts.
#[tokio::test]
async fn one_person_with_two_posts_is_one() {
    let town = filled().await;
    assert_eq!(POSTS.iter().filter(|post| post.who == "two").count(), 2);
    let city = town.signed_in("city_secretary");
    let county = address(&town, "A08", "county", Days::NOW);
    let rows = behind(&city, &county).await.rows;
    let once: std::collections::BTreeSet<&String> = rows.iter().collect();
    assert_eq!(once.len(), rows.len());
    let full = natures("full", "county", Days::NOW);
    let seconded = natures("seconded", "county", Days::NOW);
    let part = natures("part", "county", Days::NOW);
    let all = by_hand("A07", "county", Days::NOW).0;
    assert_eq!(full + seconded + part, all + 1);
}
