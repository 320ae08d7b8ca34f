//! Screens of a session that runs.

use std::io::Read;
use std::sync::Mutex;

use broker::port::{RecorderError, Screen};
use bytes::Bytes;

use crate::emulator::Emulator;
use crate::frame::{Flaw, Frames, Kind, ReadError};
use crate::lock;
use crate::recording::show;

/// How much output is interpreted for one screen, in bytes; where more lies behind the last screen
/// that is known, what came before is left out. A screen may then lack what was drawn long ago and
/// never again.
const FAR_BACK: u64 = 64 * 1024 * 1024;
/// How much work that may be, see `emulator`: a few seconds.
const WORK: u64 = 1 << 28;
/// The longest drawing that is kept for the next time, in bytes: an idle session has a budget.
const KEPT: usize = 16 * 1024;

/// The last screen that was drawn; screens are drawn when they are wanted, never before.
pub(super) struct Screens {
    size: (u16, u16),
    last: Mutex<Known>,
}

/// A screen, and the first frame that it does not have all of.
#[derive(Clone)]
struct Known {
    screen: Screen,
    number: u64,
}

impl Screens {
    /// Of a terminal that begins with this size.
    pub(super) fn new(size: (u16, u16)) -> Self {
        Self { size, last: Mutex::new(Known::blank(0, size)) }
    }

    /// Draws the screen after so much output, or after as much of it as the file has. `frames`
    /// gives the frames from one on that begins at or before an offset.
    pub(super) fn draw<R: Read>(
        &self,
        until: u64,
        frames: impl FnOnce(u64) -> Frames<R>,
    ) -> Result<Screen, RecorderError> {
        let known = self.known(until);
        let mut frames = frames(known.screen.offset);
        let mut emulator = Emulator::resume(&known.screen, WORK);
        let (mut offset, mut number) = (known.screen.offset, known.number);
        loop {
            let (head, payload) = match frames.next() {
                Ok(Some(frame)) => frame,
                // The writing thread may be in the middle of the next one.
                Ok(None) | Err(ReadError::Flaw(Flaw::CutOff)) => break,
                Err(ReadError::Flaw(flaw)) => {
                    return Err(RecorderError::Unreadable(flaw.to_string()));
                }
                Err(ReadError::Io(cause)) => return Err(cause.into()),
            };
            if head.number < known.number || (head.kind.is_shown() && head.end() <= offset) {
                continue;
            }
            number = head.number;
            match head.kind {
                Kind::Size => show(&mut emulator, Kind::Size, payload, ()),
                kind if kind.is_shown() => {
                    let end = head.end().min(until);
                    let place = |at: u64| usize::try_from(at.saturating_sub(head.offset)).ok();
                    let new = place(offset).zip(place(end));
                    let new = new.and_then(|(from, to)| payload.get(from..to)).unwrap_or_default();
                    show(&mut emulator, kind, new, ());
                    offset = end.max(offset);
                    if end < head.end() {
                        break;
                    }
                }
                Kind::Header | Kind::Output | Kind::Error | Kind::Exit | Kind::Seal => {}
            }
            number = head.number + 1;
        }
        let screen = emulator.screen(offset);
        if screen.drawing.len() <= KEPT {
            *lock(&self.last) = Known { screen: screen.clone(), number };
        }
        Ok(screen)
    }

    /// The screen to begin with.
    fn known(&self, until: u64) -> Known {
        let mut known = lock(&self.last).clone();
        if known.screen.offset > until {
            known = Known::blank(0, self.size);
        }
        if until - known.screen.offset > FAR_BACK {
            known =
                Known { number: known.number, ..Known::blank(until - FAR_BACK, known.screen.size) };
        }
        known
    }
}

impl Known {
    fn blank(offset: u64, size: (u16, u16)) -> Self {
        Self { screen: Screen { offset, size, drawing: Bytes::new() }, number: 0 }
    }
}
