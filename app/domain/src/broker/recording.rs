//! What the pages about recordings show.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::SessionRow;
use crate::{Review, Sealed, SessionId};

/// Which recordings are wanted; what is not set matches everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordingFilter {
    /// The username of whose session it was, whole.
    pub who: Option<String>,
    /// The namespace, whole.
    pub namespace: Option<String>,
    /// A part of the pod's or the container's name, in any case.
    pub target: Option<String>,
    /// Only sessions that still ran on this day, UTC, or later.
    pub since: Option<Date>,
    /// Only sessions that ran on this day, UTC, or before.
    pub until: Option<Date>,
    /// Only those that somebody reviewed, or that nobody did.
    pub reviewed: Option<Reviewed>,
    /// A part of a line that was shown, in any case.
    pub shown: Option<String>,
    /// Only recordings that ended before this session's.
    pub before: Option<SessionId>,
}

/// Whether somebody reviewed a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reviewed {
    /// Somebody did.
    Yes,
    /// Nobody did yet.
    No,
}

/// One finished recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingRow {
    /// The session it is of.
    pub session: SessionRow,
    /// When it ended.
    pub ended_at: Timestamp,
    /// Its length and digest.
    pub sealed: Sealed,
    /// Who reviewed it.
    pub review: Option<Review>,
    /// This person may say that they reviewed it.
    pub may_review: bool,
    /// Where it shows what was looked for.
    pub hit: Option<Hit>,
}

/// A line that shows what was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The first such line.
    pub line: Line,
    /// How many lines of the recording do.
    pub lines: u32,
}

/// A line that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When it was first shown: microseconds from the beginning.
    pub at_us: u64,
    /// Its text, without what controls a terminal.
    pub text: String,
}

/// One page of recordings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingList {
    /// Newest first; at most 50.
    pub rows: Vec<RecordingRow>,
    /// Continue with recordings before this session's, where there may be more.
    pub next: Option<SessionId>,
    /// Where something was looked for in them.
    pub searched: Option<Searched>,
}

/// Recordings in which something was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Searched {
    /// Those that were read.
    pub read: u32,
    /// Those of them that show more than their transcript has: the rest may show it.
    pub shortened: u32,
    /// Those that could not be: they may show it.
    pub unread: u32,
}

/// What of a recording is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// Where to begin.
    pub place: Spot,
    /// A part of a line to look for.
    pub sought: Option<String>,
    /// Whether it is to be proven, however long that takes.
    pub proof: Proving,
}

/// A place in a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// Microseconds from the beginning.
    At(u64),
    /// A line of the transcript, counted from 0.
    Line(usize),
}

/// When a recording is read whole to be proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Proving {
    /// Where it is short.
    #[default]
    WhereShort,
    /// In any case.
    Always,
}

/// One recording, for its player.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingView {
    /// The session it is of.
    pub session: SessionRow,
    /// Whether it can be played, and what of it is shown first.
    pub condition: Condition,
    /// Who reviewed it.
    pub review: Option<Review>,
    /// This person may say that they reviewed it.
    pub may_review: bool,
}

/// Whether a recording can be played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// It can.
    Playable(Playable),
    /// The session runs: its recording is not finished.
    Unfinished,
    /// The session is over; what it left is looked for, and its recording is about to be sealed.
    Sealing,
    /// The session is over, something was shown in it, and nothing has the seal of its recording.
    Unsealed,
    /// The session ended before there was anything to record.
    NotBegun,
    /// The portal removed it, and the audit log says so.
    Removed,
    /// The file is not there, and nothing says that it was removed.
    Missing,
    /// The portal has no key that opens it.
    Locked,
    /// The file is there and is not what was written.
    Damaged {
        /// What is wrong with it, for operators.
        why: String,
    },
}

