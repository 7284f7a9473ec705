//! Floor 0: pure helpers without async, without a database, without a record kind.
//!
//! What stands here is a rule of time, of text or of drawing that every slice must apply in the same way: the
//! evening a visit belongs to, the mask over a name, the printed form of a figure, the charts and the Excel file.
pub mod attachment;
pub mod chart;
pub mod clock;
pub mod ids;
pub mod mask;
pub mod network;
pub mod paper;
pub mod period;
pub mod phone;
pub mod pinyin;
pub mod prose;
pub mod qr;
pub mod table;
pub mod text;
pub mod words;
pub mod workday;
pub mod xlsx;

/// A count as a coordinate or as a cell of a sheet, which know no other numbers.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn float(n: i64) -> f64 {
    n as f64
}
