//! What a password may be, and the one-time codes by which an account is opened or opened again.
//!
//! Rules: ten characters or more, three of four classes (small letters, capitals, digits, everything else), none that
//! many people choose, and not the phone number that one signs in with. No forced change and no history. The sentence
//! for each [`Fault`] stands in `form.rs`.

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::kit::text::half_width;
use crate::platform::session::hash;

/// Characters, not bytes. The upper bound keeps the work of hashing bounded.
pub const MIN_LENGTH: usize = 10;
pub const MAX_LENGTH: usize = 128;
pub const MIN_CLASSES: usize = 3;

/// Characters of a one-time code, in two groups. 31 possible ones each: 49 bits.
pub const CODE_LENGTH: usize = 10;
/// Without 0, O, 1, I and L, which are mistaken for each other on paper, and in one case only, because
/// it is read out on the phone.
const CODE_ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// Made by `script/weak-passwords`; small letters and digits only.
const WEAK: &str = include_str!("weak.txt");

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Fewer than [`MIN_LENGTH`] characters.
    Short,
    /// More than [`MAX_LENGTH`] characters.
    Long,
    /// Fewer than [`MIN_CLASSES`] of the four classes.
    Plain,
    /// It is the account's phone number or contains it, with or without separators.
    Phone,
    /// Many people choose it: on the weak list, or one short piece repeated.
    Weak,
}

/// Asks all rules, the simplest first. `phone`: 11 digits, as stored.
pub fn check(password: &str, phone: &str) -> Result<(), Fault> {
    let length = password.chars().count();
    if length < MIN_LENGTH {
        return Err(Fault::Short);
    }
    if length > MAX_LENGTH {
        return Err(Fault::Long);
    }
    if names_phone(password, phone) {
        return Err(Fault::Phone);
    }
    if classes(password) < MIN_CLASSES {
        return Err(Fault::Plain);
    }
    if is_weak(password) {
        return Err(Fault::Weak);
    }
    Ok(())
}

fn names_phone(password: &str, phone: &str) -> bool {
    let digits: String = password.chars().filter(char::is_ascii_digit).collect();
    !phone.is_empty() && (password.contains(phone) || digits.contains(phone))
}

fn classes(password: &str) -> usize {
    let tests: [fn(char) -> bool; 4] = [
        |c| c.is_ascii_lowercase(),
        |c| c.is_ascii_uppercase(),
        |c| c.is_ascii_digit(),
        |c| !c.is_ascii_alphanumeric(),
    ];
    tests
        .iter()
        .filter(|test| password.chars().any(test))
        .count()
}

/// Folded, because `Qwer1234!` and `qwer@1234` are one choice: capitals and signs add nothing that a guesser does not try.
fn is_weak(password: &str) -> bool {
    let lower = password.to_lowercase();
    let bare: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    let read: String = lower.chars().filter_map(letter_of_sign).collect();
    let shifted: String = lower.chars().filter_map(key_of_sign).collect();
    [lower, bare, read, shifted].iter().any(|folded| {
        let piece = repeated_piece(folded);
        piece.chars().count() <= 4 || weak_list().contains(piece)
    })
}

/// A sign read as the letter that it stands for in `p@$$word`; other signs are dropped.
fn letter_of_sign(c: char) -> Option<char> {
    match c {
        '@' => Some('a'),
        '$' => Some('s'),
        '!' => Some('i'),
        _ => Some(c).filter(|c| c.is_alphanumeric()),
    }
}

/// A sign read as the digit on its key, for walks over the keyboard (`!qaz@wsx`); other signs are dropped.
fn key_of_sign(c: char) -> Option<char> {
    match ")!@#$%^&*(".find(c) {
        Some(digit) => char::from_digit(u32::try_from(digit).ok()?, 10),
        None => Some(c).filter(|c| c.is_alphanumeric()),
    }
}

/// The shortest piece that gives the whole text when repeated: `abc1` of `abc1abc1abc1`, else the text itself.
fn repeated_piece(text: &str) -> &str {
    text.char_indices()
        .map(|(end, _)| &text[..end])
        .skip(1)
        .find(|piece| {
            text.len().is_multiple_of(piece.len()) && text.split(piece).all(str::is_empty)
        })
        .unwrap_or(text)
}

fn weak_list() -> &'static HashSet<&'static str> {
    static LIST: OnceLock<HashSet<&'static str>> = OnceLock::new();
    LIST.get_or_init(|| WEAK.lines().collect())
}

/// A new one-time code, `K7QM2-3XWPA`, to be shown once and stored only as its [`code_hash`].
pub fn new_code() -> String {
    let mut code = String::with_capacity(CODE_LENGTH);
    while code.len() < CODE_LENGTH {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the kernel gives random bytes");
        // 248 is the largest multiple of 31 in a byte: above it some characters would be likelier.
        let fair = bytes.iter().filter(|byte| **byte < 248);
        let drawn =
            fair.map(|byte| char::from(CODE_ALPHABET[usize::from(*byte) % CODE_ALPHABET.len()]));
        code.extend(drawn.take(CODE_LENGTH - code.len()));
    }
    code.insert(CODE_LENGTH / 2, '-');
    code
}

/// What is stored of a one-time code. The dash and spaces do not count, whichever are typed, nor do
/// small letters; full-width letters are the same letters.
pub fn code_hash(code: &str) -> String {
    let narrow = half_width(code);
    let typed = narrow.chars().filter(char::is_ascii_alphanumeric);
    let typed: String = typed.map(|c| c.to_ascii_uppercase()).collect();
    hash(&typed)
}

