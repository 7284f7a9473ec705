//! Phone numbers: one written form, the two kinds that exist, and the mask (domain.md §4.6).
//!
//! A number is no key: children share a guardian's phone, so that two youths with one number are a warning only.

use super::text::half_width;

/// Why a text is no phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneFault {
    Empty,
    /// Neither a mobile number of 11 digits nor a landline with its area code.
    Shape,
}

/// Digits only: full-width digits made narrow, spaces, hyphens, brackets and a leading +86 taken away. What is no
/// number stays as it is, for the check to refuse.
pub fn normalise(raw: &str) -> String {
    let bare: String = half_width(raw)
        .chars()
        .filter(|c| {
            !c.is_whitespace() && !matches!(c, '-' | '‐' | '‑' | '–' | '—' | '(' | ')' | '.')
        })
        // Copied from a phone's address book, numbers carry invisible direction marks.
        .filter(|c| !matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{FEFF}'))
        .collect();
    let local = bare
        .strip_prefix("+86")
        .or_else(|| bare.strip_prefix("0086"));
    match local.or_else(|| bare.strip_prefix("86").filter(|rest| is_mobile(rest))) {
        Some(rest) => rest.to_owned(),
        None => bare,
    }
}

/// Normalised number, mobile or landline.
pub fn check(raw: &str) -> Result<String, PhoneFault> {
    let number = normalise(raw);
    if number.is_empty() {
        return Err(PhoneFault::Empty);
    }
    if is_mobile(&number) || is_landline(&number) {
        Ok(number)
    } else {
        Err(PhoneFault::Shape)
    }
}

/// `^1[3-9]\d{9}$` on a normalised number.
pub fn is_mobile(number: &str) -> bool {
    let bytes = number.as_bytes();
    bytes.len() == 11 && all_digits(number) && bytes[0] == b'1' && bytes[1] >= b'3'
}

/// `^0\d{2,3}\d{7,8}$` on a normalised number: area code and subscriber.
pub fn is_landline(number: &str) -> bool {
    (10..=12).contains(&number.len()) && all_digits(number) && number.starts_with('0')
}

/// 138****1234; of a landline or anything else only the last four.
pub fn mask(number: &str) -> String {
    let tail = tail4(number).unwrap_or_default();
    if is_mobile(number) {
        format!("{}****{tail}", &number[..3])
    } else {
        format!("****{tail}")
    }
}

/// The last four digits, by which people look a number up; None when there are not more than four, since then they
/// would be the whole number.
pub fn tail4(number: &str) -> Option<&str> {
    (number.len() > 4 && all_digits(number)).then(|| &number[number.len() - 4..])
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_one_number_in_many_ways() {
        for raw in [
            "19900000001",
            " 199 0000 0001 ",
            "199-0000-0001",
            "+86 199 0000 0001",
            "0086-19900000001",
            "8619900000001",
            "１９９０００００００１",
            "＋８６ 199—0000—0001",
            "\u{202A}19900000001\u{202C}",
        ] {
            assert_eq!(check(raw).as_deref(), Ok("19900000001"), "{raw}");
        }
        assert_eq!(check("0572-2030001").as_deref(), Ok("05722030001"));
        assert_eq!(check("（010）8030 0001").as_deref(), Ok("01080300001"));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for raw in [
            "12900000001",
            "1990000000",
            "199000000012",
            "5722030001",
            "123",
            "19900000OO1",
            "张三",
            "０",
            "+86",
        ] {
            let expected = if raw == "+86" {
                PhoneFault::Empty
            } else {
                PhoneFault::Shape
            };
            assert_eq!(check(raw), Err(expected), "{raw}");
        }
        assert_eq!(check("  - "), Err(PhoneFault::Empty));
    }

    #[test]
    fn masks_keep_only_the_ends() {
        assert_eq!(mask("19900001234"), "199****1234");
        assert_eq!(mask("05722031234"), "****1234");
        assert_eq!(mask("1234"), "****");
        assert_eq!(mask("张三的电话"), "****");
        assert_eq!(tail4("19900001234"), Some("1234"));
        assert_eq!(tail4("1234"), None);
        assert_eq!(tail4("号码不明"), None);
    }
}
