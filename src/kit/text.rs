//! Typed text on its way in: cleaned of what no one can see, refused where it could do harm, otherwise kept.
//!
//! Emoji, rare characters of the extension blocks and private-use characters stay: people's names need them. Length
//! is counted in characters, as the reader counts.

use std::borrow::Cow;
use std::fmt;

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    Empty,
    /// How long it is, and how long it may be, in characters.
    TooLong {
        is: usize,
        max: usize,
    },
    /// NUL or another character that neither screen nor paper can show.
    Control,
    /// A digit in a name.
    Digit,
}

impl fmt::Display for TextFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("没有填"),
            Self::TooLong { is, max } => write!(f, "写了 {is} 个字，最多 {max} 个"),
            Self::Control => f.write_str("里面有看不见的字符，重新写一遍"),
            Self::Digit => f.write_str("里面有数字，改成汉字，如“三号楼小王”"),
        }
    }
}

/// One line: trimmed, without control characters, 1 to `max` characters.
pub fn clean(raw: &str, max: usize) -> Result<String, TextFault> {
    let text = without_marks(raw);
    let text = text.trim();
    if text.chars().any(is_control) {
        return Err(TextFault::Control);
    }
    bounded(text, max)
}

/// Several lines: as [`clean`], but tabs and line breaks (all written as LF) stay.
pub fn clean_lines(raw: &str, max: usize) -> Result<String, TextFault> {
    let text = without_marks(raw)
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}', '\u{85}'], "\n");
    let text = text.trim();
    if text
        .chars()
        .any(|c| is_control(c) && c != '\n' && c != '\t')
    {
        return Err(TextFault::Control);
    }
    bounded(text, max)
}

/// A person's name in its one form, 1 to 25 characters (domain.md §4.6): no spaces between Chinese characters, one
/// kind of middle dot, no digits. One character alone is allowed; the form warns.
pub fn normal_name(raw: &str) -> Result<String, TextFault> {
    let text = clean(raw, 100)?;
    if text.chars().any(|c| half(c).is_ascii_digit()) {
        return Err(TextFault::Digit);
    }
    let mut name = String::new();
    let mut gap = false;
    for c in text.chars().map(dot) {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        let latin = |c: char| c.is_alphabetic() && !is_han(c);
        if gap && latin(c) && name.chars().next_back().is_some_and(latin) {
            name.push(' ');
        }
        gap = false;
        name.push(c);
    }
    let name = name.trim_matches('·');
    bounded(name, 25)
}

/// At most so many characters of a text, with …… where more follows.
pub fn short(text: &str, max: usize) -> Cow<'_, str> {
    match text.char_indices().nth(max) {
        Some((end, _)) => Cow::Owned(format!("{}……", text[..end].trim_end())),
        None => Cow::Borrowed(text),
    }
}

/// Whether a telephone, identity or bank number stands in it: seven digits on end, full-width ones too.
pub fn has_number(text: &str) -> bool {
    let mut run = 0;
    text.chars().any(|c| {
        run = if half(c).is_ascii_digit() { run + 1 } else { 0 };
        run >= 7
    })
}

/// Full-width digits, letters and ASCII signs made half-width, the ideographic space a space: 　１３８Ａ → 138A.
pub fn half_width(text: &str) -> String {
    text.chars().map(half).collect()
}

/// Whether the character is Chinese: unified ideographs with all extensions, and 〇.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{3FFFF}' | '\u{F900}'..='\u{FAFF}' | '〇')
}

fn half(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// The dots people type between the parts of an Uyghur or Kazakh name, as the one of GB 18030.
fn dot(c: char) -> char {
    match c {
        '•' | '・' | '‧' | '∙' | '⋅' | '･' | '●' | '．' | '.' => '·',
        _ => c,
    }
}

/// Byte-order marks, zero-width spaces and direction marks come along when text is copied; nobody typed them.
/// The zero-width joiner stays: emoji are made with it.
fn without_marks(raw: &str) -> Cow<'_, str> {
    let mark = |c: char| matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
    if raw.contains(mark) {
        Cow::Owned(raw.replace(mark, ""))
    } else {
        Cow::Borrowed(raw)
    }
}

