//! From the door to the year-end table: one visit, and what everybody sees of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use calamine::{Data, Reader, Xlsx, open_workbook};

use crate::device::Device;
use crate::office;
use crate::served::Served;
use crate::visit::earlier;

/// The ticker counts every five seconds.
const COUNTED: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_door_to_the_year_end_table() {
    let served = Served::new().await;
    earlier(&served).await;
    let visit = at_the_door(&served).await;
    in_the_county(&served).await;
    in_the_city(&served).await;
    in_the_table(&served).await;
    next_door(&served, &visit).await;
}

/// The county's secretary sees it in 一览 and opens its rows.
async fn in_the_county(served: &Served) {
    let desk = Device::desk(served).await;
    desk.sign_in(served, "county_secretary").await;
    desk.tap("一览").await;
    desk.sees("青溪县一览").await;
    counted(&desk, "今年走访青年 2 人，3 人次").await;
    desk.sees("诉求 2 件").await;
    desk.tap("走访青年数").await;
    desk.sees("共 2 条").await;
    // A superior: masked, and no text.
    desk.sees("陈**").await;
    desk.hides("宋知夏").await;
    desk.client.back().await.expect("back");
    desk.tap("访谈夜场次").await;
    desk.sees("下溪村 21:20").await;
    desk.hides("宋知夏").await;
    desk.hides("网店").await;
    desk.end().await;
}

/// The city's secretary drills down to the town.
async fn in_the_city(served: &Served) {
    let desk = Device::desk(served).await;
    desk.sign_in(served, "city_secretary").await;
    desk.tap("一览").await;
    desk.sees("清川市一览").await;
    counted(&desk, "今年走访青年 2 人，3 人次").await;
    desk.tap("青溪县").await;
    desk.sees("青溪县一览").await;
    desk.tap("溪口镇").await;
    desk.sees("溪口镇一览").await;
    desk.sees("今年走访青年 2 人，3 人次").await;
    desk.end().await;
}

/// The county's admin takes the year-end table home as an Excel file.
async fn in_the_table(served: &Served) {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = Device::desk(served).await;
    desk.download_to(folder.path()).await;
    desk.sign_in(served, "county_admin").await;
    desk.tap("年终表").await;
    desk.sees("主要工作数据表").await;
    desk.tap("导出 Excel").await;
    let file = downloaded(folder.path()).await;
    let mut book: Xlsx<_> = open_workbook(&file).expect("an Excel file");
    let sheets = book.sheet_names();
    let mut found = Vec::new();
    for sheet in &sheets {
        let range = book.worksheet_range(sheet).expect("a sheet");
        let of_c05 = range
            .rows()
            .filter(|row| row.contains(&Data::String("走访青年数".into())));
        found.extend(of_c05.map(<[Data]>::to_vec));
    }
    let counts = |row: &Vec<Data>| row.contains(&Data::Float(2.0)) || row.contains(&Data::Int(2));
    assert!(found.iter().any(counts), "{sheets:?}: {found:?}");
    in_libre_office(&file, &sheets).await;
    desk.end().await;
}

/// The same file opened by LibreOffice: every sheet, the figure, no cell at fault.
async fn in_libre_office(file: &Path, sheets: &[String]) {
    let tables = office::tables(file).await;
    let names: Vec<&String> = tables.keys().collect();
    let wanted: BTreeSet<&String> = sheets.iter().collect();
    assert_eq!(names, wanted.into_iter().collect::<Vec<_>>());
    let mut lines = tables.values().flat_map(|table| table.lines());
    let counts = |line: &str| line.contains("走访青年数") && line.split(',').any(|it| it == "2");
    assert!(lines.any(counts), "{tables:?}");
    for (name, table) in &tables {
        assert!(!table.trim().is_empty(), "{name} is empty");
        for fault in ["#NAME?", "#REF!", "#VALUE!", "#N/A", "#DIV/0!", "Err:"] {
            assert!(!table.contains(fault), "{name} holds {fault}: {table}");
        }
    }
    println!(
        "LibreOffice reads {} sheets and the figure in them",
        tables.len()
    );
}

/// The county next door sees nothing of it, not even that it is there.
async fn next_door(served: &Served, visit: &str) {
    let desk = Device::desk(served).await;
    desk.sign_in(served, "sibling_secretary").await;
    desk.tap("一览").await;
    desk.sees("云栖区一览").await;
    desk.sees("今年走访青年 0 人").await;
    desk.tap("走访").await;
    desk.sees("共 0 次").await;
    desk.hides("下溪村").await;
    desk.open(visit).await;
    desk.sees("没有找到这一页").await;
    desk.hides("网店").await;
    desk.end().await;
}

/// Loads the page again until the roll-up has come.
async fn counted(desk: &Device, words: &str) {
    let begun = Instant::now();
    while !desk.text().await.contains(words) {
        assert!(
            begun.elapsed() < COUNTED,
            "“{words}”: {}",
            desk.text().await
        );
        tokio::time::sleep(Duration::from_millis(500)).await;
        desk.client.refresh().await.expect("the page again");
    }
}

async fn downloaded(folder: &Path) -> PathBuf {
    let begun = Instant::now();
    loop {
        let files = std::fs::read_dir(folder).expect("the folder");
        let mut files = files.map(|file| file.expect("a file").path());
        if let Some(file) = files.find(|file| file.extension().is_some_and(|it| it == "xlsx")) {
            return file;
        }
        assert!(begun.elapsed() < COUNTED, "nothing was downloaded");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// By touch: 陈一诺, whom he knows, and a new one, with two problems.
async fn at_the_door(served: &Served) -> String {
    let phone = Device::phone(served).await;
    phone.sign_in(served, "town_cadre").await;
    phone.tap("记一次走访").await;
    phone.type_into("走访了谁", "陈一").await;
    phone.tap("陈一诺").await;
    phone.tap("新认识的青年").await;
    phone.type_here("姓名", "宋知夏").await;
    phone.tap("已当面告知用途，本人同意").await;
    phone.type_into("聊了什么", "聊了网店和鸡舍").await;
    phone.tap("记一件诉求").await;
    phone
        .type_here("青年说的事", "茶园想装滴灌，不懂补贴怎么申请")
        .await;
    phone.tap("创业扶持").await;
    phone.tap("报团县委").await;
    phone.tap("记一件诉求").await;
    phone.type_here("青年说的事", "想找离家近的文员岗位").await;
    phone.tap_in("诉求 2", "就业实习").await;
    phone.tap_in("诉求 2", "我来办").await;
    phone.tap("记一次走访").await;
    phone.sees("记下了").await;
    phone.sees("走访 2 人、诉求 2 件").await;
    let saved = phone.client.current_url().await.expect("an address");
    let visit = saved.path().trim_end_matches("/saved").to_owned();
    phone.tap("回到今天").await;
    phone.sees("今年见了 2 位青年").await;
    phone.sees("2 人，诉求 2 件").await;
    phone.sees("想找离家近的文员岗位").await;
    phone.end().await;
    visit
}
