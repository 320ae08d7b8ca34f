//! Who is attached, and who of them writes.

use std::sync::{Arc, Mutex};

use broker::port::Attachment;
use domain::LoginId;
use domain::wire::{CloseCode, Participant};
use tokio::sync::mpsc::Permit;
use tokio::sync::{oneshot, watch};

use crate::lock;
use crate::presence::{GrantPresence, Written};
use crate::shell::Input;

/// The viewers of one session.
pub(crate) struct Roster {
    presence: Arc<GrantPresence>,
    places: Mutex<Places>,
    present: watch::Sender<Present>,
}

/// Who is attached, for everybody to follow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Present {
    names: Vec<(u64, String)>,
    writer: Option<u64>,
    begun: bool,
}

struct Places {
    next: u64,
    taken: Vec<Place>,
    writer: Option<u64>,
    /// The number of the latest turn at typing. It outlasts the sockets of the page that has it.
    turn: u64,
    /// Tells the grant's sessions while there is a writer.
    written: Option<Written>,
    /// The number of the last input that was accepted.
    accepted: u64,
}

struct Place {
    seat: u64,
    login: LoginId,
    name: String,
    close: Option<oneshot::Sender<CloseCode>>,
}

/// A viewer's place; given back when it is dropped.
pub(crate) struct Seat {
    roster: Arc<Roster>,
    number: u64,
    /// The turn at typing; 0 for who looks on.
    pub(crate) turn: u64,
    /// The last input that was accepted when the viewer came.
    pub(crate) accepted: u64,
}

/// What became of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Acceptance {
    /// It goes to the shell.
    Accepted,
    /// It went there before, by this socket or an earlier one.
    Known,
    /// Its number is not the next, or the seat is not the writer's any more.
    Refused,
}

impl Roster {
    /// Nobody is attached.
    pub(crate) fn new(presence: Arc<GrantPresence>) -> Arc<Self> {
        let places = Places {
            next: 0,
            taken: Vec::new(),
            writer: None,
            turn: 0,
            written: None,
            accepted: 0,
        };
        Arc::new(Self {
            presence,
            places: Mutex::new(places),
            present: watch::Sender::new(Present::default()),
        })
    }

    /// Gives a viewer a place, and says there when it must go. A writer takes over: from this
    /// instant nothing of the one before is accepted. There is none for a writer that wants to go
    /// on with its turn after another one has begun: it does not know what was typed since.
    pub(crate) fn join(
        self: &Arc<Self>,
        attachment: &Attachment,
    ) -> Option<(Seat, oneshot::Receiver<CloseCode>)> {
        let (close, closed) = oneshot::channel();
        let mut places = lock(&self.places);
        let turn = if attachment.writer { places.take_turn(attachment.turn)? } else { 0 };
        places.next += 1;
        let number = places.next;
        if attachment.writer
            && let Some(before) = places.writer.replace(number)
        {
            places.close(CloseCode::TakenOver, |place| place.seat == before);
        }
        if attachment.writer {
            places.written.get_or_insert_with(|| self.presence.written());
        }
        let name = attachment.name.clone();
        places.taken.push(Place {
            seat: number,
            login: attachment.login,
            name,
            close: Some(close),
        });
        self.tell(&places);
        let accepted = places.accepted;
        Some((Seat { roster: Arc::clone(self), number, turn, accepted }, closed))
    }

    /// Closes every viewer of a sign-in.
    pub(crate) fn sign_out(&self, login: LoginId) {
        lock(&self.places).close(CloseCode::SignedOut, |place| place.login == login);
    }

    /// Follows who is attached.
    pub(crate) fn follow(&self) -> watch::Receiver<Present> {
        self.present.subscribe()
    }

    /// Follows how many sessions of its grant have a writer, this one among them.
    pub(crate) fn written(&self) -> watch::Receiver<usize> {
        self.presence.follow()
    }

    fn tell(&self, places: &Places) {
        let names = places.taken.iter().map(|place| (place.seat, place.name.clone())).collect();
        let present = Present { names, writer: places.writer, begun: true };
        self.present.send_if_modified(|known| std::mem::replace(known, present.clone()) != present);
    }
}

impl Places {
    /// Begins a turn, for 0, or goes on with the latest.
    fn take_turn(&mut self, wanted: u64) -> Option<u64> {
        if wanted == 0 {
            self.turn += 1;
        }
        (wanted == 0 || wanted == self.turn).then_some(self.turn)
    }

    fn close(&mut self, code: CloseCode, who: impl Fn(&Place) -> bool) {
        for place in self.taken.iter_mut().filter(|place| who(place)) {
            if let Some(close) = place.close.take() {
                let _ = close.send(code);
            }
        }
    }
}

impl Present {
    /// Whether somebody was attached, and nobody is any more.
    pub(crate) fn is_left(&self) -> bool {
        self.begun && self.names.is_empty()
    }