/// What may not be stored: PostgreSQL refuses NUL, XML (the Excel file) all of these but U+FFFD, which stands for
/// bytes that were no text.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{FFFD}' | '\u{FFFE}' | '\u{FFFF}'
        )
}

fn bounded(text: &str, max: usize) -> Result<String, TextFault> {
    match text.chars().count() {
        0 => Err(TextFault::Empty),
        is if is > max => Err(TextFault::TooLong { is, max }),
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(short("想找离家近的工作", 8), "想找离家近的工作");
        assert_eq!(short("想找离家近的工作", 4), "想找离家……");
        assert_eq!(short("𠮷𠮷𠮷", 2), "𠮷𠮷……");
    }

    #[test]
    fn space_around_goes_and_characters_are_counted() {
        assert_eq!(clean(" \u{3000}柳坪镇\t\n", 3).as_deref(), Ok("柳坪镇"));
        assert_eq!(
            clean("柳坪镇村", 3),
            Err(TextFault::TooLong { is: 4, max: 3 })
        );
        assert_eq!(clean("  \r\n ", 3), Err(TextFault::Empty));
        assert_eq!(clean("", 3), Err(TextFault::Empty));
        assert_eq!(clean("𠮷😀", 2).as_deref(), Ok("𠮷😀"));
    }

    #[test]
    fn emoji_and_rare_characters_are_kept() {
        for text in [
            "👨‍👩‍👧 来了",
            "𬌗𫖯",
            "\u{E863}",
            "<script>alert(1)</script>",
            "'; drop table visits; --",
        ] {
            assert_eq!(clean(text, 99).as_deref(), Ok(text));
            assert_eq!(clean_lines(text, 99).as_deref(), Ok(text));
        }
    }

    #[test]
    fn control_characters_are_refused() {
        for text in [
            "a\0b",
            "a\u{7}b",
            "a\u{1b}[0m",
            "a\u{85}b",
            "a\u{FFFF}b",
            "a\u{FFFD}b",
            "a\nb",
            "a\tb",
            "a\u{2028}b",
        ] {
            assert_eq!(clean(text, 99), Err(TextFault::Control), "{text:?}");
        }
        for text in ["a\0b", "a\u{7f}b", "a\u{b}b", "a\u{FFFD}b", "a\u{FFFE}b"] {
            assert_eq!(clean_lines(text, 99), Err(TextFault::Control), "{text:?}");
        }
    }

    #[test]
    fn line_breaks_have_one_form() {
        assert_eq!(
            clean_lines("一\r\n二\r三\u{2028}四\t五\n\n", 99).as_deref(),
            Ok("一\n二\n三\n四\t五")
        );
    }

    #[test]
    fn marks_that_nobody_typed_go() {
        assert_eq!(
            clean("\u{FEFF}张\u{200B}三\u{202E}", 2).as_deref(),
            Ok("张三")
        );
        assert_eq!(clean("\u{FEFF}\u{200B}", 2), Err(TextFault::Empty));
    }

    #[test]
    fn names_have_one_form() {
        let cases = [
            ("张 三", "张三"),
            ("　王　小芳 ", "王小芳"),
            ("阿里•买买提", "阿里·买买提"),
            ("阿里 ・ 买买提", "阿里·买买提"),
            ("John   Smith", "John Smith"),
            ("·张三·", "张三"),
            ("𠮷田", "𠮷田"),
            ("王", "王"),
        ];
        for (raw, name) in cases {
            assert_eq!(normal_name(raw).as_deref(), Ok(name), "{raw}");
        }
        assert_eq!(normal_name("张3"), Err(TextFault::Digit));
        assert_eq!(normal_name("张３"), Err(TextFault::Digit));
        assert_eq!(normal_name(" · "), Err(TextFault::Empty));
        assert_eq!(
            normal_name(&"长".repeat(26)),
            Err(TextFault::TooLong { is: 26, max: 25 })
        );
        assert_eq!(normal_name("张\0三"), Err(TextFault::Control));
    }

    #[test]
    fn full_width_becomes_half_width() {
        assert_eq!(half_width("１３８－ＡＢｃ　！中"), "138-ABc !中");
    }

    #[test]
    fn faults_say_what_to_do() {
        assert_eq!(
            TextFault::TooLong {
                is: 2001,
                max: 2000
            }
            .to_string(),
            "写了 2001 个字，最多 2000 个"
        );
    }
}
