//! One cell in Excel: the same value as on the page, as Excel's own kind where it has one.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet};

use super::XlsxFault;
use crate::kit::float;
use crate::kit::prose::NONE;
use crate::kit::table::{Cell, Column, Value};

/// Excel refuses longer texts; counted in UTF-16 units.
pub(super) const LONGEST_TEXT: usize = 32_767;

/// How each kind of cell looks.
pub(super) struct Formats {
    pub(super) head: Format,
    text: Format,
    int: Format,
    rate: Format,
    date: Format,
    none: Format,
}

impl Formats {
    pub(super) fn body() -> Self {
        Self::of(Format::new())
    }

    /// The level's own figures below the table: bold, under a line.
    pub(super) fn foot() -> Self {
        Self::of(Format::new().set_bold().set_border_top(FormatBorder::Thin))
    }

    fn of(base: Format) -> Self {
        let base = base.set_align(FormatAlign::Top);
        Self {
            head: base
                .clone()
                .set_bold()
                .set_text_wrap()
                .set_background_color(Color::RGB(0x00E2_EFEE))
                .set_border_bottom(FormatBorder::Thin),
            text: base.clone().set_text_wrap(),
            int: base.clone().set_num_format("#,##0"),
            rate: base.clone().set_num_format("0.0%"),
            date: base.clone().set_num_format("yyyy-mm-dd"),
            none: base.set_align(FormatAlign::Right),
        }
    }
}

/// Wide enough for the header; a Chinese character takes two of Excel's units.
pub(super) fn width(column: &Column) -> f64 {
    let head = column
        .head()
        .chars()
        .map(|c| if c.is_ascii() { 1.0 } else { 2.0 })
        .sum::<f64>()
        + 2.0;
    if column.is_number() {
        head.clamp(10.0, 24.0)
    } else {
        head.clamp(16.0, 40.0)
    }
}

/// Writes a cell; text always as text, whatever it begins with.
pub(super) fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    at: u16,
    cell: &Cell,
    formats: &Formats,
) -> Result<(), XlsxFault> {
    match &cell.value {
        Value::Text(text) if !text.is_empty() => {
            sheet.write_string_with_format(row, at, text_of(text), &formats.text)?
        }
        Value::Int(n) => sheet.write_number_with_format(row, at, float(*n), &formats.int)?,
        Value::Rate { n, d } if cell.is_shown_as_rate() => {
            sheet.write_number_with_format(row, at, float(*n) / float(*d), &formats.rate)?
        }
        Value::Date(date) => sheet.write_date_with_format(row, at, *date, &formats.date)?,
        Value::Rate { .. } => {
            sheet.write_string_with_format(row, at, cell.shown(), &formats.none)?
        }
        Value::Text(_) | Value::None => {
            sheet.write_string_with_format(row, at, NONE, &formats.none)?
        }
    };
    Ok(())
}

/// Cut where Excel would refuse it, and without the two characters that XML cannot hold.
fn text_of(text: &str) -> String {
    let mut units = 0;
    text.chars()
        .filter(|c| !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
        .take_while(|c| {
            units += c.len_utf16();
            units <= LONGEST_TEXT
        })
        .collect()
}