    /// Everybody but this seat.
    pub(crate) fn others(&self, seat: &Seat) -> Vec<Participant> {
        let others = self.names.iter().filter(|(number, _)| *number != seat.number);
        let as_seen = |(number, name): &(u64, String)| Participant {
            name: name.clone(),
            types: self.writer == Some(*number),
        };
        others.map(as_seen).collect()
    }
}

impl Seat {
    /// Accepts an input, once, if it is the next of the one who writes, and hands it over in the
    /// same step: whoever takes over knows exactly what was accepted before.
    pub(crate) fn accept(&self, input: Input, place: Permit<'_, Input>) -> Acceptance {
        let mut places = lock(&self.roster.places);
        if places.writer != Some(self.number) || input.number > places.accepted + 1 {
            return Acceptance::Refused;
        }
        if input.number <= places.accepted {
            return Acceptance::Known;
        }
        places.accepted = input.number;
        place.send(input);
        Acceptance::Accepted
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut places = lock(&self.roster.places);
        places.taken.retain(|place| place.seat != self.number);
        if places.writer == Some(self.number) {
            places.writer = None;
            places.written = None;
        }
        self.roster.tell(&places);
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use tokio::sync::{Semaphore, mpsc};

    use super::*;
    use crate::tests::stage::{login, watcher, writer};

    fn accept(seat: &Seat, number: u64) -> Acceptance {
        let (inbox, _waiting) = mpsc::channel(1);
        let room = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
        let input = Input { number, bytes: Bytes::from_static(b"x"), _room: room };
        seat.accept(input, inbox.try_reserve().unwrap())
    }

    #[test]
    fn each_number_is_accepted_once_and_in_its_order() {
        let roster = Roster::new(Arc::default());
        let (seat, _closed) = roster.join(&writer("ana")).unwrap();
        assert_eq!(accept(&seat, 2), Acceptance::Refused);
        assert_eq!(accept(&seat, 1), Acceptance::Accepted);
        assert_eq!(accept(&seat, 1), Acceptance::Known);
        assert_eq!(accept(&seat, 2), Acceptance::Accepted);
        assert_eq!(accept(&seat, u64::MAX), Acceptance::Refused);
    }

    #[test]
    fn only_the_latest_writer_is_accepted() {
        let roster = Roster::new(Arc::default());
        let (old, mut old_closed) = roster.join(&writer("ana")).unwrap();
        let (looks_on, mut looks_on_closed) = roster.join(&watcher("ben")).unwrap();
        assert_eq!(accept(&old, 1), Acceptance::Accepted);
        let (new, _closed) = roster.join(&writer("ana")).unwrap();
        assert_eq!(new.accepted, 1);
        assert_eq!(old_closed.try_recv(), Ok(CloseCode::TakenOver));
        assert!(looks_on_closed.try_recv().is_err());
        assert_eq!(accept(&old, 2), Acceptance::Refused);
        assert_eq!(accept(&looks_on, 2), Acceptance::Refused);
        drop(old);
        assert_eq!(*roster.written().borrow(), 1, "the one before leaves later");
        assert_eq!(accept(&new, 2), Acceptance::Accepted);
        drop(new);
        assert_eq!(*roster.written().borrow(), 0);
    }

    #[test]
    fn a_turn_goes_on_until_another_begins() {
        let roster = Roster::new(Arc::default());
        let back = |turn| roster.join(&Attachment { turn, ..writer("ana") });
        assert!(back(1).is_none(), "none has begun");
        let (seat, _closed) = back(0).unwrap();
        assert_eq!(seat.turn, 1);
        let (again, _closed) = back(1).unwrap();
        assert_eq!((again.turn, accept(&again, 1)), (1, Acceptance::Accepted));
        drop((seat, again));
        let (looks_on, _closed) = roster.join(&watcher("ben")).unwrap();
        assert_eq!(looks_on.turn, 0);
        assert!(back(1).is_some(), "who looks on takes no turn");

        let (other, mut other_closed) = back(0).unwrap();
        assert_eq!(other.turn, 2);
        assert!(back(1).is_none());
        assert!(other_closed.try_recv().is_err(), "it stays");
        assert_eq!(accept(&other, 2), Acceptance::Accepted);
        drop(other);
        assert!(back(1).is_none(), "it has typed, and is gone");
        assert!(back(2).is_some());
    }

    #[test]
    fn o_17_a_viewer_is_closed_once_by_the_first_reason() {
        let roster = Roster::new(Arc::default());
        let (_seat, mut closed) = roster.join(&writer("ana")).unwrap();
        roster.sign_out(login(1));
        let (_new, _closed) = roster.join(&writer("ana")).unwrap();
        assert_eq!(closed.try_recv(), Ok(CloseCode::SignedOut));
    }
}
