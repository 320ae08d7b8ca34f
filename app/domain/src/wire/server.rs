//! From the server to the browser.

use super::{Fields, WireError};

const OUTPUT: u8 = 1;
const ATTACHED: u8 = 18;
const ENDED: u8 = 19;
const TAKEN: u8 = 20;
const TIME_LEFT: u8 = 21;
const PRESENT: u8 = 23;

/// A message of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerMessage {
    /// The answer to an attach.
    Attached {
        /// Whether this socket may type, or only looks on.
        writer: bool,
        /// The offset of the output that follows.
        offset: u64,
        /// Output up to here was sent to a writer before. A page that starts anew shows it again,
        /// and answers none of its queries again (T-01). 0 for the first writer.
        shown: u64,
        /// The number of the last input that was taken.
        taken: u64,
        /// Until the session must end, in milliseconds.
        left_ms: u64,
        /// How long the shell took to open, in milliseconds.
        opened_ms: u32,
    },
    /// Bytes from the shell.
    Output {
        /// The offset of the first of them.
        offset: u64,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// Input up to this number was taken.
    Taken(u64),
    /// Until the session must end, in milliseconds.
    TimeLeft(u64),
    /// Who else is attached.
    Present(Vec<String>),
    /// The session is over, in a sentence.
    Ended(String),
}

impl ServerMessage {
    /// Reads one message.
    pub fn decode(message: &[u8]) -> Result<Self, WireError> {
        let mut fields = Fields::of(message)?;
        match fields.channel {
            OUTPUT => {
                let offset = fields.u64()?;
                Ok(Self::Output { offset, bytes: fields.rest.to_vec() })
            }
            ATTACHED => {
                let writer = match fields.take()? {
                    [0] => false,
                    [1] => true,
                    [_] => return Err(fields.malformed()),
                };
                let (offset, shown) = (fields.u64()?, fields.u64()?);
                let (taken, left_ms, opened_ms) = (fields.u64()?, fields.u64()?, fields.u32()?);
                fields.end(Self::Attached { writer, offset, shown, taken, left_ms, opened_ms })
            }
            ENDED => fields.text().map(Self::Ended),
            TAKEN => {
                let number = fields.u64()?;
                fields.end(Self::Taken(number))
            }
            TIME_LEFT => {
                let left = fields.u64()?;
                fields.end(Self::TimeLeft(left))
            }
            PRESENT => fields.text().map(|names| Self::Present(lines(&names))),
            unknown => Err(WireError::UnknownChannel(unknown)),
        }
    }

    /// Writes the message.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Attached { writer, offset, shown, taken, left_ms, opened_ms } => [
                &[ATTACHED, u8::from(*writer)][..],
                &offset.to_be_bytes(),
                &shown.to_be_bytes(),
                &taken.to_be_bytes(),
                &left_ms.to_be_bytes(),
                &opened_ms.to_be_bytes(),
            ]
            .concat(),
            Self::Output { offset, bytes } => Self::output(*offset, bytes),
            Self::Taken(number) => [&[TAKEN][..], &number.to_be_bytes()].concat(),
            Self::TimeLeft(left) => [&[TIME_LEFT][..], &left.to_be_bytes()].concat(),
            Self::Present(names) => [&[PRESENT][..], names.join("\n").as_bytes()].concat(),
            Self::Ended(how) => [&[ENDED][..], how.as_bytes()].concat(),
        }
    }

    /// Writes a message of output without taking the bytes.
    pub fn output(offset: u64, bytes: &[u8]) -> Vec<u8> {
        [&[OUTPUT][..], &offset.to_be_bytes(), bytes].concat()
    }
}

/// Nobody, or names with a line break between each two.
fn lines(names: &str) -> Vec<String> {
    if names.is_empty() { Vec::new() } else { names.split('\n').map(str::to_owned).collect() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn message() -> impl Strategy<Value = ServerMessage> {
        prop_oneof![
            (any::<bool>(), any::<[u64; 4]>(), any::<u32>()).prop_map(
                |(writer, [offset, shown, taken, left_ms], opened_ms)| {
                    ServerMessage::Attached { writer, offset, shown, taken, left_ms, opened_ms }
                }
            ),
            (any::<u64>(), prop::collection::vec(any::<u8>(), 0..64))
                .prop_map(|(offset, bytes)| ServerMessage::Output { offset, bytes }),
            any::<u64>().prop_map(ServerMessage::Taken),
            any::<u64>().prop_map(ServerMessage::TimeLeft),
            "\\PC{0,40}".prop_map(ServerMessage::Ended),
            prop::collection::vec("[a-z]{1,9}", 0..4).prop_map(ServerMessage::Present),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(message in message()) {
            prop_assert_eq!(ServerMessage::decode(&message.encode()), Ok(message));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            if let Ok(message) = ServerMessage::decode(&bytes) {
                prop_assert_eq!(message.encode(), bytes);
            }
        }
    }

    #[test]
    fn names_are_read_as_they_were_written() {
        for names in ["", "ana", "ana\n", "\n\n", "ana\r\nben"] {
            let message = [&[PRESENT], names.as_bytes()].concat();
            assert_eq!(ServerMessage::decode(&message).unwrap().encode(), message);
        }
    }
}
