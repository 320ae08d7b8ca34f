//! Values that stand in several places of the file.

use std::time::Duration;

use serde_saphyr::Spanned;

use crate::document::Mistake;
use crate::duration;
use crate::policy::TextPattern;

/// The longest that anything in a policy may last.
const LONGEST: Duration = Duration::from_hours(7 * 24);

/// A list with something in it: an empty one would silently match nothing.
pub(super) fn filled<T>(list: Option<Spanned<T>>, field: &str) -> Result<Option<T>, Mistake>
where
    for<'a> &'a T: IntoIterator,
{
    match list {
        Some(list) if (&list.value).into_iter().next().is_none() => {
            Err(Mistake::at(&list, field, "must not be empty"))
        }
        other => Ok(other.map(|list| list.value)),
    }
}

/// A list that must be there, with something in it.
pub(super) fn some<T>(list: Spanned<T>, field: &str) -> Result<T, Mistake>
where
    for<'a> &'a T: IntoIterator,
{
    if (&list.value).into_iter().next().is_none() {
        return Err(Mistake::at(&list, field, "must not be empty"));
    }
    Ok(list.value)
}

/// What people read: visible, and no longer than this.
pub(super) fn words(text: Spanned<String>, field: &str, most: usize) -> Result<String, Mistake> {
    let count = text.value.chars().count();
    if count == 0 || count > most || text.value.chars().any(crate::name::is_unseen) {
        let problem = format!("must be 1 to {most} visible characters");
        return Err(Mistake::at(&text, field, &problem));
    }
    Ok(text.value)
}

/// A length of time, at most a week.
pub(super) fn length(text: &Spanned<String>, field: &str) -> Result<Duration, Mistake> {
    match duration::parse(&text.value) {
        Ok(length) if length <= LONGEST => Ok(length),
        Ok(_) => Err(Mistake::at(text, field, "must be at most 7 days")),
        Err(problem) => Err(Mistake::at(text, field, &problem)),
    }
}

/// A regular expression.
pub(super) fn pattern(text: &Spanned<String>, field: &str) -> Result<TextPattern, Mistake> {
    TextPattern::parse(&text.value).map_err(|problem| Mistake::at(text, field, &problem))
}
