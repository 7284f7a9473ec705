//! What was typed to find somebody, as ranges of words: `word >= w and word < after(w)`.

use crate::kit::text::is_han;

/// `wang xiao fang`, `w x f`, `王 小芳`: parts of one name, of two also the other way round. Whom the
/// joined word finds, each of the parts finds too, and much faster.
pub fn joined(words: &[String]) -> Vec<String> {
    let letters = |word: &String| !word.bytes().any(|b| b.is_ascii_digit());
    match words {
        all if !all.iter().all(letters) => Vec::new(),
        [] | [_] => Vec::new(),
        [one, two] => vec![format!("{one}{two}"), format!("{two}{one}")],
        all => vec![all.concat()],
    }
}

/// The rarest first: four digits, then the longest; a Chinese character tells more than a letter.
pub fn by_rarity(mut words: Vec<String>) -> Vec<String> {
    let weight = |word: &String| {
        let digits = word.bytes().all(|b| b.is_ascii_digit());
        let characters = word.chars().map(|c| if is_han(c) { 3 } else { 1 });
        if digits {
            word.len() * 3
        } else {
            characters.sum()
        }
    };
    words.sort_by_key(|word| std::cmp::Reverse(weight(word)));
    words
}

/// The first text, in byte order, that no word with this beginning comes after.
pub fn after(word: &str) -> String {
    format!("{word}\u{10FFFF}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarest_word_leads() {
        let sorted = |words: &[&str]| by_rarity(words.iter().map(|w| (*w).to_owned()).collect());
        assert_eq!(sorted(&["wang", "1234"]), ["1234", "wang"]);
        assert_eq!(sorted(&["王", "小芳"]), ["小芳", "王"]);
        assert_eq!(sorted(&["li", "王"]), ["王", "li"]);
    }

    #[test]
    fn parts_of_a_name_are_one_word() {
        let joined =
            |words: &[&str]| joined(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        assert_eq!(joined(&["w", "x", "f"]), ["wxf"]);
        assert_eq!(joined(&["fang", "wang"]), ["fangwang", "wangfang"]);
        assert_eq!(joined(&["王"]), Vec::<String>::new());
        assert_eq!(joined(&["小芳", "1234"]), Vec::<String>::new());
    }

    #[test]
    fn a_range_holds_every_word_with_that_beginning() {
        for word in ["王小芳", "王\u{2A6D6}", "王"] {
            assert!(("王"..after("王").as_str()).contains(&word), "{word}");
        }
        assert!(!("王"..after("王").as_str()).contains(&"玌"));
    }
}
