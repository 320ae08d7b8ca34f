//! From the server to the browser.

use super::{Fields, Size, WireError};

const OUTPUT: u8 = 1;
const ERROR: u8 = 2;
const RESIZED: u8 = 4;
const ATTACHED: u8 = 18;
const ENDED: u8 = 19;
const TAKEN: u8 = 20;
const TIME_LEFT: u8 = 21;
const PRESENT: u8 = 23;
const SCREEN: u8 = 24;
const RESTARTING: u8 = 25;

/// In front of the name of who types.
const TYPES: &str = "*";
/// In front of the name of who looks on.
const LOOKS_ON: &str = " ";

/// A message of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerMessage {
    /// The answer to an attach.
    Attached {
        /// Whether this socket may type, or only looks on.
        writer: bool,
        /// The number of its turn at typing, counted from 1; 0 for who looks on.
        turn: u64,
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
    /// Bytes that a program without a terminal wrote to its error stream; they count into the same
    /// offsets as output.
    Error {
        /// The offset of the first of them.
        offset: u64,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// What the screen showed at an offset, instead of all output before it. Queries do not stand
    /// in it, and nothing in it is answered (T-01).
    Screen {
        /// The offset of the output that follows.
        offset: u64,
        /// The size that the terminal had there.
        size: Size,
        /// Whether the drawing ends with this message; otherwise the next one goes on with it.
        last: bool,
        /// Terminal sequences that draw it on a terminal that was reset, at most
        /// [`LARGEST_DRAWING`](super::LARGEST_DRAWING) bytes of them.
        drawing: Vec<u8>,
    },
    /// The size that the terminal has now, for those who look on: it is the writer's.
    Resized(Size),
    /// Input up to this number was taken.
    Taken(u64),
    /// Until the session must end, in milliseconds.
    TimeLeft(u64),
    /// Who else is attached.
    Present(Vec<Participant>),
    /// The portal is about to be restarted: milliseconds until the session ends.
    Restarting(u64),
    /// The session is over, in a sentence.
    Ended(String),
}

/// Somebody who is attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// The name; one line.
    pub name: String,
    /// Whether they type, or look on.
    pub types: bool,
}

impl ServerMessage {
    /// Reads one message.
    ///
    /// # Errors
    /// The bytes are no message of a server.
    pub fn decode(message: &[u8]) -> Result<Self, WireError> {
        let mut fields = Fields::of(message)?;
        match fields.channel {
            OUTPUT => {
                let offset = fields.u64()?;
                Ok(Self::Output { offset, bytes: fields.rest.to_vec() })
            }
            ERROR => {
                let offset = fields.u64()?;
                Ok(Self::Error { offset, bytes: fields.rest.to_vec() })
            }
            SCREEN => {
                let offset = fields.u64()?;
                let size = fields.size()?;
                let last = fields.flag()?;
                Ok(Self::Screen { offset, size, last, drawing: fields.rest.to_vec() })
            }
            RESIZED => {
                let size = fields.size()?;
                fields.end(Self::Resized(size))
            }
            ATTACHED => {
                let (writer, turn) = (fields.flag()?, fields.u64()?);
                let (offset, shown) = (fields.u64()?, fields.u64()?);
                let (taken, left_ms, opened_ms) = (fields.u64()?, fields.u64()?, fields.u32()?);
                fields.end(Self::Attached {
                    writer,
                    turn,
                    offset,
                    shown,
                    taken,
                    left_ms,
                    opened_ms,
                })
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
            PRESENT => {
                let malformed = fields.malformed();
                let people = fields.text()?;
                let lines = people.split('\n').filter(|_| !people.is_empty());
                let people = lines.map(Participant::read).collect::<Option<_>>();
                people.map(Self::Present).ok_or(malformed)
            }
            RESTARTING => {
                let left = fields.u64()?;
                fields.end(Self::Restarting(left))
            }
            unknown => Err(WireError::UnknownChannel(unknown)),
        }
    }

    /// Writes the message.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Attached { writer, turn, offset, shown, taken, left_ms, opened_ms } => [
                &[ATTACHED, u8::from(*writer)][..],
                &turn.to_be_bytes(),
                &offset.to_be_bytes(),
                &shown.to_be_bytes(),
                &taken.to_be_bytes(),
                &left_ms.to_be_bytes(),
                &opened_ms.to_be_bytes(),
            ]
            .concat(),
            Self::Output { offset, bytes } => Self::output(*offset, bytes),
            Self::Error { offset, bytes } => Self::error(*offset, bytes),
            Self::Screen { offset, size, last, drawing } => {
                Self::screen(*offset, *size, *last, drawing)
            }
            Self::Resized(Size { columns, rows }) => {
                [&[RESIZED][..], &columns.to_be_bytes(), &rows.to_be_bytes()].concat()
            }
            Self::Taken(number) => [&[TAKEN][..], &number.to_be_bytes()].concat(),
            Self::TimeLeft(left) => [&[TIME_LEFT][..], &left.to_be_bytes()].concat(),
            Self::Present(people) => {
                let people: Vec<_> = people.iter().map(Participant::write).collect();
                [&[PRESENT][..], people.join("\n").as_bytes()].concat()
            }
            Self::Restarting(left) => [&[RESTARTING][..], &left.to_be_bytes()].concat(),
            Self::Ended(how) => [&[ENDED][..], how.as_bytes()].concat(),
        }
    }

    /// Writes a message of output without taking the bytes.
    pub fn output(offset: u64, bytes: &[u8]) -> Vec<u8> {
        [&[OUTPUT][..], &offset.to_be_bytes(), bytes].concat()
    }

    /// Writes a message of an error stream without taking the bytes.
    pub fn error(offset: u64, bytes: &[u8]) -> Vec<u8> {
        [&[ERROR][..], &offset.to_be_bytes(), bytes].concat()
    }

    /// Writes a part of a screen without taking the bytes.
    pub fn screen(offset: u64, size: Size, last: bool, drawing: &[u8]) -> Vec<u8> {
        [
            &[SCREEN][..],
            &offset.to_be_bytes(),
            &size.columns.to_be_bytes(),
            &size.rows.to_be_bytes(),
            &[u8::from(last)],
            drawing,
        ]
        .concat()
    }
}

