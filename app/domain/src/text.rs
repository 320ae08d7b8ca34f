//! What people write: bounded, and nothing in it that is not seen.

use crate::name::is_unseen;

/// Longest reason, in characters.
pub const LONGEST_REASON: usize = 1_000;

/// Why a text is refused, in words for the field it was typed in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    /// Fewer characters than asked for.
    #[error("at least {0} characters")]
    TooShort(u16),
    /// More characters than are kept.
    #[error("at most {0} characters")]
    TooLong(usize),
    /// Control or direction characters, which would change how the rest is read.
    #[error("only characters that can be seen")]
    Unseen,
}

/// Trims a reason and checks it; line breaks are allowed.
///
/// # Errors
/// It is too short or too long, or holds what cannot be seen.
pub fn reason(text: &str, at_least: u16) -> Result<String, BadText> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    let count = text.chars().count();
    if count < usize::from(at_least) {
        return Err(BadText::TooShort(at_least));
    }
    if count > LONGEST_REASON {
        return Err(BadText::TooLong(LONGEST_REASON));
    }
    if text.chars().any(|character| character != '\n' && is_unseen(character)) {
        return Err(BadText::Unseen);
    }
    Ok(text)
}

/// What can be seen of a foreign text, at most this many characters of it: line breaks become
/// spaces, control and direction characters are dropped.
pub fn seen(text: &str, most: usize) -> String {
    let flat = text.replace(['\r', '\n', '\t'], " ");
    let kept: String = flat.trim().chars().filter(|kept| !is_unseen(*kept)).collect();
    match kept.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &kept[..end]),
        None => kept,
    }
}

/// What can be seen of a line that a program wrote, with its indentation.
pub fn line(text: &str) -> String {
    text.trim_end().chars().filter(|kept| !is_unseen(*kept)).collect()
}

/// Begins with a capital and ends with a full stop.
pub fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    let first: String = rest.next().into_iter().flat_map(char::to_uppercase).collect();
    let stop = if text.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("{first}{}{stop}", rest.as_str())
}

/// An error and all that caused it, for a line of the log.
pub fn causes(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        words = format!("{words}: {source}");
        cause = source.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_log_names_every_cause() {
        #[derive(Debug, thiserror::Error)]
        #[error("the door is shut")]
        struct Shut(#[source] std::io::Error);
        let lost = std::io::Error::other("the key is lost");
        assert_eq!(causes(&Shut(lost)), "the door is shut: the key is lost");
    }

    #[test]
    fn t_06_a_foreign_text_is_bounded_and_holds_nothing_unseen() {
        assert_eq!(seen(" a\u{1b}[31m\r\nb\u{202e}c ", 80), "a[31m  bc");
        assert_eq!(seen("abcdef", 3), "abc…");
        assert_eq!(seen("zoë", 3), "zoë");
    }

    #[test]
    fn t_06_a_line_keeps_its_indentation_and_nothing_unseen() {
        assert_eq!(line("  if x\u{202e}: \u{1b}[0m  "), "  if x: [0m");
    }

    #[test]
    fn a_08_reasons_are_bounded_and_hold_nothing_unseen() {
        assert_eq!(reason("  too short ", 10), Err(BadText::TooShort(10)));
        assert_eq!(reason(&"x".repeat(1_001), 10), Err(BadText::TooLong(1_000)));
        assert_eq!(reason("reads \u{202e}backwards", 10), Err(BadText::Unseen));
        assert_eq!(reason("a bell \u{7} rings", 10), Err(BadText::Unseen));
        assert_eq!(reason("two\r\nlines are fine", 10).as_deref(), Ok("two\nlines are fine"));
    }

    #[test]
    fn a_sentence_begins_with_a_capital_and_ends_once() {
        assert_eq!(sentence("the form has mistakes"), "The form has mistakes.");
        assert_eq!(sentence("éa?"), "Éa?");
        assert_eq!(sentence(""), ".");
    }
}
