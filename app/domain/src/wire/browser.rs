//! From the browser to the server.

use super::{Fields, Size, TICKET_LENGTH, WireError};

const TYPED: u8 = 0;
const RESIZE: u8 = 4;
const ACKNOWLEDGE: u8 = 16;
const ATTACH: u8 = 17;
const ANSWERED: u8 = 22;

/// A message of the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BrowserMessage<'a> {
    /// First message of each socket.
    Attach {
        /// The output wanted next, in bytes from the session's first.
        offset: u64,
        /// The turn at typing that the page goes on with, as it was told; 0 for a new one.
        turn: u64,
        /// The terminal's size now.
        size: Size,
        /// What the page was given to prove that it may.
        ticket: [u8; TICKET_LENGTH],
    },
    /// Bytes for the shell.
    Input {
        /// Counted from 1; one that was taken before is not taken again.
        number: u64,
        /// Whether the emulator made them by itself, as an answer to a query (T-01).
        answered: bool,
        /// The bytes.
        bytes: &'a [u8],
    },
    /// The terminal's size changed.
    Resize(Size),
    /// Output up to here was parsed.
    Acknowledge(u64),
}

impl<'a> BrowserMessage<'a> {
    /// Reads one message.
    ///
    /// # Errors
    /// The bytes are no message of a browser.
    pub fn decode(message: &'a [u8]) -> Result<Self, WireError> {
        let mut fields = Fields::of(message)?;
        match fields.channel {
            TYPED | ANSWERED => {
                let (answered, number) = (fields.channel == ANSWERED, fields.u64()?);
                if number == 0 || fields.rest.is_empty() {
                    return Err(fields.malformed());
                }
                Ok(Self::Input { number, answered, bytes: fields.rest })
            }
            RESIZE => {
                let size = Size::clamped(fields.u16()?, fields.u16()?);
                fields.end(Self::Resize(size))
            }
            ACKNOWLEDGE => {
                let offset = fields.u64()?;
                fields.end(Self::Acknowledge(offset))
            }
            ATTACH => {
                let (offset, turn) = (fields.u64()?, fields.u64()?);
                let size = Size::clamped(fields.u16()?, fields.u16()?);
                let ticket = fields.take()?;
                fields.end(Self::Attach { offset, turn, size, ticket })
            }
            unknown => Err(WireError::UnknownChannel(unknown)),
        }
    }

    /// Writes the message.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Attach { offset, turn, size, ticket } => [
                &[ATTACH][..],
                &offset.to_be_bytes(),
                &turn.to_be_bytes(),
                &size.columns.to_be_bytes(),
                &size.rows.to_be_bytes(),
                ticket,
            ]
            .concat(),
            Self::Input { number, answered, bytes } => {
                let channel = if *answered { ANSWERED } else { TYPED };
                [&[channel][..], &number.to_be_bytes(), bytes].concat()
            }
            Self::Resize(size) => {
                [&[RESIZE][..], &size.columns.to_be_bytes(), &size.rows.to_be_bytes()].concat()
            }
            Self::Acknowledge(offset) => [&[ACKNOWLEDGE][..], &offset.to_be_bytes()].concat(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn message() -> impl Strategy<Value = (u8, u64, u16, u16, Vec<u8>, [u8; 32])> {
        (
            0..4_u8,
            1..u64::MAX,
            2..=1_000_u16,
            1..=500_u16,
            prop::collection::vec(any::<u8>(), 1..64),
            any::<[u8; 32]>(),
        )
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again((kind, number, columns, rows, bytes, ticket) in message()) {
            let size = Size { columns, rows };
            let message = match kind {
                0 => BrowserMessage::Attach { offset: number, turn: !number, size, ticket },
                1 => BrowserMessage::Input { number, answered: rows % 2 == 0, bytes: &bytes },
                2 => BrowserMessage::Resize(size),
                _ => BrowserMessage::Acknowledge(number),
            };
            let written = message.encode();
            prop_assert_eq!(BrowserMessage::decode(&written), Ok(message));
        }

        #[test]
        fn w_05_any_bytes_are_read_or_refused_and_nothing_else(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            if let Ok(message) = BrowserMessage::decode(&bytes) {
                let written = message.encode();
                prop_assert_eq!(BrowserMessage::decode(&written), Ok(message));
            }
        }
    }

    #[test]
    fn w_07_absurd_sizes_are_clamped() {
        let message = [&[4][..], &u16::MAX.to_be_bytes(), &0_u16.to_be_bytes()].concat();
        let size = Size { columns: 1_000, rows: 1 };
        assert_eq!(BrowserMessage::decode(&message), Ok(BrowserMessage::Resize(size)));
    }

    #[test]
    fn w_08_the_server_s_channels_are_refused_from_a_browser() {
        for channel in [1, 2, 3, 18, 19, 20, 21, 23, 24, 25, 26, 255] {
            let message = [channel, 0, 0];
            assert_eq!(BrowserMessage::decode(&message), Err(WireError::UnknownChannel(channel)));
        }
    }
}
