//! Excel files, written row by row so that memory stays flat however many rows there are.
//!
//! Each sheet goes to a temporary file while it is written (rust_xlsxwriter's constant memory) and all are zipped at
//! the end into another, which the page streams. Text is always a text cell, never a formula, whatever it begins
//! with; there is one 口径 sheet that says what each figure means.

mod cells;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};

use chrono::{DateTime, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use self::cells::{Formats, width, write_cell};
use super::clock;
use super::table::{Cell, Column, Table};

/// Rows of one sheet below the header; what is more goes on to a second sheet, since Excel ends at 1,048,576.
const ROWS_PER_SHEET: u32 = 1_000_000;

/// Letters a sheet's name may have.
const LONGEST_NAME: usize = 31;

/// The file could not be written: no room on the disk, or a fault of the program.
#[derive(Debug)]
pub enum XlsxFault {
    Io(io::Error),
    Writer(Box<XlsxError>),
}

impl fmt::Display for XlsxFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(cause) => write!(f, "writing an Excel file: {cause}"),
            Self::Writer(cause) => write!(f, "writing an Excel file: {cause}"),
        }
    }
}

impl std::error::Error for XlsxFault {}

impl From<io::Error> for XlsxFault {
    fn from(cause: io::Error) -> Self {
        Self::Io(cause)
    }
}

impl From<XlsxError> for XlsxFault {
    fn from(cause: XlsxError) -> Self {
        Self::Writer(Box::new(cause))
    }
}

/// One line of the 口径 sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// C02, the indicator's code.
    pub key: String,
    pub label: String,
    pub unit: String,
    /// What is counted, how it is rolled up, by what it is counted once.
    pub meaning: String,
}

/// An Excel file in the making: `sheet`, then `row` as often as needed, the next `sheet`, …, `definitions`, `finish`.
pub struct Book {
    workbook: Workbook,
    body: Formats,
    foot: Formats,
    names: Vec<String>,
    sheet: Option<Sheet>,
    /// `ROWS_PER_SHEET`, but for a test.
    rows_per_sheet: u32,
}

/// The sheet that is being written.
struct Sheet {
    /// As asked for; Excel's own may have a number behind.
    name: String,
    columns: Vec<Column>,
    index: usize,
    /// Rows written below the header.
    rows: u32,
}

impl Book {
    /// `now` is written into the file as the time it was made.
    pub fn new(now: DateTime<Utc>) -> Result<Self, XlsxFault> {
        let mut workbook = Workbook::new();
        let made = ExcelDateTime::parse_from_str(
            &clock::local(now).format("%Y-%m-%dT%H:%M:%S").to_string(),
        )?;
        workbook.set_properties(
            &DocProperties::new()
                .set_author("青听")
                .set_creation_datetime(&made),
        );
        Ok(Self {
            workbook,
            body: Formats::body(),
            foot: Formats::foot(),
            names: Vec::new(),
            sheet: None,
            rows_per_sheet: ROWS_PER_SHEET,
        })
    }

    /// Begins a sheet with a frozen header; the one before is finished with this.
    pub fn sheet(&mut self, name: &str, columns: &[Column]) -> Result<(), XlsxFault> {
        let free = free_name(name, &self.names);
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(&free)?;
        set_up_page(sheet)?;
        for (column, at) in columns.iter().zip(0u16..) {
            sheet.set_column_width(at, width(column))?;
            sheet.write_string_with_format(0, at, column.head(), &self.body.head)?;
        }
        let index = self.names.len();
        self.names.push(free);
        self.sheet = Some(Sheet {
            name: name.to_owned(),
            columns: columns.to_vec(),
            index,
            rows: 0,
        });
        Ok(())
    }

