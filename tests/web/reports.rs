//! 年终表: page, Excel and the count by hand agree; typed figures; sentences.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use crate::figures::{Days, HANDS, LEVELS, by_hand, filled};
use crate::harness::{Town, new_id};
use crate::walls::{as_owner, refusal};

/// The cells of a sheet, as text.
pub fn sheet_of(bytes: &[u8], name: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).expect("a workbook");
    let range = book.worksheet_range(name).expect("a sheet");
    let cell = |data: &Data| match data {
        Data::Float(n) => n.to_string(),
        other => other.to_string(),
    };
    range
        .rows()
        .map(|row| row.iter().map(cell).collect())
        .collect()
}

/// The cell of a sheet by the name of its row and of its column.
pub fn cell_of(bytes: &[u8], sheet: &str, row: &str, column: &str) -> String {
    let rows = sheet_of(bytes, sheet);
    let head = rows[0].iter();
    let at = head.clone().position(|it| it.starts_with(column));
    let at = at.unwrap_or_else(|| panic!("no column {column} in {head:?}"));
    let found = rows.iter().find(|cells| cells[0] == row);
    found.unwrap_or_else(|| panic!("no row {row} in {sheet}"))[at].clone()
}

/// What the page and the summary say, `figures::levels` compares.
#[tokio::test]
async fn the_foot_is_counted_anew_and_each_figure_is_explained() {
    let town = filled().await;
    for (place, who) in LEVELS.into_iter().filter(|(place, _)| *place != "own") {
        let period = Days::NOW.query();
        let address = format!("/reports/year-end.xlsx?{period}");
        let file = town.signed_in(who).get(&address).await;
        file.is(200);
        let units = sheet_of(&file.bytes, "走访");
        let at = units[0].iter().position(|h| h.starts_with("走访青年数"));
        let last = units.last().expect("a foot");
        let hand = by_hand("C05", place, Days::NOW).0;
        assert_eq!(last[at.expect("a column")], hand.to_string());
        let meaning = sheet_of(&file.bytes, "口径");
        let mut cells = meaning.iter().flatten();
        assert!(cells.any(|cell| cell.contains("同一青年计一次")));
    }
}

#[tokio::test]
async fn the_list_of_visits_has_as_many_rows_as_there_are_and_is_logged() {
    let period = Days::NOW.query();
    let town = filled().await;
    let file = town
        .signed_in("city_admin")
        .get(&format!("/reports/visits.xlsx?{period}"))
        .await;
    file.is(200);
    let rows = sheet_of(&file.bytes, "走访");
    // Head, this year's of the table, and the one where nobody was met.
    let hands = HANDS.iter().filter(|hand| hand.evening > "2026");
    assert_eq!(rows.len(), 1 + hands.count() + 1);
    let times: Vec<&String> = rows[1..].iter().map(|row| &row[2]).collect();
    assert!(times.is_sorted(), "the oldest first: {times:?}");
    assert!(!rows.iter().flatten().any(|cell| cell.contains("陈一诺")));
    let lines = "select count(*) from day_book where verb = 'report_exported'";
    assert_eq!(crate::visits::count(&town, lines).await, 1);
    let county = town.signed_in("sibling_secretary");
    let file = county.get(&format!("/reports/visits.xlsx?{period}")).await;
    assert_eq!(sheet_of(&file.bytes, "走访").len(), 2);
}

