//! A terminal in memory, by which screens are drawn from recordings.
//!
//! What it is fed comes from pods and may be hostile (T-04). Sizes are clamped, work is metered,
//! and a panic of the emulator stays here: it begins blank again then, and the screens after that
//! show what was written since. A screen is for the eye. The bytes of the record are the evidence.
//!
//! Deliberately absent: scrollback, which would be memory per session, and answers to queries.

mod meter;
mod modes;

use std::panic::{AssertUnwindSafe, catch_unwind};

use avt::{Observer, Terminal};
use broker::port::Screen;
use bytes::Bytes;
use domain::wire::Size;

use crate::text::Decoder;
use meter::Meter;
use modes::Modes;

/// How much text is interpreted between two looks at the meter, in bytes.
const SIP: usize = 1_024;
/// The longest drawing, in bytes: a screen of 200 by 50 cells, each in colours of its own, fits.
/// One that would be longer is blank.
const LONGEST_DRAWING: usize = 1024 * 1024;

/// A terminal in memory.
pub(crate) struct Emulator {
    size: Size,
    /// None once it was given up; it begins anew with the next [`Emulator::allow`].
    terminal: Option<Terminal>,
    decoder: Decoder,
    modes: Modes,
    meter: Meter,
}

impl Emulator {
    /// A blank screen that may cost so much work: about one unit for each character.
    pub(crate) fn new(columns: u16, rows: u16, work: u64) -> Self {
        let size = Size::clamped(columns, rows);
        Self {
            size,
            terminal: blank(size),
            decoder: Decoder::default(),
            modes: Modes::default(),
            meter: Meter::new(work),
        }
    }

    /// A screen as it was drawn.
    pub(crate) fn resume(screen: &Screen, work: u64) -> Self {
        let mut emulator = Self::new(screen.size.0, screen.size.1, u64::MAX);
        emulator.feed(&screen.drawing, ());
        emulator.allow(work);
        emulator
    }

    /// Allows so much work from now on. A terminal that was given up begins blank.
    pub(crate) fn allow(&mut self, work: u64) {
        self.meter = Meter::new(work);
        if self.terminal.is_none() {
            self.terminal = blank(self.size);
            self.modes = Modes::default();
        }
    }

    /// Interprets output.
    pub(crate) fn feed(&mut self, bytes: &[u8], observer: impl Observer) {
        let text = self.decoder.decode(bytes);
        self.modes.follow(&text);
        let (meter, mut observer) = (&mut self.meter, observer);
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (sip, after) = rest.split_at(rest.floor_char_boundary(SIP));
            rest = after;
            with(&mut self.terminal, |terminal| {
                terminal.feed_with(sip, (&mut *meter, &mut observer));
            });
            if meter.is_spent() {
                self.terminal = None;
                return;
            }
        }
    }

    /// Changes the size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16, observer: impl Observer) {
        self.size = Size::clamped(columns, rows);
        let (columns, rows) = (self.size.columns.into(), self.size.rows.into());
        let (meter, observer) = (&mut self.meter, observer);
        with(&mut self.terminal, |terminal| {
            terminal.resize_with(columns, rows, (meter, observer));
        });
    }

    /// What is shown now; `offset` is that of the output that follows.
    pub(crate) fn screen(&mut self, offset: u64) -> Screen {
        let drawn = with(&mut self.terminal, |terminal| terminal.dump());
        let drawn = drawn.filter(|drawn| drawn.len() <= LONGEST_DRAWING).unwrap_or_default();
        // The rest of a sequence or of a character that is not whole comes last.
        let modes = self.modes.sequences();
        let drawing = [modes.as_bytes(), drawn.as_bytes(), self.decoder.held()];
        Screen {
            offset,
            size: (self.size.columns, self.size.rows),
            drawing: Bytes::from(drawing.concat()),
        }
    }

    /// The terminal, to be looked at.
    pub(crate) fn terminal(&self) -> Option<&Terminal> {
        self.terminal.as_ref()
    }
}

fn blank(size: Size) -> Option<Terminal> {
    Terminal::new(size.columns.into(), size.rows.into()).ok()
}

/// Works with the terminal; a panic ends it.
fn with<T>(terminal: &mut Option<Terminal>, work: impl FnOnce(&mut Terminal) -> T) -> Option<T> {
    let mut taken = terminal.take()?;
    let (taken, done) = catch_unwind(AssertUnwindSafe(move || {
        let done = work(&mut taken);
        (taken, done)
    }))
    .ok()?;
    *terminal = Some(taken);
    Some(done)
}

#[cfg(test)]
mod tests;