    /// The next row of the sheet begun last.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), XlsxFault> {
        let at = self.next_row()?;
        let sheet = self.workbook.worksheet_from_index(at.0)?;
        write_cells(sheet, at.1, cells, &self.body)
    }

    /// A whole table as one sheet, named by its title.
    pub fn table(&mut self, table: &Table) -> Result<(), XlsxFault> {
        self.sheet(&table.title, &table.columns)?;
        for row in &table.rows {
            self.row(row)?;
        }
        for row in &table.foot {
            let at = self.next_row()?;
            let sheet = self.workbook.worksheet_from_index(at.0)?;
            write_cells(sheet, at.1, row, &self.foot)?;
        }
        Ok(())
    }

    /// The sheets 口径, each indicator, and 说明: what the file is about (committee, period, when it was made).
    pub fn definitions(
        &mut self,
        about: &[(&str, &str)],
        definitions: &[Definition],
    ) -> Result<(), XlsxFault> {
        let columns = [
            ("code", "编号"),
            ("label", "指标"),
            ("unit", "单位"),
            ("meaning", "口径"),
        ]
        .map(|(k, l)| Column::text(k, l));
        self.sheet("口径", &columns)?;
        let sheet = self.workbook.worksheet_from_index(self.names.len() - 1)?;
        for (at, wide) in [(0, 12.0), (1, 26.0), (2, 10.0), (3, 80.0)] {
            sheet.set_column_width(at, wide)?;
        }
        for d in definitions {
            self.row(
                &[&d.key, &d.label, &d.unit, &d.meaning].map(|text| Cell::text(text.as_str())),
            )?;
        }
        self.about(about)
    }

    /// What the file is about is no indicator: it has a sheet and heads of its own.
    fn about(&mut self, about: &[(&str, &str)]) -> Result<(), XlsxFault> {
        let columns = [Column::text("what", "项目"), Column::text("which", "内容")];
        self.sheet("说明", &columns)?;
        let sheet = self.workbook.worksheet_from_index(self.names.len() - 1)?;
        for (at, wide) in [(0, 12.0), (1, 80.0)] {
            sheet.set_column_width(at, wide)?;
        }
        for (what, which) in about {
            self.row(&[Cell::text(*what), Cell::text(*which)])?;
        }
        Ok(())
    }

    /// The finished file, at its beginning, without a name on the disk: it is gone when it is closed.
    pub fn finish(mut self) -> Result<File, XlsxFault> {
        let mut file = tempfile::tempfile()?;
        let mut out = BufWriter::new(&file);
        self.workbook.save_to_writer(&mut out)?;
        out.flush()?;
        drop(out);
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }

    /// Index of the sheet and of the row in it to be written next, on a further sheet when this one is full.
    fn next_row(&mut self) -> Result<(usize, u32), XlsxFault> {
        let before = || XlsxError::ParameterError("a row before its sheet".to_owned());
        let sheet = self.sheet.as_ref().ok_or_else(before)?;
        if sheet.rows >= self.rows_per_sheet {
            let (name, columns) = (sheet.name.clone(), sheet.columns.clone());
            self.sheet(&name, &columns)?;
        }
        let sheet = self.sheet.as_mut().ok_or_else(before)?;
        sheet.rows += 1;
        Ok((sheet.index, sheet.rows))
    }
}

fn write_cells(
    sheet: &mut Worksheet,
    row: u32,
    cells: &[Cell],
    formats: &Formats,
) -> Result<(), XlsxFault> {
    for (cell, at) in cells.iter().zip(0u16..) {
        write_cell(sheet, row, at, cell, formats)?;
    }
    Ok(())
}

/// A4 across, as wide as the table, the header on each page.
fn set_up_page(sheet: &mut Worksheet) -> Result<(), XlsxFault> {
    const A4: u8 = 9;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet
        .set_paper_size(A4)
        .set_landscape()
        .set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C第 &P 页，共 &N 页");
    Ok(())
}

/// A name Excel accepts and no other sheet has: 诉求, 诉求 2, …
fn free_name(wanted: &str, taken: &[String]) -> String {
    let clean: String = wanted
        .chars()
        .map(|c| {
            if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') || c.is_control() {
                '-'
            } else {
                c
            }
        })
        .collect();
    let clean = clean.trim_matches(['\'', ' ']);
    let clean = if clean.is_empty() { "表" } else { clean };
    let mut number = 1;
    loop {
        let tail = if number == 1 {
            String::new()
        } else {
            format!(" {number}")
        };
        let name = format!("{}{tail}", cut(clean, LONGEST_NAME - tail.len()));
        if !taken
            .iter()
            .any(|other| other.to_lowercase() == name.to_lowercase())
        {
            return name;
        }
        number += 1;
    }
}

/// At most so many UTF-16 units, as Excel counts a name.
fn cut(text: &str, most: usize) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= most
        })
        .collect()
}