/// Whether a typed code is the stored one, in a time that does not tell how much of it is right. Codes
/// given before they had one case only are good for their twenty days.
pub fn code_matches(typed: &str, stored: &str) -> bool {
    let narrow = half_width(typed);
    let cased: String = narrow.chars().filter(|c| !c.is_whitespace()).collect();
    is_digest(&code_hash(typed), stored) | is_digest(&hash(&cased), stored)
}

fn is_digest(digest: &str, stored: &str) -> bool {
    let pairs = digest.bytes().zip(stored.bytes());
    let difference = pairs.fold(0, |sum, (a, b)| sum | (a ^ b));
    stored.len() == digest.len() && std::hint::black_box(difference) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHONE: &str = "19900000001";

    fn fault(password: &str) -> Option<Fault> {
        check(password, PHONE).err()
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(fault(""), Some(Fault::Short));
        assert_eq!(fault("Kx7#mQ2v9"), Some(Fault::Short));
        assert_eq!(fault("Kx7#mQ2v9w"), None);
        assert_eq!(
            fault("夜访到家门口x7"),
            Some(Fault::Short),
            "eight characters, though 20 bytes"
        );
        assert_eq!(fault("夜访到家门口x7灯亮"), None);
        let long = format!("Kx7#{}", "夜灯".repeat(62));
        assert_eq!(fault(&long), None);
        assert_eq!(fault(&format!("{long}z")), Some(Fault::Long));
    }

    #[test]
    fn three_of_four_classes() {
        for plain in [
            "kxqmvwzrtb",
            "kxqmv73914",
            "KXQMV73914",
            "kxqmv#%^&*",
            "7391402856",
        ] {
            assert_eq!(fault(plain), Some(Fault::Plain), "{plain}");
        }
        for good in [
            "kxqmv7391#",
            "Kxqmv73914",
            "KXQMV7391#",
            "Kxqmv#%^&*",
            "kxqmv 7391",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
    }

    #[test]
    fn never_the_phone() {
        for phone in [PHONE, "Kx#19900000001", "Kx199-0000-0001", "19900000001Kx#"] {
            assert_eq!(fault(phone), Some(Fault::Phone), "{phone}");
        }
        assert_eq!(check("Kx7#mQ2v9w", ""), Ok(()), "no phone known");
        assert_eq!(fault("Kx#1990000002"), None);
    }

    #[test]
    fn common_ones_are_refused_however_dressed() {
        for weak in [
            "Password123",
            "P@ssw0rd123",
            "Admin@123456",
            "Qwer1234!@#$",
            "1qaz@WSX3edc",
            "Woaini1314!",
            "Gongqingtuan1!",
            "Qwert!@#$%6",
            "gongqingtuan@2026",
            "Tuanshiwei@2025",
            "Aa123456!!",
            "Aa12345678",
            "Abcd1234!@",
            "!QAZ2wsx#EDC",
            "Huzhou@2026",
            "Qingting#2026",
            "Aa1!Aa1!Aa1!",
            "Ab1Ab1Ab1Ab1",
            "Qwer1234Qwer1234",
            "123456@Admin",
            "A!!!!!!!!1",
        ] {
            assert_eq!(fault(weak), Some(Fault::Weak), "{weak}");
        }
        for good in [
            "Yexun-deng-21-liang",
            "Liuping7zhen#rain",
            "3Lamps&1dog&snow",
            "夜访Qingting走了9户",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
    }

    #[test]
    fn the_list_is_as_the_check_compares() {
        let entries: Vec<&str> = WEAK.lines().collect();
        assert!(entries.len() > 2_000, "{} entries", entries.len());
        assert!(
            entries.windows(2).all(|pair| pair[0] < pair[1]),
            "sorted, each once"
        );
        let folded = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        assert!(entries.iter().all(|entry| entry.chars().all(folded)));
    }

    #[test]
    fn codes_use_every_character_and_none_that_is_mistaken() {
        let codes: HashSet<String> = (0..2_000).map(|_| new_code()).collect();
        assert_eq!(codes.len(), 2_000, "no code twice");
        let shape = |code: &String| code.len() == CODE_LENGTH + 1 && code.find('-') == Some(5);
        assert!(codes.iter().all(shape));
        let used: HashSet<char> = codes.iter().flat_map(|code| code.chars()).collect();
        assert_eq!(used.len(), CODE_ALPHABET.len() + 1, "and the dash");
        assert!("0O1ILabc".chars().all(|c| !used.contains(&c)));
    }

    #[test]
    fn a_code_matches_only_its_own_digest() {
        let stored = code_hash("K7QM2-3XWPA");
        for same in [
            "K7QM2-3XWPA",
            "k7qm23xwpa",
            " K7qm2 3xwpa\n",
            "K7QM2—3XWPA",
            "Ｋ７ＱＭ２－３ＸＷＰＡ",
        ] {
            assert!(code_matches(same, &stored), "{same}");
        }
        for other in ["", "K7QM2-3XWPB", "K7QM2-3XWP"] {
            assert!(!code_matches(other, &stored), "{other}");
        }
        assert!(!code_matches("K7QM2-3XWPA", &stored[..63]));
        assert!(!code_matches("K7QM2-3XWPA", ""));
        let before = hash("Ab3dEf7h");
        assert!(code_matches(" Ab3d Ef7h", &before), "given before");
        assert!(!code_matches("ab3dEf7h", &before));
    }
}
