//! What goes through a terminal's socket.

use std::rc::Rc;
use std::time::Duration;

use domain::wire::{BrowserMessage, ServerMessage, Size, TICKET_LENGTH};
use js_sys::{ArrayBuffer, Uint8Array};

use super::contact::Contact;
use super::intake::{Arrival, Others, Resumed};
use super::timer::{Timer, now};
use super::{Link, Watch, outbox};
use crate::terminal::phase::Phase;

/// Output that was parsed is acknowledged this long after it was, at the latest.
const ACKNOWLEDGE_AFTER: Duration = Duration::from_millis(50);
/// Typing goes on for this long after a socket was lost: later it would land in a situation that
/// the person has not seen.
const TYPE_AHEAD: Duration = Duration::from_secs(5);
/// More than any screen needs: one of the largest size, each character in a style of its own.
const LARGEST_SCREEN: usize = 32 * 1024 * 1024;
/// Channel and offset in front of output.
const OUTPUT_HEADER: u32 = 9;

impl<W: Watch + 'static> Link<W> {
    pub(super) fn attach(&self, ticket: [u8; TICKET_LENGTH]) {
        let size = Size::clamped(self.emulator.columns(), self.emulator.rows());
        let mut state = self.state.borrow_mut();
        state.heard = now();
        state.contact.open();
        let (offset, turn) = (state.intake.wanted(), state.outbox.turn());
        state.contact.send(&BrowserMessage::Attach { offset, turn, size, ticket });
    }

    pub(super) fn received(self: &Rc<Self>, buffer: &ArrayBuffer) {
        self.state.borrow_mut().heard = now();
        let message = Uint8Array::new(buffer);
        if message.length() >= OUTPUT_HEADER {
            // Only the header is copied into this module; the bytes go to the emulator as they are.
            let header = message.subarray(0, OUTPUT_HEADER).to_vec();
            if let Ok(ServerMessage::Output { offset, .. } | ServerMessage::Error { offset, .. }) =
                ServerMessage::decode(&header)
            {
                let bytes = Uint8Array::new_with_byte_offset(buffer, OUTPUT_HEADER);
                return self.output(offset, &bytes);
            }
        }
        match ServerMessage::decode(&message.to_vec()) {
            Ok(message) => self.told(message),
            // What makes no sense is not guessed at.
            Err(_) => self.again(),
        }
    }

    fn output(self: &Rc<Self>, offset: u64, bytes: &Uint8Array) {
        let length = usize::try_from(bytes.length()).unwrap_or(usize::MAX);
        let arrival = self.state.borrow_mut().intake.arrived(offset, length);
        match arrival {
            Arrival::Known => {}
            Arrival::Gap => self.again(),
            Arrival::Write { skip, quiet, end } => {
                self.state.borrow_mut().intake.writes();
                let skip = u32::try_from(skip).unwrap_or(0);
                let bytes = if skip == 0 { bytes } else { &bytes.subarray(skip, bytes.length()) };
                #[expect(clippy::cast_precision_loss, reason = "a session is below 2^53 bytes")]
                self.emulator.write(bytes, quiet, end as f64);
            }
        }
    }

    /// A part of a screen arrived; with the last one it is shown instead of all output before.
    fn drawn(self: &Rc<Self>, offset: u64, size: Size, last: bool, part: &[u8]) {
        let (drawing, skipped) = {
            let mut state = self.state.borrow_mut();
            let Contact::Attached { drawing, .. } = &mut state.contact else { return };
            drawing.extend_from_slice(part);
            if drawing.len() > LARGEST_SCREEN {
                drop(state);
                return self.again();
            }
            if !last {
                return;
            }
            let drawing = std::mem::take(drawing);
            (drawing, state.intake.anew(offset))
        };
        if skipped > 0 {
            self.watch.skipped();
        }
        self.emulator.draw(&Uint8Array::from(&drawing[..]), size.columns, size.rows);
    }

    fn told(self: &Rc<Self>, message: ServerMessage) {
        match message {
            ServerMessage::Attached { writer, turn, offset, shown, taken, left_ms, opened_ms } => {
                let resumed = {
                    let mut state = self.state.borrow_mut();
                    let same = turn == state.outbox.turn();
                    let others = if same { Others::Silent } else { Others::Typed };
                    let resumed = state.intake.attached(offset, shown, others);
                    state.retry.attached();
                    state.contact.attach(writer);
                    for input in state.outbox.attached(turn, taken).into_iter().filter(|_| writer) {
                        state.contact.send_encoded(&input);
                    }
                    resumed
                };
                if resumed == Resumed::Anew {
                    self.emulator.clear();
                }
                self.emulator.set_writable(writer);
                self.watch.writer(writer);
                self.watch.left(Duration::from_millis(left_ms));
                self.watch.phase(Phase::Ready { opened_ms });
                self.emulator.offer_focus();
            }
            ServerMessage::Output { offset, bytes } | ServerMessage::Error { offset, bytes } => {
                self.output(offset, &Uint8Array::from(&bytes[..]));
            }
            ServerMessage::Taken(number) => {
                let mut state = self.state.borrow_mut();
                for input in state.outbox.taken(number) {
                    state.contact.send_encoded(&input);
                }
            }
            ServerMessage::TimeLeft(left) => self.watch.left(Duration::from_millis(left)),
            ServerMessage::Screen { offset, size, last, drawing } => {
                self.drawn(offset, size, last, &drawing);
            }
            ServerMessage::Resized(size) => self.emulator.hold(size.columns, size.rows),
            ServerMessage::Present(people) => self.watch.present(people),
            ServerMessage::Restarting(left) => {
                self.watch.restarting(Duration::from_millis(left));
            }
            ServerMessage::Ended(why) => self.stop(Phase::Ended { why }),
        }
    }

    pub(super) fn typed(&self, bytes: &[u8], answered: bool) {
        let mut state = self.state.borrow_mut();
        if !state.contact.takes(answered) {
            return;
        }
        if state.retry.lasts(now()) > TYPE_AHEAD {
            return self.watch.refused("Not typed: the connection is lost. Type it again later.");
        }
        match state.outbox.put(bytes, answered) {
            Ok(messages) if state.contact.writes() => {
                for message in messages {
                    state.contact.send_encoded(&message);
                }
            }
            Ok(_) => {}
            Err(outbox::Full) => self.watch.refused("That is more than can be pasted at once."),
        }
    }

    pub(super) fn parsed(self: &Rc<Self>, end: f64) {
        let mut state = self.state.borrow_mut();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it comes back as it was given"
        )]
        let at_once = state.intake.parsed(end as u64);
        let Contact::Attached { acknowledge, .. } = &mut state.contact else { return };
        if let Some(offset) = at_once {
            state.contact.send(&BrowserMessage::Acknowledge(offset));
        } else if acknowledge.is_none() {
            let link = self.clone();
            *acknowledge = Timer::after(ACKNOWLEDGE_AFTER, move || link.acknowledge_parsed());
        }
    }

    fn acknowledge_parsed(&self) {
        let mut state = self.state.borrow_mut();
        let Contact::Attached { acknowledge, .. } = &mut state.contact else { return };
        *acknowledge = None;
        if let Some(offset) = state.intake.due() {
            state.contact.send(&BrowserMessage::Acknowledge(offset));
        }
    }

    pub(super) fn resized(&self, size: Size) {
        let state = self.state.borrow();
        if state.contact.writes() {
            state.contact.send(&BrowserMessage::Resize(size));
        }
    }
}