/// What is shown of a recording before it plays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Playable {
    /// When the session ended.
    pub ended_at: Timestamp,
    /// Its size and digest, as they were written down when it was finished.
    pub sealed: Sealed,
    /// Microseconds from its beginning to the last that is in it.
    pub length_us: u64,
    /// A part of the transcript.
    pub excerpt: Excerpt,
    /// The lines that show what was looked for.
    pub found: Option<Found>,
    /// What reading it whole proved.
    pub proof: Option<Proof>,
}

/// A part of a transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The number of its first line, counted from 0.
    pub first: usize,
    /// Its lines; at most 300.
    pub lines: Vec<Line>,
    /// How many lines the whole transcript has.
    pub total: usize,
    /// About how many lines were shown and are not in it: they were too many.
    pub missing: u64,
}

/// Lines that show what was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The first of them; at most 200.
    pub lines: Vec<Line>,
    /// How many there are.
    pub total: usize,
}

/// What a recording proves, read whole and compared with the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Every byte is as it was written, and the audit log has the same digest; where it is archived,
    /// that of the file too.
    Verified {
        /// blake3, lower-case hexadecimal.
        digest: String,
        /// The number of the event that has it.
        event: u64,
    },
    /// It is whole, and another recording, or in another file, than that of which the audit log has
    /// the digest.
    Differs {
        /// Its own digest, with its kind: `blake3 …` of the frames, or `SHA-256 …` of the file.
        found: String,
        /// The audit log's, of the same kind.
        logged: String,
    },
    /// It is whole, and the audit log has no digest of it.
    NotLogged {
        /// Its own digest, with its kind.
        found: String,
    },
    /// It is not what was written.
    Broken {
        /// What is wrong with it.
        why: String,
    },
}

impl Default for Spot {
    fn default() -> Self {
        Self::At(0)
    }
}

impl Excerpt {
    /// The most lines of one.
    pub const LINES: usize = 300;

    /// The part before, where there is one.
    pub fn earlier(&self) -> Option<Spot> {
        (self.first > 0).then(|| Spot::Line(self.first.saturating_sub(Self::LINES)))
    }

    /// The part after, where there is one.
    pub fn later(&self) -> Option<Spot> {
        let end = self.first + self.lines.len();
        (end < self.total).then_some(Spot::Line(end))
    }
}

impl Found {
    /// The most lines that are listed.
    pub const LINES: usize = 200;
}

impl Proof {
    /// A sentence for the page.
    pub fn words(&self) -> String {
        match self {
            Self::Verified { digest, event } => {
                format!("verified: blake3 {digest}, as event {event} of the audit log says")
            }
            Self::Differs { found, logged } => {
                format!("not what was recorded: this file is {found}, the audit log says {logged}")
            }
            Self::NotLogged { found } => {
                format!("whole, but unproven: the audit log has no digest to compare {found} with")
            }
            Self::Broken { why } => format!("not what was recorded: {why}"),
        }
    }
}

impl RecordingFilter {
    /// The first instant of the first day.
    pub fn from(&self) -> Option<Timestamp> {
        self.since.and_then(first_instant)
    }

    /// The first instant after the last day.
    pub fn to(&self) -> Option<Timestamp> {
        first_instant(self.until?.checked_add(Span::new().days(1)).ok()?)
    }
}

impl Reviewed {
    /// Both, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::No, Self::Yes];

    /// The word in the address of a page.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
        }
    }
}

fn first_instant(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_in_utc() {
        let day = "2026-11-27".parse().ok();
        let filter = RecordingFilter { since: day, until: day, ..RecordingFilter::default() };
        let said = |at: Option<Timestamp>| at.map(|at| at.to_string());
        assert_eq!(said(filter.from()).as_deref(), Some("2026-11-27T00:00:00Z"));
        assert_eq!(said(filter.to()).as_deref(), Some("2026-11-28T00:00:00Z"));
        let last = RecordingFilter { until: Some(Date::MAX), ..RecordingFilter::default() };
        assert_eq!(last.to(), None);
    }
}
