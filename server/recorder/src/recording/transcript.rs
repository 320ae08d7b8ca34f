//! What a recording shows, as lines of text.

use std::collections::{HashSet, VecDeque};
use std::path::Path;

use avt::parser::Function;
use avt::{Observation, Observer, Operation, ScreenKind, Terminal};
use broker::port::Line;

use super::{Reader, VerifyError, payload};
use crate::emulator::Emulator;
use crate::frame::Kind;

/// How much work a frame may be, see `emulator`: sixty-four times what its text alone would be.
const WORK: u64 = 1 << 22;
/// The most text of a transcript, in bytes. What a flood brings beyond it is not listed.
const LONGEST: usize = 16 * 1024 * 1024;
/// The longest line, in bytes; a longer one goes on in the next.
const LONGEST_LINE: usize = 16 * 1024;
/// How often a full-screen program is looked at, in microseconds.
const LOOK_EACH: u64 = 1_000_000;

/// Reads the whole file.
pub(crate) fn transcript(path: &Path) -> Result<Vec<Line>, VerifyError> {
    let mut reader = Reader::open(path)?;
    let (columns, rows) = reader.header().size;
    let mut emulator = Emulator::new(columns, rows, WORK);
    let mut text = Text::default();
    while let Some(entry) = reader.next()? {
        text.now_us = entry.head.time_us;
        emulator.allow(WORK);
        if entry.head.kind.is_shown() {
            emulator.feed(entry.payload, &mut text);
        } else if entry.head.kind == Kind::Size
            && let Some(size) = payload::size(entry.payload)
        {
            emulator.resize(size.columns, size.rows, &mut text);
        }
        if text.bytes > LONGEST {
            break;
        }
    }
    if let Some(terminal) = emulator.terminal() {
        text.finish(terminal);
    }
    Ok(text.lines)
}

/// Collects the lines that leave the screen, and those that full-screen programs show.
#[derive(Default)]
struct Text {
    now_us: u64,
    lines: Vec<Line>,
    bytes: usize,
    /// When each row of the primary screen was first written to, from the top.
    rows: VecDeque<Option<u64>>,
    /// A line that is wrapped and goes on in the next row.
    wrapped: Option<Line>,
    /// What a full-screen program showed when it was looked at last.
    seen: HashSet<String>,
    looked_us: Option<u64>,
}

impl Text {
    fn push(&mut self, row: &avt::Line, at_us: u64) {
        let mut line = self.wrapped.take().unwrap_or(Line { at_us, text: String::new() });
        line.text.extend(row.chars());
        if row.is_wrapped() && line.text.len() < LONGEST_LINE {
            self.wrapped = Some(line);
        } else {
            self.keep(line);
        }
    }

    fn keep(&mut self, mut line: Line) {
        line.text.truncate(line.text.trim_end().len());
        if !line.text.is_empty() {
            self.bytes += line.text.len();
            self.lines.push(line);
        }
    }

    /// Dates the rows that have text now and had none before.
    fn date(&mut self, terminal: &Terminal) {
        self.rows.resize(terminal.size().1, None);
        for (row, date) in terminal.primary_screen().visible_lines().zip(&mut self.rows) {
            let blank = row.chars().all(|letter| letter == ' ');
            *date = if blank { None } else { date.or(Some(self.now_us)) };
        }
    }

    /// Takes down what a full-screen program shows that it did not show before.
    fn look(&mut self, terminal: &Terminal) {
        let shown = terminal.screen().text();
        let at_us = self.now_us;
        for text in &shown {
            if !self.seen.contains(text) {
                self.keep(Line { at_us, text: text.clone() });
            }
        }
        self.seen = shown.into_iter().collect();
        self.looked_us = Some(at_us);
    }

    fn finish(&mut self, terminal: &Terminal) {
        if terminal.active_screen_kind() == ScreenKind::Alternate {
            self.look(terminal);
        }
        let dates = std::mem::take(&mut self.rows);
        let dates = dates.into_iter().chain(std::iter::repeat(None));
        for (row, date) in terminal.primary_screen().visible_lines().zip(dates) {
            self.push(row, date.unwrap_or(self.now_us));
        }
        if let Some(line) = self.wrapped.take() {
            self.keep(line);
        }
    }
}

impl Observer for Text {
    type Output = ();

    fn before(&mut self, context: &mut Observation<'_>, operation: &Operation) {
        let Operation::Function(function) = operation else { return };
        let terminal = context.terminal();
        match function {
            Function::Ris => self.finish(terminal),
            Function::Decrst(_) if terminal.active_screen_kind() == ScreenKind::Alternate => {
                self.look(terminal);
            }
            _ => {}
        }
    }

    fn evicted(&mut self, _: &mut Observation<'_>, line: &avt::Line) {
        let date = self.rows.pop_front().flatten();
        self.push(line, date.unwrap_or(self.now_us));
    }

    fn end(&mut self, context: &mut Observation<'_>) {
        let terminal = context.terminal();
        match terminal.active_screen_kind() {
            ScreenKind::Primary => self.date(terminal),
            ScreenKind::Alternate => {
                let due =
                    self.looked_us.is_none_or(|last| self.now_us.saturating_sub(last) >= LOOK_EACH);
                if due {
                    self.look(terminal);
                }
            }
        }
    }
}
