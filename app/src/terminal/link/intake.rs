//! Output on its way: what is wanted next, what was parsed, what was acknowledged.

use domain::wire::ACKNOWLEDGE_EACH;

/// Offsets in bytes from the session's first output.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    /// What arrives next.
    wanted: u64,
    /// What the emulator has parsed.
    parsed: u64,
    /// What the server was told of.
    acknowledged: u64,
    /// Up to here output is shown again, to a page that did not see it the first time (T-01).
    quiet_until: u64,
    /// Whether any socket was attached before.
    begun: bool,
    /// Pieces that the emulator has not parsed yet.
    writing: usize,
    /// How many of those belong to output that was given up.
    stale: usize,
}

/// What to do with a piece of output.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// Nothing: it was here before.
    Known,
    /// Write it without its first `skip` bytes; nothing in the next `quiet` bytes is answered.
    Write {
        /// Bytes that were here before.
        skip: usize,
        /// Bytes, after those, in which queries stay unanswered.
        quiet: usize,
        /// The offset behind the piece.
        end: u64,
    },
    /// Something before it is missing.
    Gap,
}

/// How output goes on after an attach.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Resumed {
    /// Where it stopped.
    Exactly,
    /// Somewhere else: the screen begins anew.
    Anew,
}

/// Whether somebody else typed since this page was attached last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    /// Nobody, as far as is known.
    Silent,
    /// Another page did.
    Typed,
}

impl Intake {
    /// The offset to ask for.
    pub(crate) fn wanted(&self) -> u64 {
        self.wanted
    }

    /// A socket is attached; output follows from `offset`, and up to `shown` it was sent to a
    /// writer before. To a page that begins, and to one in whose absence `others` typed, that was
    /// somebody else: what was answered then is not answered again (T-01).
    pub(crate) fn attached(&mut self, offset: u64, shown: u64, others: Others) -> Resumed {
        if !self.begun || others == Others::Typed {
            self.begun = true;
            self.quiet_until = shown;
        }
        self.acknowledged = self.acknowledged.max(offset);
        if offset == self.wanted {
            return Resumed::Exactly;
        }
        self.anew(offset);
        Resumed::Anew
    }

    /// The screen is drawn instead of all output before an offset. Returns how much of that this
    /// page will not be sent, in bytes; to a page that begins, nothing is missing.
    pub(crate) fn anew(&mut self, offset: u64) -> u64 {
        let skipped = if self.wanted == 0 { 0 } else { offset.saturating_sub(self.wanted) };
        self.stale = self.writing;
        (self.wanted, self.parsed, self.acknowledged) = (offset, offset, offset);
        skipped
    }

    /// Output arrived.
    pub(crate) fn arrived(&mut self, offset: u64, length: usize) -> Arrival {
        let end = offset + length as u64;
        if offset > self.wanted {
            return Arrival::Gap;
        }
        if end <= self.wanted {
            return Arrival::Known;
        }
        let skip = usize::try_from(self.wanted - offset).unwrap_or(length);
        let quiet = self.quiet_until.saturating_sub(self.wanted);
        let quiet = usize::try_from(quiet).unwrap_or(usize::MAX).min(length - skip);
        self.wanted = end;
        Arrival::Write { skip, quiet, end }
    }

    /// The emulator is given a piece.
    pub(crate) fn writes(&mut self) {
        self.writing += 1;
    }

    /// The emulator parsed the oldest piece that it was given, up to `end`. Returns what to
    /// acknowledge at once.
    pub(crate) fn parsed(&mut self, end: u64) -> Option<u64> {
        self.writing = self.writing.saturating_sub(1);
        if self.stale > 0 {
            self.stale -= 1;
            return None;
        }
        self.parsed = end;
        if end.saturating_sub(self.acknowledged) >= ACKNOWLEDGE_EACH { self.due() } else { None }
    }

