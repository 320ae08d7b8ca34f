//! How a page and its session are in contact.

use std::time::Duration;

use domain::wire::{BrowserMessage, SPEAKS_EACH};
use futures::future::{AbortHandle, AbortRegistration};

use super::socket::Socket;
use super::timer::Timer;

/// A ticket, and an open socket, are there within this time, or it is tried anew: a way that lets
/// nothing through says nothing either.
const OPENS_WITHIN: Duration = Duration::from_secs(10);
/// A socket that says nothing for longer leads nowhere.
const SILENT_FOR: Duration = Duration::from_secs(20);
const _: () = assert!(SILENT_FOR.as_millis() >= 3 * SPEAKS_EACH.as_millis());

/// How a page and its session are in contact. What is left goes with all that belonged to it.
#[derive(Default)]
pub(crate) enum Contact {
    /// A ticket was asked for.
    Joining { _question: Question },
    /// A socket is on its way.
    Opening(Socket),
    /// A socket is there; the server did not answer yet.
    Attaching(Socket),
    Attached {
        socket: Socket,
        /// The socket was accepted as the writer's.
        writer: bool,
        /// What arrived of a screen whose last part did not.
        drawing: Vec<u8>,
        acknowledge: Option<Timer>,
    },
    /// The next try comes later.
    Pausing { _until: Option<Timer> },
    /// Nothing will follow.
    #[default]
    Over,
}

/// Something that the server was asked; once this is dropped, nobody waits for the answer.
pub(crate) struct Question(AbortHandle);

impl Question {
    /// A question, and what ends the waiting.
    pub(crate) fn new() -> (Self, AbortRegistration) {
        let (handle, registration) = AbortHandle::new_pair();
        (Self(handle), registration)
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Contact {
    /// The socket is there.
    pub(crate) fn open(&mut self) {
        *self = match std::mem::take(self) {
            Self::Opening(socket) => Self::Attaching(socket),
            other => other,
        };
    }

    /// The server lets the socket attach.
    pub(crate) fn attach(&mut self, writer: bool) {
        *self = match std::mem::take(self) {
            Self::Attaching(socket) | Self::Attached { socket, .. } => {
                Self::Attached { socket, writer, drawing: Vec::new(), acknowledge: None }
            }
            other => other,
        };
    }

    /// Whether input is wanted. An answer to a query that nobody waits for any more would be typed
    /// into the shell.
    pub(crate) fn takes(&self, answered: bool) -> bool {
        match self {
            Self::Attached { .. } => true,
            Self::Over => false,
            Self::Joining { .. } | Self::Opening(_) | Self::Attaching(_) | Self::Pausing { .. } => {
                !answered
            }
        }
    }

    /// Whether the session follows this page.
    pub(crate) fn writes(&self) -> bool {
        matches!(self, Self::Attached { writer: true, .. })
    }

    /// Whether it is lost, where nothing was heard for so long.
    pub(crate) fn is_lost_after(&self, silence: Duration) -> bool {
        match self {
            Self::Joining { .. } | Self::Opening(_) => silence > OPENS_WITHIN,
            // Before the first prompt the server is silent for as long as the shell takes to open:
            // then another socket waits for it.
            Self::Attaching(_) | Self::Attached { .. } => silence > SILENT_FOR,
            Self::Pausing { .. } | Self::Over => false,
        }
    }

    /// Whether it is still looked for.
    pub(crate) fn is_sought(&self) -> bool {
        match self {
            Self::Joining { .. } | Self::Opening(_) | Self::Attaching(_) | Self::Pausing { .. } => {
                true
            }
            Self::Attached { .. } | Self::Over => false,
        }
    }

    pub(crate) fn send(&self, message: &BrowserMessage<'_>) {
        self.send_encoded(&message.encode());
    }

    pub(crate) fn send_encoded(&self, message: &[u8]) {
        if let Self::Attaching(socket) | Self::Attached { socket, .. } = self {
            socket.send(message);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use futures::future::{Abortable, pending};

    use super::*;

    #[test]
    fn a_question_that_is_not_answered_in_time_is_given_up() {
        let (question, registration) = Question::new();
        let mut asking = Abortable::new(pending::<()>(), registration);
        let contact = Contact::Joining { _question: question };
        assert!(!contact.is_lost_after(OPENS_WITHIN));
        assert!(contact.is_lost_after(OPENS_WITHIN + Duration::from_millis(1)));
        assert!(contact.is_sought());
        assert!((&mut asking).now_or_never().is_none());
        drop(contact);
        assert!(asking.now_or_never().is_some_and(|answer| answer.is_err()));
    }

    #[test]
    fn who_pauses_or_is_done_waits_for_nothing() {
        let pausing = Contact::Pausing { _until: None };
        assert!(!pausing.is_lost_after(Duration::MAX) && pausing.is_sought());
        assert!(!Contact::Over.is_lost_after(Duration::MAX) && !Contact::Over.is_sought());
    }
}
