//! Each file is read back by another program (calamine).

use std::io::Read;

use calamine::{Data, DataType, Reader, Xlsx};

use super::cells::LONGEST_TEXT;
use super::*;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap()
}

fn read(file: File) -> Xlsx<std::io::BufReader<File>> {
    Xlsx::new(std::io::BufReader::new(file)).unwrap()
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("unit", "县（市、区）"),
        Column::text("on", "日期"),
        Column::number("C02", "走访青年", "人"),
        Column::number("D09", "解决率", ""),
    ]
}

fn table() -> Table {
    let mut table = Table::new("走访/诉求", columns());
    let date = "2026-11-23".parse().unwrap();
    let row = |unit, on, met, solved| vec![Cell::text(unit), on, Cell::int(met), solved];
    table.push(row("望川县", Cell::date(date), 1512, Cell::rate(912, 1000)));
    table.push(row("松岗县", Cell::none(), 0, Cell::rate(3, 7)));
    table.push_foot(row("全市", Cell::none(), 8642, Cell::rate(0, 0)));
    table
}

#[test]
fn a_table_reads_back_as_it_was() {
    let mut book = Book::new(now()).unwrap();
    book.table(&table()).unwrap();
    let mut xlsx = read(book.finish().unwrap());
    let sheet = xlsx.worksheet_range("走访-诉求").unwrap();
    let text = |text: &str| Data::String(text.into());
    let rows: Vec<Vec<Data>> = sheet.rows().map(<[Data]>::to_vec).collect();
    assert_eq!(
        rows[0],
        ["县（市、区）", "日期", "走访青年（人）", "解决率"].map(text)
    );
    assert_eq!(rows[1][1].as_date(), "2026-11-23".parse().ok());
    assert_eq!(rows[1][2..], [Data::Float(1512.0), Data::Float(0.912)]);
    assert_eq!(
        rows[2],
        [text("松岗县"), text("—"), Data::Float(0.0), text("3/7")]
    );
    assert_eq!(
        rows[3],
        [text("全市"), text("—"), Data::Float(8642.0), text("—")]
    );
    assert_eq!(rows.len(), 4);
}

#[test]
fn one_sheet_says_what_the_figures_mean() {
    let mut book = Book::new(now()).unwrap();
    book.table(&table()).unwrap();
    let definition = Definition {
        key: "C02".into(),
        label: "走访青年".into(),
        unit: "人".into(),
        meaning: "按人去重，逐级重新计算".into(),
    };
    let about = [("单位", "清川市"), ("时间", "截至 11 月 23 日")];
    book.definitions(&about, &[definition]).unwrap();
    let mut xlsx = read(book.finish().unwrap());
    assert_eq!(xlsx.sheet_names(), ["走访-诉求", "口径", "说明"]);
    let sheet = xlsx.worksheet_range("口径").unwrap();
    assert_eq!(
        sheet.get((1, 3)),
        Some(&Data::String("按人去重，逐级重新计算".into()))
    );
    let about = xlsx.worksheet_range("说明").unwrap();
    assert_eq!(
        about.get((2, 1)),
        Some(&Data::String("截至 11 月 23 日".into()))
    );
}

#[test]
fn text_is_never_a_formula() {
    let mut book = Book::new(now()).unwrap();
    book.sheet("文字", &[Column::text("text", "内容")]).unwrap();
    let texts = [
        "=1+1",
        "+86",
        "-1",
        "@SUM(A1)",
        "{=A1}",
        "https://example.com",
        "12345",
        "😀𠮷",
        "一\n二",
        "<b>&\"'",
        "_x0041_",
    ];
    for text in texts {
        book.row(&[Cell::text(text)]).unwrap();
    }
    let mut xlsx = read(book.finish().unwrap());
    assert!(xlsx.worksheet_formula("文字").unwrap().is_empty());
    let sheet = xlsx.worksheet_range("文字").unwrap();
    let seen: Vec<_> = sheet.rows().skip(1).map(|row| row[0].clone()).collect();
    // calamine leaves the escape of a literal _x0041_ as it stands in the file; Excel reads it back.
    let last = seen.len() - 1;
    assert_eq!(
        seen[..last],
        texts[..last]
            .iter()
            .map(|t| Data::String((*t).into()))
            .collect::<Vec<_>>()[..]
    );
}