#[tokio::test]
async fn an_earlier_figure_is_typed_once_and_marked() {
    let period = Days::NOW.query();
    let town = Town::new().await;
    let secretary = town.signed_in("city_secretary");
    let form = format!(
        "/reports/typed?{period}&committee={}&code=C05",
        town.world.committee("city").place.committee
    );
    secretary.get(&form).await.sees("填上年的数：走访青年数");
    let id = new_id();
    secretary
        .post(
            &form,
            &[
                ("id", &id),
                ("n", "七千"),
                ("definition", ""),
                ("source", "台账"),
            ],
        )
        .await
        .refuses("写一个整数")
        .shows("写下这个数是怎么数的")
        .shows("七千");
    let right = [
        ("id", id.as_str()),
        ("n", "７，７３０"),
        ("definition", "台账人次"),
        ("source", "2025 年总结"),
    ];
    for _ in 0..2 {
        secretary
            .post(&form, &right)
            .await
            .goes_to("/reports/year-end?");
    }
    secretary
        .get(&format!("/reports/year-end?{period}"))
        .await
        .sees("◇7,730")
        .shows("台账人次");
    // It was counted otherwise: said with its 口径, never as a difference.
    let say = format!("/reports/sentence?{period}&code=C05");
    secretary
        .get(&say)
        .await
        .sees("上年同期填报7730人（口径：台账人次；来源：2025年总结）")
        .hides("比上年同期");
    let long = "口".repeat(61);
    let long = [
        ("id", id.as_str()),
        ("n", "1"),
        ("definition", long.as_str()),
        ("source", "y"),
    ];
    let refused = secretary.post(&form, &long).await;
    refused.refuses("写了 61 个字，最多 60 个");
    let other = new_id();
    let late = [
        ("id", other.as_str()),
        ("n", "1"),
        ("definition", "x"),
        ("source", "y"),
    ];
    secretary
        .post(&form, &late)
        .await
        .is(409)
        .shows("别人刚存的")
        .shows("2025 年总结");
    town.signed_in("county_secretary").get(&form).await.is(404);
    town.signed_in("town_cadre").get(&form).await.is(403);
}

/// Where the records say something too, both stand there; what was typed can be taken back.
#[tokio::test]
async fn a_typed_figure_stands_beside_the_own_one_and_goes_again() {
    let period = Days::NOW.query();
    let town = filled().await;
    let secretary = town.signed_in("city_secretary");
    let own = by_hand("C05", "city", Days::BEFORE).0;
    let form = format!("/reports/typed?{period}&code=C05");
    let remove = format!("/reports/typed/remove?{period}&code=C05");
    let id = new_id();
    let typed = [
        ("id", id.as_str()),
        ("n", "7730"),
        ("definition", "台账人次"),
        ("source", "总结"),
    ];
    secretary.get(&form).await.hides("撤掉填的数");
    secretary
        .post(&form, &typed)
        .await
        .goes_to("/reports/year-end?");
    let table = format!("/reports/year-end?{period}");
    let both = format!("上年数为填报：台账人次；总结；系统里是 {own}");
    secretary.get(&table).await.sees("◇7,730").shows(&both);
    let file = format!("/reports/year-end.xlsx?{period}");
    let file = secretary.get(&file).await;
    assert_eq!(
        cell_of(&file.bytes, "主要指标", "C05", "说明"),
        both,
        "the file says both too"
    );
    let say = format!("/reports/sentence?{period}&code=C05");
    let said = format!("上年同期填报7730人（口径：台账人次；来源：总结），系统里是{own}人");
    secretary.get(&say).await.sees(&said);
    secretary.get(&form).await.sees("撤掉填的数");
    let late = [("id", id.as_str()), ("version", "7")];
    secretary.post(&remove, &late).await.is(409);
    let right = [("id", id.as_str()), ("version", "1")];
    let county = town.signed_in("county_secretary");
    county.post(&remove, &right).await.goes_to("/reports/");
    secretary.get(&table).await.sees("◇7,730");
    for _ in 0..2 {
        secretary
            .post(&remove, &right)
            .await
            .goes_to("/reports/year-end?");
    }
    secretary
        .get(&table)
        .await
        .hides("◇7,730")
        .hides("台账人次");
    let lines = "select count(*) from day_book where verb = 'figure_untyped'";
    assert_eq!(crate::visits::count(&town, lines).await, 1);
    secretary
        .post(&remove, &[("id", "x"), ("version", "")])
        .await
        .is(400);
}

#[tokio::test]
async fn what_is_out_of_sight_is_not_there_to_be_typed_for() {
    let period = Days::NOW.query();
    let town = Town::new().await;
    let county = town.signed_in("county_secretary");
    let of = |committee: &str| format!("/reports/typed?{period}&committee={committee}&code=C05");
    let id = |key: &str| town.world.committee(key).place.committee.to_string();
    for away in [id("sibling"), id("city"), id("other_city"), "999999".into()] {
        county.get(&of(&away)).await.is(404);
    }
    county.get(&of(&id("town"))).await.is(403);
}