impl Participant {
    fn read(line: &str) -> Option<Self> {
        let as_somebody = |mark, types| {
            line.strip_prefix(mark).map(|name: &str| Self { name: name.to_owned(), types })
        };
        as_somebody(TYPES, true).or_else(|| as_somebody(LOOKS_ON, false))
    }

    fn write(&self) -> String {
        format!("{}{}", if self.types { TYPES } else { LOOKS_ON }, self.name)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn message() -> impl Strategy<Value = ServerMessage> {
        let bytes = || prop::collection::vec(any::<u8>(), 0..64);
        let size = (2..=1_000_u16, 1..=500_u16);
        let size = move || size.clone().prop_map(|(columns, rows)| Size { columns, rows });
        let person = ("[^\\p{Cc}]{0,9}", any::<bool>());
        let person = person.prop_map(|(name, types)| Participant { name, types });
        prop_oneof![
            (any::<bool>(), any::<[u64; 5]>(), any::<u32>()).prop_map(
                |(writer, [turn, offset, shown, taken, left_ms], opened_ms)| {
                    ServerMessage::Attached {
                        writer,
                        turn,
                        offset,
                        shown,
                        taken,
                        left_ms,
                        opened_ms,
                    }
                }
            ),
            (any::<u64>(), bytes())
                .prop_map(|(offset, bytes)| ServerMessage::Output { offset, bytes }),
            (any::<u64>(), bytes())
                .prop_map(|(offset, bytes)| ServerMessage::Error { offset, bytes }),
            (any::<u64>(), size(), any::<bool>(), bytes()).prop_map(
                |(offset, size, last, drawing)| {
                    ServerMessage::Screen { offset, size, last, drawing }
                }
            ),
            size().prop_map(ServerMessage::Resized),
            any::<u64>().prop_map(ServerMessage::Taken),
            any::<u64>().prop_map(ServerMessage::TimeLeft),
            any::<u64>().prop_map(ServerMessage::Restarting),
            "\\PC{0,40}".prop_map(ServerMessage::Ended),
            prop::collection::vec(person, 0..4).prop_map(ServerMessage::Present),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(message in message()) {
            prop_assert_eq!(ServerMessage::decode(&message.encode()), Ok(message));
        }

        #[test]
        fn any_bytes_are_read_or_refused_and_nothing_else(
            channel in prop_oneof![0..32_u8, any::<u8>()],
            rest in prop::collection::vec(any::<u8>(), 0..80),
        ) {
            let bytes = [&[channel][..], &rest].concat();
            if let Ok(message) = ServerMessage::decode(&bytes) {
                prop_assert_eq!(message.encode(), bytes);
            }
        }

        #[test]
        fn what_is_cut_short_is_not_taken_for_the_whole(message in message(), cut in any::<prop::sample::Index>()) {
            let written = message.encode();
            let short = &written[..cut.index(written.len())];
            prop_assert_ne!(ServerMessage::decode(short), Ok(message));
        }
    }

    #[test]
    fn the_browser_s_channels_are_refused_from_a_server() {
        for channel in [0, 3, 16, 17, 22, 26, 255] {
            let message = [channel, 0, 0];
            assert_eq!(ServerMessage::decode(&message), Err(WireError::UnknownChannel(channel)));
        }
    }

    #[test]
    fn absurd_sizes_are_refused_from_a_server() {
        for (columns, rows) in [(1_u16, 24_u16), (1_001, 24), (80, 0), (80, 501)] {
            let message = [&[RESIZED][..], &columns.to_be_bytes(), &rows.to_be_bytes()].concat();
            assert_eq!(ServerMessage::decode(&message), Err(WireError::Malformed(RESIZED)));
        }
    }

    #[test]
    fn names_are_read_as_they_were_written() {
        for people in ["", "*ana", " ana\n*", " \n ", "*ana\r\n ben"] {
            let message = [&[PRESENT], people.as_bytes()].concat();
            assert_eq!(ServerMessage::decode(&message).unwrap().encode(), message);
        }
    }

    #[test]
    fn somebody_who_neither_types_nor_looks_on_is_refused() {
        assert_eq!(ServerMessage::decode(b"\x17*ana\n ben\n?eve"), Err(WireError::Malformed(23)));
    }
}
