//! Input on its way: numbered, and kept until the server says that it was taken.

use std::collections::VecDeque;

use domain::wire::{BrowserMessage, LARGEST_FROM_BROWSER};

/// Half of what a message may hold: pastes are cut into pieces of this size.
const PIECE: usize = LARGEST_FROM_BROWSER / 2;
/// More input than this at once is a mistake: it is refused as a whole.
pub(crate) const MOST: usize = 16 * 1024 * 1024;
/// Once this much is on its way the rest waits here, until the shell took some of it: a socket
/// would buffer all of a paste, and what is in it cannot be taken back.
const ON_ITS_WAY: usize = 4 * PIECE;
/// Ctrl-C.
const INTERRUPT: &[u8] = b"\x03";

/// What was typed and not taken yet.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    /// The turn at typing that the numbers belong to; 0 before the server said it.
    turn: u64,
    /// The number of the first that waits; none until the server said how far it is.
    first: Option<u64>,
    waiting: VecDeque<Input>,
    bytes: usize,
    /// How many of those that wait this socket was given.
    given: usize,
    given_bytes: usize,
}

#[derive(Debug)]
struct Input {
    answered: bool,
    bytes: Vec<u8>,
}

/// There is too much waiting already.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl Outbox {
    /// Takes input, all of it or nothing, and returns the messages to send now. An interrupt does
    /// not wait for the rest of a paste, which is dropped.
    pub(crate) fn put(&mut self, bytes: &[u8], answered: bool) -> Result<Vec<Vec<u8>>, Full> {
        if bytes == INTERRUPT && !answered {
            self.waiting.truncate(self.given);
            self.bytes = self.given_bytes;
        }
        if self.bytes + bytes.len() > MOST {
            return Err(Full);
        }
        self.bytes += bytes.len();
        self.waiting
            .extend(bytes.chunks(PIECE).map(|piece| Input { answered, bytes: piece.to_vec() }));
        Ok(self.due())
    }

    /// The turn at typing that this page goes on with; 0 where it begins one.
    pub(crate) fn turn(&self) -> u64 {
        self.turn
    }

    /// A socket is attached for a turn, and the server took input up to a number: returns what is
    /// to be sent again. What was taken is never sent twice.
    pub(crate) fn attached(&mut self, turn: u64, taken: u64) -> Vec<Vec<u8>> {
        self.turn = turn;
        if self.first.is_some() {
            self.forget(taken);
        }
        self.first = Some(taken + 1);
        (self.given, self.given_bytes) = (0, 0);
        self.due()
    }

    /// The turn at typing is over: what waits was meant for a shell that the person has not seen
    /// since. Returns whether anything is dropped that was typed.
    pub(crate) fn give_up(&mut self) -> bool {
        std::mem::take(self).waiting.iter().any(|input| !input.answered)
    }

    /// The server took input up to a number: returns what there is room for now.
    pub(crate) fn taken(&mut self, number: u64) -> Vec<Vec<u8>> {
        self.forget(number);
        self.due()
    }

    fn forget(&mut self, number: u64) {
        while let Some(first) = self.first.filter(|first| *first <= number) {
            let Some(input) = self.waiting.pop_front() else { return };
            self.bytes -= input.bytes.len();
            if self.given > 0 {
                self.given -= 1;
                self.given_bytes -= input.bytes.len();
            }
            self.first = Some(first + 1);
        }
    }

    /// Numbers what the socket has room for.
    fn due(&mut self) -> Vec<Vec<u8>> {
        let mut messages = Vec::new();
        let Some(first) = self.first else { return messages };
        while self.given_bytes < ON_ITS_WAY
            && let Some(Input { answered, bytes }) = self.waiting.get(self.given)
        {
            let number = first + self.given as u64;
            messages.push(BrowserMessage::Input { number, answered: *answered, bytes }.encode());
            self.given += 1;
            self.given_bytes += bytes.len();
        }
        messages
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(messages: &[Vec<u8>]) -> Vec<(u64, Vec<u8>)> {
        messages
            .iter()
            .map(|message| match BrowserMessage::decode(message).unwrap() {
                BrowserMessage::Input { number, bytes, .. } => (number, bytes.to_vec()),
                other => panic!("{other:?} is not input"),
            })
            .collect()
    }

    #[test]
    fn what_is_typed_before_the_socket_is_there_is_sent_once_it_is() {
        let mut outbox = Outbox::default();
        assert_eq!(outbox.put(b"l", false), Ok(vec![]));
        assert_eq!(outbox.put(b"s", false), Ok(vec![]));
        let sent = outbox.attached(1, 7);
        assert_eq!(numbers(&sent), [(8, b"l".to_vec()), (9, b"s".to_vec())]);
    }

    #[test]
    fn input_that_was_taken_is_never_sent_again_and_the_rest_is() {
        let mut outbox = Outbox::default();
        outbox.attached(1, 0);
        for byte in [b"a", b"b", b"c"] {
            outbox.put(byte, false).unwrap();
        }
        outbox.taken(1);
        let again = outbox.attached(1, 2);
        assert_eq!(numbers(&again), [(3, b"c".to_vec())]);
        assert_eq!(numbers(&outbox.put(b"d", false).unwrap()), [(4, b"d".to_vec())]);
        assert!(outbox.attached(1, 4).is_empty());
        assert_eq!(outbox.bytes, 0);
    }

    #[test]
    fn with_its_turn_a_page_gives_up_what_it_did_not_send() {
        let mut outbox = Outbox::default();
        assert_eq!(outbox.turn(), 0);
        outbox.attached(3, 7);
        assert_eq!(outbox.turn(), 3);
        assert!(!outbox.give_up());
        outbox.attached(4, 7);
        outbox.put(b"\x1b[?6c", true).unwrap();
        assert!(!outbox.give_up(), "nobody typed that");
        outbox.attached(5, 8);
        outbox.put(b"rm -r half", false).unwrap();
        assert!(outbox.give_up());
        assert_eq!(outbox.turn(), 0);
        assert!(outbox.attached(9, 7).is_empty());
        assert_eq!(numbers(&outbox.put(b"a", false).unwrap()), [(8, b"a".to_vec())]);
    }

    #[test]
    fn a_large_paste_is_cut_and_stays_in_order() {
        let mut outbox = Outbox::default();
        outbox.attached(1, 0);
        let paste: Vec<u8> = (0..100_000_u32).map(|at| u8::try_from(at % 251).unwrap()).collect();
        let mut messages = outbox.put(&paste, false).unwrap();
        assert_eq!(messages.len(), 4, "the socket is not filled");
        for number in 1..=7 {
            messages.extend(outbox.taken(number));
            assert!(messages.len() - usize::try_from(number).unwrap() <= 4);
        }
        assert!(messages.iter().all(|message| message.len() <= LARGEST_FROM_BROWSER));
        let pieces = numbers(&messages);
        assert!(pieces.iter().map(|(number, _)| *number).eq(1..=7));
        assert_eq!(pieces.into_iter().flat_map(|(_, bytes)| bytes).collect::<Vec<_>>(), paste);
        assert_eq!((outbox.bytes, outbox.given, outbox.given_bytes), (0, 0, 0));
    }

    #[test]
    fn an_interrupt_takes_the_place_of_the_rest_of_a_paste() {
        let mut outbox = Outbox::default();
        outbox.attached(1, 0);
        assert_eq!(outbox.put(&vec![b'a'; 10 * PIECE], false).unwrap().len(), 4);
        assert_eq!(outbox.put(b"\x03", false).unwrap(), Vec::<Vec<u8>>::new());
        let next = outbox.taken(1);
        assert_eq!(numbers(&next), [(5, b"\x03".to_vec())]);
        assert!(outbox.taken(5).is_empty());
        assert_eq!(outbox.bytes, 0);
    }

    #[test]
    fn too_much_input_is_refused_as_a_whole() {
        let mut outbox = Outbox::default();
        outbox.put(&vec![0; MOST], false).unwrap();
        assert_eq!(outbox.put(b"x", false), Err(Full));
        outbox.attached(1, 0);
        outbox.taken(1);
        assert!(outbox.put(b"x", false).is_ok());
    }

    #[test]
    fn t_01_what_the_emulator_answered_is_marked_as_such() {
        let mut outbox = Outbox::default();
        outbox.attached(1, 0);
        let messages = outbox.put(b"\x1b[?1;2c", true).unwrap();
        let message = BrowserMessage::decode(&messages[0]).unwrap();
        assert!(matches!(message, BrowserMessage::Input { answered: true, .. }));
    }
}
