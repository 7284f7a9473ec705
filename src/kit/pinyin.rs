//! Words by which a person is found: each tail of the name, full pinyin, initials, the last four digits of the phone.
//!
//! Stored one word a row and searched by prefix (`word >= $1 and word < $2`), which row-level security leaves an
//! index for (architecture.md §5, Search). The `pinyin` crate knows one reading a character and gets surnames wrong
//! (曾 céng, 单 dān), so the surnames stand here; both readings are kept where people type either.

use std::collections::BTreeSet;

use pinyin::ToPinyin;

use super::mask::surname_len;
use super::phone;
use super::text::half_width;

/// Readings of surnames, the usual one first.
const SURNAMES: [(&str, &[&str]); 40] = [
    ("曾", &["zeng", "ceng"]),
    ("单", &["shan", "dan"]),
    ("区", &["ou", "qu"]),
    ("仇", &["qiu", "chou"]),
    ("解", &["xie", "jie"]),
    ("查", &["zha", "cha"]),
    ("任", &["ren"]),
    ("华", &["hua"]),
    ("朴", &["piao", "pu"]),
    ("盖", &["ge", "gai"]),
    ("召", &["shao", "zhao"]),
    ("缪", &["miao", "mou"]),
    ("宓", &["mi", "fu"]),
    ("尹", &["yin"]),
    ("乐", &["yue", "le"]),
    ("翟", &["zhai", "di"]),
    ("覃", &["qin", "tan"]),
    ("晟", &["cheng", "sheng"]),
    ("种", &["chong", "zhong"]),
    ("重", &["chong", "zhong"]),
    ("员", &["yun", "yuan"]),
    ("秘", &["bi", "mi"]),
    ("折", &["she", "zhe"]),
    ("黑", &["he", "hei"]),
    ("洗", &["xian", "xi"]),
    ("冼", &["xian"]),
    ("尉", &["wei", "yu"]),
    ("适", &["kuo", "shi"]),
    ("教", &["jiao"]),
    ("牟", &["mu", "mou"]),
    ("俞", &["yu"]),
    ("隗", &["wei", "kui"]),
    ("郇", &["xun", "huan"]),
    ("繁", &["po", "fan"]),
    ("谌", &["chen", "shen"]),
    ("褚", &["chu"]),
    ("祭", &["zhai", "ji"]),
    ("卜", &["bu"]),
    ("逄", &["pang"]),
    ("曲", &["qu"]),
];

/// Compound surnames that the single characters would spell wrongly.
const COMPOUND: [(&str, &[[&str; 2]]); 8] = [
    ("尉迟", &[["yu", "chi"], ["wei", "chi"]]),
    ("长孙", &[["zhang", "sun"], ["chang", "sun"]]),
    ("单于", &[["chan", "yu"], ["shan", "yu"]]),
    ("万俟", &[["mo", "qi"], ["wan", "si"]]),
    ("澹台", &[["tan", "tai"], ["dan", "tai"]]),
    ("亓官", &[["qi", "guan"]]),
    ("令狐", &[["ling", "hu"]]),
    ("宇文", &[["yu", "wen"]]),
];

/// Characters of given names that are read, or typed, in two ways.
const GIVEN: [(char, &[&str]); 14] = [
    ('乐', &["le", "yue"]),
    ('行', &["xing", "hang"]),
    ('茜', &["qian", "xi"]),
    ('朝', &["chao", "zhao"]),
    ('晟', &["sheng", "cheng"]),
    ('长', &["chang", "zhang"]),
    ('重', &["chong", "zhong"]),
    ('柏', &["bai", "bo"]),
    ('传', &["chuan", "zhuan"]),
    ('盛', &["sheng", "cheng"]),
    ('莘', &["shen", "xin"]),
    ('曾', &["zeng", "ceng"]),
    ('单', &["dan", "shan"]),
    ('娜', &["na", "nuo"]),
];

/// At most so many spellings of one name, however many of its characters have two readings.
const SPELLINGS: usize = 8;

/// Every word under which a person is found, sorted, each once.
///
/// `name` is the normal name (`text::normal_name`), `number` the normalised phone number or empty.
pub fn search_words(name: &str, number: &str) -> Vec<String> {
    let name = folded(name);
    let mut words: BTreeSet<String> = name
        .char_indices()
        .map(|(at, _)| name[at..].to_owned())
        .collect();
    for spelling in spellings(&name) {
        for start in 0..spelling.len() {
            let rest = &spelling[start..];
            words.insert(rest.concat());
            // One letter alone would find half the county.
            if rest.len() > 1 {
                words.insert(rest.iter().filter_map(|s| s.chars().next()).collect());
            }
        }
    }
    words.extend(phone::tail4(number).map(str::to_owned));
    words.into_iter().collect()
}

