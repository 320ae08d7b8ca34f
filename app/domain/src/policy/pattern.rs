//! Names with at most one `*`, which stands for any run of characters.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A name, or a pattern of names such as `team-*`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NamePattern {
    text: String,
    star: Option<usize>,
}

impl NamePattern {
    /// Reads a pattern: 1 to 63 characters of `a-z`, `0-9`, `-` and at most one `*`.
    ///
    /// # Errors
    /// What is wrong with the text, for whoever wrote it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let stars = text.matches('*').count();
        if text.is_empty() || text.len() > 63 || stars > 1 {
            return Err(format!("{text:?} is not a name or a pattern with at most one *"));
        }
        if let Some(wrong) = text.bytes().find(|byte| !fits(*byte) && *byte != b'*') {
            return Err(format!("{text:?} holds {:?}, which no name can hold", char::from(wrong)));
        }
        Ok(Self { text: text.to_owned(), star: text.find('*') })
    }

    /// Whether the name is one of those meant.
    pub fn matches(&self, name: &str) -> bool {
        let Some(star) = self.star else { return self.text == name };
        let (before, after) = (&self.text[..star], &self.text[star + 1..]);
        name.len() >= before.len() + after.len()
            && name.starts_with(before)
            && name.ends_with(after)
    }

    /// How narrowly the pattern speaks: a whole name beats any pattern, a longer pattern a shorter.
    pub fn specificity(&self) -> u8 {
        let letters = u8::try_from(self.text.len()).unwrap_or(u8::MAX);
        if self.star.is_none() { u8::MAX } else { letters - 1 }
    }
}

impl fmt::Display for NamePattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl TryFrom<String> for NamePattern {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<NamePattern> for String {
    fn from(pattern: NamePattern) -> Self {
        pattern.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_run_of_characters() {
        let cases = [
            ("payments", "payments", true),
            ("payments", "payments-2", false),
            ("team-*", "team-a", true),
            ("team-*", "team-", true),
            ("team-*", "steam-a", false),
            ("*-prod", "shop-prod", true),
            ("a*a", "a", false),
            ("*", "anything", true),
        ];
        for (pattern, name, expected) in cases {
            let pattern = NamePattern::parse(pattern).unwrap();
            assert_eq!(pattern.matches(name), expected, "{pattern} against {name}");
        }
    }

    #[test]
    fn what_no_name_can_hold_is_refused() {
        for text in ["", "**", "a*b*", "Payments", "a b", "a/b"] {
            assert!(NamePattern::parse(text).is_err(), "{text:?}");
        }
    }
}