/// No rate without a base, no middle of nothing: — and no comparison.
#[tokio::test]
async fn where_nothing_was_closed_there_is_no_middle() {
    let period = Days::NOW.query();
    let town = filled().await;
    let city = town.signed_in("city_secretary");
    let file = city.get(&format!("/reports/year-end.xlsx?{period}")).await;
    assert_eq!(cell_of(&file.bytes, "主要指标", "D06", "本期"), "—");
    assert_eq!(cell_of(&file.bytes, "主要指标", "D06", "上年同期"), "—");
    assert_eq!(cell_of(&file.bytes, "诉求", "青溪县", "办理时长"), "—");
    for code in ["D05", "D06"] {
        city.get(&format!("/reports/sentence?{period}&code={code}"))
            .await
            .sees("没有数，上年同期没有数。")
            .hides("比上年");
    }
    city.get(&format!("/figures/D06?{period}"))
        .await
        .sees("办理时长中位数 —");
}

/// What a county did before it was closed is in the city's figures, so its row stays as long as a period
/// reaches it; then it goes.
#[tokio::test]
async fn a_closed_county_keeps_its_row_while_its_figures_count() {
    let town = filled().await;
    let city = town.signed_in("city_secretary");
    let table = format!("/reports/year-end?{}", Days::NOW.query());
    let mut owner = as_owner(&town.database).await;
    let sibling = town.world.committee("sibling").place.committee;
    for (day, stays) in [
        ("2026-07-01", true),
        ("2025-07-01", true),
        ("2024-07-01", false),
    ] {
        let close = format!(
            "update committees set starts_on = '2020-01-01', ends_on = '{day}' where id = {sibling}"
        );
        assert_eq!(refusal(&mut owner, &close).await, None);
        for address in [table.as_str(), "/dashboard"] {
            let page = city.get(address).await;
            page.is(200);
            assert_eq!(page.text.contains("云栖区"), stays, "{address}, {day}");
        }
        // Of this month's figures and last November's, only the latter can be its own.
        let month = city.get("/dashboard?span=month").await;
        assert_eq!(month.text.contains("云栖区"), day > "2025-11", "{day}");
    }
}

#[tokio::test]
async fn a_figure_can_be_copied_as_a_sentence() {
    let period = Days::NOW.query();
    let town = filled().await;
    let page = town
        .signed_in("city_secretary")
        .get(&format!("/reports/sentence?{period}&code=C05"))
        .await;
    page.sees("复制一段话")
        .shows("2026年1月1日至11月24日，清川市走访青年5人，比上年同期")
        .hides("万");
}

/// Days to come have no figures, and before the first record there is no nought to compare with.
#[tokio::test]
async fn a_part_of_a_year_is_compared_with_the_same_part() {
    let town = filled().await;
    let city = town.signed_in("city_secretary");
    for to in ["2026-12-31", "2027-12-31"] {
        let table = format!("/reports/year-end?from=2026-01-01&to={to}");
        city.get(&table)
            .await
            .sees("截至 11 月 24 日，上年同期为 2025 年截至 11 月 24 日");
    }
    city.get("/reports/year-end?from=2026-01-01&to=2030-01-01")
        .await
        .sees("结束日期还没到，数到今天为止。");
    city.get("/reports/year-end").await.hides("结束日期还没到");
    city.get("/reports/year-end?from=2026-12-01&to=2026-12-31")
        .await
        .refuses("开始日期还没到");
    city.get("/figures/C05?from=2027-01-01&to=2027-12-31")
        .await
        .is(400)
        .shows("开始日期还没到");
    let say = |days: &str| format!("/reports/sentence?{days}&code=C05");
    let none = city.get(&say("from=2024-01-01&to=2024-12-31")).await;
    none.sees("2024年1月1日至12月31日，清川市走访青年没有数，上年同期没有数。");
    let file = "/reports/year-end.xlsx?from=2024-01-01&to=2024-12-31";
    let file = city.get(file).await;
    for column in ["本期", "上年同期"] {
        assert_eq!(cell_of(&file.bytes, "主要指标", "C05", column), "—");
    }
    assert_eq!(cell_of(&file.bytes, "走访", "青溪县", "走访青年数"), "—");
    city.get(&say(&Days::NOW.query())).await.hides("没有数");
}
