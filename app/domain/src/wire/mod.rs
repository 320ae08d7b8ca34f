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
//! | 4 | browser | size: columns `u16`, rows `u16` |
//! | 16 | browser | acknowledgement: offset up to which output was parsed `u64` |
//! | 17 | browser | attach, always first: offset wanted `u64`, columns `u16`, rows `u16`, ticket (32 bytes) |
//! | 18 | server | attached: part `u8`, offset of the next output `u64`, offset up to which a writer was sent output before `u64`, number of the last input taken `u64`, milliseconds left `u64`, milliseconds the shell took to open `u32` |
//! | 19 | server | ended: a sentence, UTF-8 |
//! | 20 | server | input taken, up to this number `u64` |
//! | 21 | server | time left: milliseconds `u64` |
//! | 22 | browser | input that the emulator made by itself: as 0 |
//! | 23 | server | who is attached: names, UTF-8, one a line |

mod browser;
mod server;

pub use browser::BrowserMessage;
pub use server::ServerMessage;

/// The largest message a browser may send, in bytes.
pub const LARGEST_FROM_BROWSER: usize = 32 * 1024;
/// The largest message a server sends, in bytes.
pub const LARGEST_FROM_SERVER: usize = 64 * 1024 + 9;
/// The most output that may be on its way without being acknowledged, in bytes.
pub const WINDOW: u64 = 512 * 1024;
/// Output is acknowledged each time this many more bytes were parsed.
pub const ACKNOWLEDGE_EACH: u64 = 32 * 1024;
/// Length of a ticket, in bytes.
pub const TICKET_LENGTH: usize = 32;

/// Why a socket is closed; codes from 4000 up are the application's own (RFC 6455, 7.4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseCode {
    /// The session is over; the last message says how.
    Ended = 1000,
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
    /// The terminal was opened elsewhere.
    TakenOver = 4409,
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

    fn u64(&mut self) -> Result<u64, WireError> {
        self.take().map(u64::from_be_bytes)
    }

    fn u32(&mut self) -> Result<u32, WireError> {
        self.take().map(u32::from_be_bytes)
    }

    fn u16(&mut self) -> Result<u16, WireError> {
        self.take().map(u16::from_be_bytes)
    }

    fn text(self) -> Result<String, WireError> {
        String::from_utf8(self.rest.to_vec()).map_err(|_| WireError::Malformed(self.channel))
    }

    fn end<T>(self, value: T) -> Result<T, WireError> {
        if self.rest.is_empty() { Ok(value) } else { Err(self.malformed()) }
    }
}