#[test]
fn what_excel_refuses_is_cut() {
    let mut book = Book::new(now()).unwrap();
    book.sheet("长", &[Column::text("text", "内容")]).unwrap();
    book.row(&[Cell::text("😀".repeat(20_000))]).unwrap();
    book.row(&[Cell::text("a\u{1}b\u{FFFF}c")]).unwrap();
    let sheet = read(book.finish().unwrap()).worksheet_range("长").unwrap();
    assert_eq!(
        sheet.get((1, 0)).unwrap().to_string().chars().count(),
        LONGEST_TEXT / 2
    );
    assert!(sheet.get((2, 0)).unwrap().to_string().ends_with("bc"));
}

#[test]
fn sheet_names_are_legal_and_different() {
    let taken = ["诉求".to_owned(), "Visits".to_owned()];
    assert_eq!(free_name("诉求", &taken), "诉求 2");
    assert_eq!(free_name("visits", &taken), "visits 2");
    assert_eq!(free_name("'", &taken), "表");
    assert_eq!(free_name("a[1]:b", &taken), "a-1--b");
    let long = "长".repeat(40);
    assert_eq!(free_name(&long, &taken).chars().count(), 31);
    assert_eq!(
        free_name(&long, &["长".repeat(31)]),
        format!("{} 2", "长".repeat(29))
    );
}

#[test]
fn a_row_needs_a_sheet() {
    assert!(Book::new(now()).unwrap().row(&[Cell::int(1)]).is_err());
}

#[test]
fn the_same_figures_make_the_same_file() {
    let bytes = || {
        let mut book = Book::new(now()).unwrap();
        book.sheet("一", &columns()).unwrap();
        let mut bytes = Vec::new();
        book.finish().unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    assert_eq!(bytes(), bytes());
}

#[test]
fn a_full_sheet_goes_on_to_another() {
    let mut book = Book::new(now()).unwrap();
    book.rows_per_sheet = 2;
    book.sheet("走访", &[Column::number("n", "序号", "")])
        .unwrap();
    for n in 0..5 {
        book.row(&[Cell::int(n)]).unwrap();
    }
    let mut xlsx = read(book.finish().unwrap());
    assert_eq!(xlsx.sheet_names(), ["走访", "走访 2", "走访 3"]);
    let last = xlsx.worksheet_range("走访 3").unwrap();
    assert_eq!(last.get((0, 0)), Some(&Data::String("序号".into())));
    assert_eq!(last.get((1, 0)), Some(&Data::Float(4.0)));
}

/// Runs this program once more with the one test below, so that no other test's memory is measured with it.
#[test]
fn memory_stays_flat_over_a_hundred_thousand_rows() {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "kit::xlsx::tests::a_hundred_thousand_rows",
            "--ignored",
            "--nocapture",
        ])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

#[test]
#[ignore = "run by the test above, alone in its process"]
fn a_hundred_thousand_rows() {
    let mut book = Book::new(now()).unwrap();
    book.sheet("走访", &columns()).unwrap();
    let date = "2026-11-23".parse().unwrap();
    let before = resident();
    for n in 0..100_000 {
        let text = format!("柳坪镇第 {n} 次走访，说到找工作和路灯");
        book.row(&[
            Cell::text(text),
            Cell::date(date),
            Cell::int(n),
            Cell::rate(n, 100_000),
        ])
        .unwrap();
    }
    let file = book.finish().unwrap();
    let grown = resident().saturating_sub(before);
    assert!(grown < 8 << 20, "{} KB more", grown >> 10);

    let mut xlsx = read(file);
    let mut cells = xlsx.worksheet_cells_reader("走访").unwrap();
    let (mut count, mut sum) = (0, 0.0);
    while let Some(cell) = cells.next_cell().unwrap() {
        count += 1;
        if let (1.., 2) = cell.get_position() {
            sum += Data::from(cell.get_value().clone()).get_float().unwrap();
        }
    }
    assert_eq!(count, 400_004);
    assert!((sum - 4_999_950_000.0).abs() < 0.5, "{sum}");
}

/// The most memory this process has held so far, in bytes.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    peak.trim()
        .trim_end_matches(" kB")
        .parse::<usize>()
        .unwrap()
        * 1024
}