/// What was typed into the search field, as words that must all be found: split at spaces, lower case, half width.
/// A whole phone number, however spaced, becomes its last four digits; more than six words are ignored.
pub fn query_words(q: &str) -> Vec<String> {
    if let Some(tail) = phone::check(q).ok().as_deref().and_then(phone::tail4) {
        return vec![tail.to_owned()];
    }
    let mut words: Vec<String> = Vec::new();
    for word in half_width(q).split_whitespace() {
        let word = folded(word);
        let word = match phone::tail4(&word) {
            Some(tail) => tail.to_owned(),
            None => word.chars().take(60).collect(),
        };
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    words.truncate(6);
    words
}

/// Lower case, without the signs that stand inside names and what no one can see, ü as it is typed.
fn folded(text: &str) -> String {
    half_width(text)
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .filter(|c| !matches!(c, '·' | '•' | '.' | '-' | '\'' | '’' | '*'))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ü' { 'v' } else { c })
        .collect()
}

/// The ways to spell a name, each as its syllables; signs without a reading stand for themselves.
fn spellings(name: &str) -> Vec<Vec<String>> {
    let surname = &name[..surname_len(name)];
    if let Some((_, readings)) = COMPOUND.iter().find(|(full, _)| *full == surname) {
        let heads = readings
            .iter()
            .map(|two| two.map(str::to_owned).to_vec())
            .collect();
        return extended(heads, &name[surname.len()..]);
    }
    if let Some((_, readings)) = SURNAMES.iter().find(|(full, _)| *full == surname) {
        let heads = readings.iter().map(|one| vec![(*one).to_owned()]).collect();
        return extended(heads, &name[surname.len()..]);
    }
    extended(vec![Vec::new()], name)
}

/// Each head followed by every reading of each further character.
fn extended(mut heads: Vec<Vec<String>>, rest: &str) -> Vec<Vec<String>> {
    for c in rest.chars() {
        let readings = readings(c);
        heads = heads
            .iter()
            .flat_map(|head| {
                readings
                    .iter()
                    .map(|reading| [head.as_slice(), std::slice::from_ref(reading)].concat())
            })
            .take(SPELLINGS)
            .collect();
    }
    heads
}

fn readings(c: char) -> Vec<String> {
    if let Some((_, both)) = GIVEN.iter().find(|(known, _)| *known == c) {
        return both.iter().map(|&one| one.to_owned()).collect();
    }
    match c.to_pinyin() {
        // 吕 is typed lv, printed lyu in passports, and lu by those who know neither.
        Some(known) if known.plain().contains('ü') => ["v", "yu", "u"]
            .iter()
            .map(|u| known.plain().replace('ü', u))
            .collect(),
        Some(known) => vec![known.plain().to_owned()],
        None => vec![c.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, phone: &str, q: &str) -> bool {
        let words = search_words(name, phone);
        query_words(q)
            .iter()
            .all(|asked| words.iter().any(|word| word.starts_with(asked.as_str())))
    }

    #[test]
    fn the_words_of_a_name() {
        assert_eq!(
            search_words("王小芳", "19900001234"),
            [
                "1234",
                "fang",
                "wangxiaofang",
                "wxf",
                "xf",
                "xiaofang",
                "小芳",
                "王小芳",
                "芳"
            ]
        );
        assert_eq!(
            search_words("王芳", ""),
            ["fang", "wangfang", "wf", "王芳", "芳"]
        );
        assert_eq!(search_words("", ""), Vec::<String>::new());
    }

    #[test]
    fn surnames_are_found_by_both_readings() {
        let cases = [
            ("曾国强", &["zengguoqiang", "cengguo", "zgq"][..]),
            ("单小云", &["shanxiaoyun", "danxiaoyun", "sxy", "dxy"]),
            ("区志文", &["ouzhiwen", "quzhiwen"]),
            ("仇英", &["qiuying", "qy", "ying"]),
            ("解明", &["xieming"]),
            ("查小宁", &["zhaxiaoning"]),
            (
                "尉迟小敏",
                &["yuchixiaomin", "weichi", "ycxm", "xiaomin", "小敏"],
            ),
            ("长孙明", &["zhangsunming", "changsunming"]),
            ("覃丽", &["qinli", "tanli"]),
            ("吕小青", &["lvxiaoqing", "lyuxiaoqing", "lüxiao", "lxq"]),
            ("欧阳小芳", &["ouyangxiaofang", "oyxf", "xf", "阳小芳"]),
            ("张乐", &["zhangle", "zhangyue", "zl", "zy"]),
        ];
        for (name, asked) in cases {
            for q in asked {
                assert!(found(name, "", q), "{name} by {q}");
            }
        }
        assert!(!found("王小芳", "", "zxf"));
        assert!(!found("王小芳", "", "xiaowang"));
    }

    #[test]
    fn several_words_must_all_be_found() {
        assert!(found("王小芳", "19900001234", "小芳 1234"));
        assert!(found("王小芳", "19900001234", "ＷＡＮＧ　xiaofang"));
        assert!(found("王小芳", "19900001234", "199 0000 1234"));
        assert!(found("王小芳", "19900001234", "wang xiao fang"));
        assert!(!found("王小芳", "19900001234", "小芳 5678"));
        assert!(found("王小芳", "19900001234", ""));
    }

    #[test]
    fn names_with_dots_latin_and_rare_characters_are_found() {
        assert!(found("阿里·买买提", "", "阿里·买"));
        assert!(found("阿里·买买提", "", "买买提"));
        assert!(found("阿里·买买提", "", "alimaimaiti"));
        assert!(found("John Smith", "", "johnsm"));
        assert!(found("John Smith", "", "smith"));
        assert!(found("王\u{E863}", "", "wang"));
        assert!(found("𠮷小青", "", "小青"));
    }

    #[test]
    fn queries_are_bounded() {
        assert_eq!(query_words("  "), Vec::<String>::new());
        assert_eq!(query_words("王 王 WANG"), ["王", "wang"]);
        assert_eq!(query_words("Xi'an"), ["xian"]);
        assert_eq!(query_words("１３８"), ["138"]);
        assert_eq!(query_words("a b c d e f g h").len(), 6);
        assert_eq!(query_words(&"长".repeat(500))[0].chars().count(), 60);
        assert_eq!(query_words("王**"), ["王"]);
        assert_eq!(query_words("王\0芳 \0"), ["王芳"]);
    }

    #[test]
    fn spellings_do_not_multiply() {
        assert!(search_words("吕乐行茜朝长重柏传盛", "").len() < 200);
        assert!(search_words(&"乐".repeat(25), "").len() < 500);
    }
}
