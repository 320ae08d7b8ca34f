//! Regular expressions over what people type. They are matched in linear time: no text can make
//! them slow.

use std::fmt;

use regex::Regex;
use serde::{Deserialize, Serialize};

/// Longest text of a pattern, in bytes.
const LONGEST: usize = 500;

/// A regular expression; two with the same text are the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TextPattern {
    anywhere: Regex,
    whole: Regex,
}

impl TextPattern {
    /// Reads a pattern of at most 500 bytes.
    ///
    /// # Errors
    /// What is wrong with it, in one line.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() || text.len() > LONGEST {
            return Err(format!("a pattern has 1 to {LONGEST} characters"));
        }
        let read = |text: &str| {
            Regex::new(text).map_err(|cause| {
                let cause = cause.to_string();
                let last = cause.lines().last().unwrap_or_default();
                format!("is not a regular expression: {}", last.trim_start_matches("error: "))
            })
        };
        Ok(Self { anywhere: read(text)?, whole: read(&format!("^(?:{text})$"))? })
    }

    /// Whether some part of the text matches.
    pub fn is_in(&self, text: &str) -> bool {
        self.anywhere.is_match(text)
    }

    /// Whether the text matches from its beginning to its end.
    pub fn is_all_of(&self, text: &str) -> bool {
        self.whole.is_match(text)
    }
}

impl fmt::Display for TextPattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.anywhere.as_str())
    }
}

impl PartialEq for TextPattern {
    fn eq(&self, other: &Self) -> bool {
        self.anywhere.as_str() == other.anywhere.as_str()
    }
}

impl Eq for TextPattern {}

impl TryFrom<String> for TextPattern {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<TextPattern> for String {
    fn from(pattern: TextPattern) -> Self {
        pattern.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_found_anywhere_or_is_all_there_is() {
        let ticket = TextPattern::parse("OPS-[0-9]+|INC-[0-9]+").unwrap();
        assert!(ticket.is_in("see OPS-12 for more"));
        assert!(ticket.is_all_of("INC-7"));
        for other in ["see OPS-12", "OPS-12\n", "OPS-", ""] {
            assert!(!ticket.is_all_of(other), "{other:?}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_named() {
        for (text, problem) in [("", "1 to 500"), ("OPS-[0-9", "unclosed character class")] {
            let told = TextPattern::parse(text).unwrap_err();
            assert!(told.contains(problem), "{told}");
        }
    }
}
