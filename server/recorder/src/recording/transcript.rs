//! What a recording shows, as lines of text.

use std::collections::{HashSet, VecDeque};
use std::path::Path;

use avt::parser::{DecMode, EdScope, Function};
use avt::{Observation, Observer, Operation, ScreenKind, Terminal};
use broker::port::{Line, Transcript};

use super::archive::Archive;
use super::blocks::Blocks;
use super::stretch::{WORK, show};
use super::{Keys, Reader, VerifyError};
use crate::emulator::Emulator;
use crate::frame::Kind;

/// The most that is kept of a transcript, in bytes; what a flood brings beyond it is counted.
pub(crate) const LONGEST: usize = 16 * 1024 * 1024;
/// What a line takes beside its text.
const LINE: usize = 32;
/// The longest line, in bytes; a longer one goes on in the next.
const LONGEST_LINE: usize = 16 * 1024;
/// How often a full-screen program is looked at, in microseconds.
const LOOK_EACH: u64 = 1_000_000;

/// Reads the transcript of an archive, or where there is none all of the file.
pub(crate) fn transcript(path: &Path, keys: &Keys) -> Result<Transcript, VerifyError> {
    let archived = Archive::open(path, keys)?.and_then(|mut archive| archive.transcript());
    match archived {
        Some(transcript) => Ok(transcript),
        None => transcribe(&mut Reader::open(path, keys)?),
    }
}

/// Reads the frames to their end.
pub(crate) fn transcribe(reader: &mut Reader) -> Result<Transcript, VerifyError> {
    let (columns, rows) = reader.header().size;
    let (mut emulator, mut text) = (Emulator::new(columns, rows, WORK), Text::default());
    let mut blocks = Blocks::new(reader.beginning().len());
    while let Some(entry) = reader.next()? {
        if blocks.add(&entry.head) {
            emulator.allow(WORK);
        }
        text.at(entry.head.time_us);
        text.follow(&mut emulator, entry.head.kind, entry.payload);
    }
    Ok(text.finish(emulator.terminal()))
}

/// Collects the lines that leave the screen, and those that full-screen programs show.
#[derive(Default)]
pub(crate) struct Text {
    now_us: u64,
    lines: Vec<Line>,
    missing: u64,
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
    /// Dates what is shown from now on.
    pub(crate) fn at(&mut self, now_us: u64) {
        self.now_us = now_us;
    }

    /// Lets an emulator see a frame. What it is given up over, with its screen, is counted.
    pub(crate) fn follow(&mut self, emulator: &mut Emulator, kind: Kind, payload: &[u8]) {
        show(emulator, kind, payload, &mut *self);
        if emulator.terminal().is_none() && kind.is_shown() {
            let on_screen = std::mem::take(&mut self.rows).into_iter().flatten().count();
            let unseen = payload.split_inclusive(|byte| *byte == b'\n').count();
            self.missing += (on_screen + unseen) as u64;
        }
    }

    /// The lines, with those that are still on the screen.
    pub(crate) fn finish(mut self, terminal: Option<&Terminal>) -> Transcript {
        if let Some(terminal) = terminal {
            if terminal.active_screen_kind() == ScreenKind::Alternate {
                self.look(terminal);
            }
            self.leave(terminal);
        }
        Transcript { lines: self.lines, missing: self.missing }
    }

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
        if line.text.is_empty() {
            return;
        }
        let bytes = self.bytes + line.text.len() + LINE;
        if bytes <= LONGEST {
            self.bytes = bytes;
            self.lines.push(line);
        } else {
            self.missing += 1;
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

    /// Takes down what is on the primary screen.
    fn leave(&mut self, terminal: &Terminal) {
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

/// Whether a mode is that of full-screen programs.
fn is_alternate(mode: DecMode) -> bool {
    matches!(mode, DecMode::AltScreenBuffer | DecMode::SaveCursorAltScreenBuffer)
}

fn is_at_home(terminal: &Terminal) -> bool {
    let cursor = terminal.cursor();
    terminal.active_screen_kind() == ScreenKind::Primary && (cursor.row, cursor.col) == (0, 0)
}

impl Observer for Text {
    type Output = ();

    fn before(&mut self, context: &mut Observation<'_>, operation: &Operation) {
        let Operation::Function(function) = operation else { return };
        let terminal = context.terminal();
        match function {
            Function::Ris => self.leave(terminal),
            // What erases all of the screen from its first cell on; where `Ed` names all of it,
            // the emulator lets the lines go as if they were scrolled away.
            Function::Ed(EdScope::Below) if is_at_home(terminal) => self.leave(terminal),
            Function::Decrst(modes)
                if modes.as_slice().iter().any(|mode| is_alternate(*mode))
                    && terminal.active_screen_kind() == ScreenKind::Alternate =>
            {
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
