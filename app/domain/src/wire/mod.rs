//! What a terminal in a browser and the server say to each other.
//!
//! Binary WebSocket messages. Byte 0 is a channel: 0 to 4 mean what they mean in Kubernetes'
//! `v5.channel.k8s.io`, 16 and above are this protocol's own. Integers are big-endian. A channel
//! that is not listed, a message of the wrong length, or one in the wrong order closes the socket.
//!
//! | byte 0 | from | rest of the message |
//! |---|---|---|
//! | 0 | browser | input that was typed: number of the input `u64` (counted from 1), bytes |
//! | 1 | server | output: offset of its first byte `u64`, bytes |
//! | 2 | server | what a program without a terminal wrote to its error stream: as 1, counted into the same offsets |
//! | 4 | browser | size of its terminal: columns `u16`, rows `u16` |
//! | 4 | server | size of the writer's terminal, to those who look on: as from the browser |
//! | 16 | browser | acknowledgement: offset up to which output was parsed `u64` |
//! | 17 | browser | attach, always first: offset wanted `u64`, turn `u64`, columns `u16`, rows `u16`, ticket (32 bytes) |
//! | 18 | server | attached: part `u8`, turn `u64`, offset of the next output `u64`, offset up to which a writer was sent output before `u64`, number of the last input taken `u64`, milliseconds left `u64`, milliseconds the shell took to open `u32` |
//! | 19 | server | ended: a sentence, UTF-8; not sent where the portal restarts, which the close says |
//! | 20 | server | input taken, up to this number `u64` |
//! | 21 | server | time left: milliseconds `u64` |
//! | 22 | browser | input that the emulator made by itself: as 0 |
//! | 23 | server | who else is attached: UTF-8, one a line, `*` before the name of who types and a space before the names of who look on |
//! | 24 | server | screen: offset of the output that follows `u64`, columns `u16`, rows `u16`, whether it is the last part `u8`, drawing (at most 64 KiB) |
//! | 25 | server | the portal is about to be restarted: milliseconds until the session ends `u64` |
//!
//! A socket begins with 17, answered by 18. From then on each side says what it has, in any order,
//! with these bonds:
//!
//! - Output goes on from the offset in 18 without a gap, or from that of a screen. A screen may
//!   come at any time, in one or several parts that nothing stands between; the terminal is reset,
//!   takes the screen's size, shows the drawing, and takes its own size again. It stands for
//!   everything before its offset: a page that begins anew and one that lags far behind get it.
//! - The browser acknowledges what its emulator has parsed, never more than it was sent. The server
//!   has at most a window of output on its way beyond that: [`LEAST_WINDOW`] to [`LARGEST_WINDOW`],
//!   by the round-trip time of pings. A drawing is not counted.
//! - Input is numbered by the browser, from what 18 says was taken. Each number is taken once and
//!   in its order, so what is sent again after a lost socket is not typed twice.
//! - Who attaches with turn 0 takes over, and 18 says which turn that begins. A page that comes back
//!   names its turn, and goes on with it as long as no other has begun; then it is closed with
//!   [`CloseCode::TakenOver`], and nothing that it still has may be sent. Who looks on has turn 0.
//! - The server says something each [`SPEAKS_EACH`] at least, so a socket that is silent for much
//!   longer leads nowhere.
//! - Nothing follows 19 but the close, whose code says the same in a number ([`CloseCode`]).

mod browser;
mod server;

use std::time::Duration;

use crate::SessionEnd;

pub use browser::BrowserMessage;
pub use server::{Participant, ServerMessage};

/// The largest message a browser may send, in bytes.
pub const LARGEST_FROM_BROWSER: usize = 32 * 1024;
/// The largest message a server sends, in bytes.
pub const LARGEST_FROM_SERVER: usize = 64 * 1024 + 14;
/// The most of a screen's drawing in one message, in bytes.
pub const LARGEST_DRAWING: usize = 64 * 1024;
/// The most output that may be on its way without being acknowledged where the way is short, in
/// bytes. It grows with the round-trip time.
pub const LEAST_WINDOW: u64 = 256 * 1024;
/// The most output that may be on its way without being acknowledged, in bytes.
pub const LARGEST_WINDOW: u64 = 1024 * 1024;
/// Output is acknowledged each time this many more bytes were parsed.
pub const ACKNOWLEDGE_EACH: u64 = 32 * 1024;
/// The server says something at least this often.
pub const SPEAKS_EACH: Duration = Duration::from_secs(5);
/// Length of a ticket, in bytes.
pub const TICKET_LENGTH: usize = 32;

