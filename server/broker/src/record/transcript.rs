//! What a recording shows, as lines of text.

use domain::broker::{Excerpt, Found, Hit, Line, Refusal, Spot};
use domain::{SessionId, text};

use super::reading::unread;
use crate::Bound;
use crate::port::{RecorderError, Transcript};

/// Lines before the place that was asked for.
const LEAD: usize = 20;
/// The longest text that is looked for, in characters.
const LONGEST: usize = 200;

/// A part of a recording's transcript.
pub(crate) async fn transcript(
    bound: &Bound,
    id: SessionId,
    place: Spot,
) -> Result<Excerpt, Refusal> {
    bound.reading(id).await?;
    Ok(shown(bound, id).await.map_err(unread)?.excerpt(place))
}

/// The lines of a recording that contain a text.
pub(crate) async fn find(bound: &Bound, id: SessionId, text: &str) -> Result<Found, Refusal> {
    bound.reading(id).await?;
    let shown = shown(bound, id).await.map_err(unread)?;
    Ok(Sought::new(text).map_or_else(Found::default, |sought| sought.all(&shown.lines)))
}

/// Everything that a recording shows, as far as the recorder reads it.
pub(super) struct Shown {
    /// By the time they were shown first; none of them controls a terminal or the direction of
    /// text.
    pub(super) lines: Vec<Line>,
    /// About how many lines were shown beside them.
    pub(super) missing: u64,
}

/// Reads all that a recording shows.
pub(super) async fn shown(bound: &Bound, id: SessionId) -> Result<Shown, RecorderError> {
    let Transcript { lines, missing } = bound.portal.recorder.transcript(id).await?;
    let seen = |line: crate::port::Line| Line { at_us: line.at_us, text: text::line(&line.text) };
    let mut lines: Vec<_> = lines.into_iter().map(seen).collect();
    lines.sort_by_key(|line| line.at_us);
    Ok(Shown { lines, missing })
}

impl Shown {
    /// The part around a place.
    pub(super) fn excerpt(self, place: Spot) -> Excerpt {
        let Self { lines, missing } = self;
        let total = lines.len();
        let wanted = match place {
            Spot::At(at_us) => {
                let there = lines.iter().position(|line| line.at_us >= at_us).unwrap_or(total);
                there.saturating_sub(LEAD)
            }
            Spot::Line(line) => line,
        };
        // A part at the end is as long as any.
        let first = wanted.min(total.saturating_sub(Excerpt::LINES));
        let lines = lines.into_iter().skip(first).take(Excerpt::LINES).collect();
        Excerpt { first, lines, total, missing }
    }
}

/// A text that is looked for, in any case.
#[derive(Debug)]
pub(super) struct Sought(String);

impl Sought {
    /// None where there is nothing to look for.
    pub(super) fn new(text: &str) -> Option<Self> {
        let text: String = text.trim().chars().take(LONGEST).collect();
        (!text.is_empty()).then(|| Self(text.to_lowercase()))
    }

    /// What is looked for.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// The first line, and how many there are; none where there is none.
    pub(super) fn hit(&self, lines: &[Line]) -> Option<Hit> {
        let mut found = lines.iter().filter(|line| self.is_in(line));
        let line = found.next()?.clone();
        Some(Hit { line, lines: u32::try_from(found.count() + 1).unwrap_or(u32::MAX) })
    }

    /// The lines, as many as are listed.
    pub(super) fn all(&self, lines: &[Line]) -> Found {
        let mut found = lines.iter().filter(|line| self.is_in(line));
        let listed: Vec<_> = found.by_ref().take(Found::LINES).cloned().collect();
        let total = listed.len() + found.count();
        Found { lines: listed, total }
    }

    fn is_in(&self, line: &Line) -> bool {
        line.text.to_lowercase().contains(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: u64) -> Vec<Line> {
        (0..count).map(|number| Line { at_us: number, text: format!("Line {number}") }).collect()
    }

    #[test]
    fn an_excerpt_is_around_the_place_and_never_long() {
        let part = |count, place| {
            let part = Shown { lines: lines(count), missing: 0 }.excerpt(place);
            (part.first, part.lines.len(), part.earlier(), part.later())
        };
        assert_eq!(part(0, Spot::At(5)), (0, 0, None, None));
        assert_eq!(part(10, Spot::At(99)), (0, 10, None, None));
        let middle = (480, 300, Some(Spot::Line(180)), Some(Spot::Line(780)));
        assert_eq!(part(1_000, Spot::At(500)), middle);
        assert_eq!(part(1_000, Spot::Line(900)), (700, 300, Some(Spot::Line(400)), None));
        assert_eq!(part(1_000, Spot::Line(usize::MAX)).0, 700);
    }

    #[test]
    fn a_text_is_found_in_any_case_and_what_is_listed_is_bounded() {
        let sought = Sought::new("  LINE ").unwrap();
        let all = sought.all(&lines(500));
        assert_eq!((all.lines.len(), all.total), (Found::LINES, 500));
        let hit = Sought::new("e 49").unwrap().hit(&lines(500)).unwrap();
        assert_eq!((hit.line.at_us, hit.lines), (49, 11));
        assert!(Sought::new("e 49").unwrap().hit(&lines(20)).is_none());
        assert!(Sought::new(" \n").is_none());
        assert_eq!(Sought::new(&"x".repeat(900)).unwrap().text().len(), LONGEST);
    }
}
