//! What was typed, before anything is checked: names and texts in their order. A missing field is a
//! fault with a sentence, a repeated one a list; nothing typed is ever refused by a parser.

/// Fields of a form or of a query string. What no text holds, bytes that are no UTF-8 and NUL, arrives
/// as U+FFFD, which `kit::text::clean` refuses with a sentence and a search does not find.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    pub fn parse(bytes: &[u8]) -> Self {
        let readable = |text: String| {
            if text.contains('\0') {
                text.replace('\0', "\u{fffd}")
            } else {
                text
            }
        };
        let pairs = form_urlencoded::parse(bytes).into_owned();
        Self(pairs.map(|(n, v)| (readable(n), readable(v))).collect())
    }

    pub fn of(pairs: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self(pairs.iter().map(owned).collect())
    }

    /// The first value of that name; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.opt(name).unwrap_or("")
    }

    pub fn opt(&self, name: &str) -> Option<&str> {
        let mut pairs = self.0.iter();
        pairs.find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Owned, for a form struct of raw strings.
    pub fn text(&self, name: &str) -> String {
        self.get(name).to_owned()
    }

    /// Each value of that name: ticked boxes.
    pub fn all(&self, name: &str) -> Vec<String> {
        let named = self.0.iter().filter(|(n, _)| n == name);
        named.map(|(_, v)| v.clone()).collect()
    }

    /// A box that is ticked, or a button that was pressed.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// The numbers n for which a field `{prefix}{n}-…` was sent, in order: repeated blocks.
    pub fn blocks(&self, prefix: &str) -> Vec<u32> {
        let number = |name: &str| {
            let (number, _) = name.strip_prefix(prefix)?.split_once('-')?;
            number.parse::<u32>().ok()
        };
        let mut numbers: Vec<u32> = self.0.iter().filter_map(|(n, _)| number(n)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_browser_sends() {
        let fields =
            Fields::parse("name=%E5%AE%8B&kind=a&kind=b&p2-text=x&p10-text=&p2-cat=01".as_bytes());
        assert_eq!(fields.get("name"), "宋");
        assert_eq!(fields.all("kind"), ["a", "b"]);
        assert_eq!(fields.blocks("p"), [2, 10]);
        assert_eq!(fields.get("missing"), "");
        assert!(!fields.has("missing"));
    }

    #[test]
    fn bytes_that_are_no_text_stay_visible_as_such() {
        assert_eq!(Fields::parse(b"a=%FF").get("a"), "\u{fffd}");
        assert_eq!(Fields::parse(b"a=b%00c").get("a"), "b\u{fffd}c");
    }
}
