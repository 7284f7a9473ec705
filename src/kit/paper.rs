//! Sentences that go into official papers: what is compared with what, and no space anywhere.

/// As `prose::compare` says that there is no difference.
const LEVEL: &str = "持平";

/// 比上年同期多 3 人, but 与上年同期持平: a comparison of `prose`, with what.
pub fn against(base: &str, said: &str) -> String {
    let with = if said == LEVEL { "与" } else { "比" };
    format!("{with}{base}{said}")
}

/// As an official paper is written: a page's 2026 年 1 月 becomes 2026年1月. Between Latin words a space stays.
pub fn without_spaces(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_latin = |c: &char| c.is_ascii_graphic();
        let between =
            out.chars().last().is_some_and(|c| is_latin(&c)) && chars.peek().is_some_and(is_latin);
        if c != ' ' || between {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::prose::compare;

    #[test]
    fn what_is_level_is_level_with_something() {
        assert_eq!(against("上年同期", "多 3 人"), "比上年同期多 3 人");
        assert_eq!(against("上年同期", &compare(5, 5, "人")), "与上年同期持平");
    }

    #[test]
    fn a_paper_has_no_spaces() {
        assert_eq!(
            without_spaces("2026 年 1 月 1 日至 11 月 24 日，占 全覆盖（Excel 2016 台账）"),
            "2026年1月1日至11月24日，占全覆盖（Excel 2016台账）"
        );
    }
}