    /// Returns what to acknowledge now, if anything.
    pub(crate) fn due(&mut self) -> Option<u64> {
        let more = self.parsed > self.acknowledged;
        more.then(|| {
            self.acknowledged = self.parsed;
            self.parsed
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(skip: usize, quiet: usize, end: u64) -> Arrival {
        Arrival::Write { skip, quiet, end }
    }

    #[test]
    fn output_is_written_once_however_often_it_arrives() {
        let mut intake = Intake::default();
        assert_eq!(intake.attached(0, 0, Others::Silent), Resumed::Exactly);
        assert_eq!(intake.arrived(0, 10), write(0, 0, 10));
        assert_eq!(intake.arrived(0, 10), Arrival::Known);
        assert_eq!(intake.arrived(5, 10), write(5, 0, 15));
        assert_eq!(intake.arrived(16, 1), Arrival::Gap);
        assert_eq!(intake.wanted(), 15);
    }

    #[test]
    fn t_01_what_is_shown_again_to_a_new_page_is_quiet() {
        let mut intake = Intake::default();
        intake.attached(0, 12, Others::Silent);
        assert_eq!(intake.arrived(0, 10), write(0, 10, 10));
        assert_eq!(intake.arrived(10, 10), write(0, 2, 20));
        assert_eq!(intake.attached(20, 30, Others::Silent), Resumed::Exactly);
        assert_eq!(intake.arrived(20, 10), write(0, 0, 30), "this page did not see it before");
    }

    #[test]
    fn t_01_what_another_page_answered_is_quiet_when_this_one_comes_back() {
        let mut intake = Intake::default();
        intake.attached(0, 0, Others::Silent);
        assert_eq!(intake.arrived(0, 10), write(0, 0, 10));
        intake.attached(10, 30, Others::Typed);
        assert_eq!(intake.arrived(10, 30), write(0, 20, 40));
    }

    #[test]
    fn a_screen_takes_the_place_of_what_was_before_it() {
        let mut intake = Intake::default();
        intake.attached(0, 70_000, Others::Silent);
        intake.arrived(0, 40_000);
        intake.writes();
        assert_eq!(intake.anew(60_000), 20_000, "that was not sent");
        assert_eq!(intake.due(), None, "a drawing is not acknowledged");
        assert_eq!(intake.arrived(40_000, 20_000), Arrival::Known);
        assert_eq!(intake.arrived(60_000, 40_000), write(0, 10_000, 100_000));
        intake.writes();
        assert_eq!(intake.parsed(40_000), None, "that was the screen before");
        assert_eq!(intake.parsed(100_000), Some(100_000));
    }

    #[test]
    fn a_page_that_begins_with_a_screen_misses_nothing() {
        let mut intake = Intake::default();
        intake.attached(0, 70_000, Others::Silent);
        assert_eq!(intake.anew(60_000), 0);
        assert_eq!(intake.anew(80_000), 20_000);
    }

    #[test]
    fn output_is_acknowledged_by_what_was_parsed() {
        let mut intake = Intake::default();
        intake.attached(0, 0, Others::Silent);
        intake.arrived(0, 40_000);
        assert_eq!(intake.due(), None);
        assert_eq!(intake.parsed(1_000), None);
        assert_eq!(intake.due(), Some(1_000));
        assert_eq!(intake.due(), None);
        assert_eq!(intake.parsed(1_000 + ACKNOWLEDGE_EACH), Some(1_000 + ACKNOWLEDGE_EACH));
    }

    #[test]
    fn pieces_of_a_screen_that_was_given_up_are_not_acknowledged() {
        let mut intake = Intake::default();
        intake.attached(0, 0, Others::Silent);
        intake.arrived(0, 50_000);
        intake.writes();
        assert_eq!(intake.attached(10_000, 50_000, Others::Silent), Resumed::Anew);
        intake.arrived(10_000, 40_000);
        intake.writes();
        assert_eq!(intake.parsed(50_000), None, "that was the screen before");
        assert_eq!(intake.parsed(50_000), Some(50_000));
    }
}