/// Why a socket is closed; codes from 4000 up are the application's own (RFC 6455, 7.4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseCode {
    /// The session is over; the last message says how.
    Ended = 1000,
    /// The server could not go on; trying again may help.
    Failed = 1011,
    /// The portal is being restarted.
    Restarting = 1012,
    /// Not a message of this protocol.
    Malformed = 4400,
    /// The sign-in is over.
    SignedOut = 4401,
    /// The ticket is unknown, used, too old or somebody else's.
    NotAllowed = 4403,
    /// The granted time is over.
    TimeIsUp = 4408,
    /// The terminal was opened elsewhere, now or since this page was attached last.
    TakenOver = 4409,
}

impl From<&SessionEnd> for CloseCode {
    /// The code with which sockets are closed when a session ends.
    fn from(how: &SessionEnd) -> Self {
        match how {
            SessionEnd::TimeIsUp => Self::TimeIsUp,
            SessionEnd::PortalStopped => Self::Restarting,
            SessionEnd::Revoked { .. }
            | SessionEnd::EndedByPerson
            | SessionEnd::Exited { .. }
            | SessionEnd::Abandoned
            | SessionEnd::Cut { .. }
            | SessionEnd::NotOpened { .. }
            | SessionEnd::NotRecorded => Self::Ended,
        }
    }
}

/// A size of a terminal, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// 2 to 1,000.
    pub columns: u16,
    /// 1 to 500.
    pub rows: u16,
}

impl Size {
    /// Brings absurd values into the range (W-07).
    pub fn clamped(columns: u16, rows: u16) -> Self {
        Self { columns: columns.clamp(2, 1_000), rows: rows.clamp(1, 500) }
    }
}

/// Why bytes are not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// There is not even a channel.
    #[error("the message is empty")]
    Empty,
    /// No such channel in this direction.
    #[error("there is no channel {0} in this direction")]
    UnknownChannel(u8),
    /// Too short, too long, or text that is not UTF-8.
    #[error("the message on channel {0} is malformed")]
    Malformed(u8),
}

/// Reads fixed-width fields from the front of a message.
struct Fields<'a> {
    channel: u8,
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    fn of(message: &'a [u8]) -> Result<Self, WireError> {
        let (channel, rest) = message.split_first().ok_or(WireError::Empty)?;
        Ok(Self { channel: *channel, rest })
    }

    fn malformed(&self) -> WireError {
        WireError::Malformed(self.channel)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let (field, rest) = self.rest.split_first_chunk::<N>().ok_or(self.malformed())?;
        self.rest = rest;
        Ok(*field)
    }

    fn flag(&mut self) -> Result<bool, WireError> {
        match self.take()? {
            [0] => Ok(false),
            [1] => Ok(true),
            [_] => Err(self.malformed()),
        }
    }

    fn u64(&mut self) -> Result<u64, WireError> {
        self.take().map(u64::from_be_bytes)
    }

    fn u32(&mut self) -> Result<u32, WireError> {
        self.take().map(u32::from_be_bytes)
    }

    fn u16(&mut self) -> Result<u16, WireError> {
        self.take().map(u16::from_be_bytes)
    }

    /// A size in range; out of it, a server made a mistake.
    fn size(&mut self) -> Result<Size, WireError> {
        let (columns, rows) = (self.u16()?, self.u16()?);
        let size = Size { columns, rows };
        if size == Size::clamped(columns, rows) { Ok(size) } else { Err(self.malformed()) }
    }

    fn text(self) -> Result<String, WireError> {
        String::from_utf8(self.rest.to_vec()).map_err(|_| WireError::Malformed(self.channel))
    }

    fn end<T>(self, value: T) -> Result<T, WireError> {
        if self.rest.is_empty() { Ok(value) } else { Err(self.malformed()) }
    }
}
