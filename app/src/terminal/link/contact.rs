//! How a page and its session are in contact.

use domain::wire::BrowserMessage;

use super::socket::Socket;
use super::timer::Timer;

/// How a page and its session are in contact. What is left goes with all that belonged to it.
#[derive(Default)]
pub(crate) enum Contact {
    /// A ticket was asked for.
    #[default]
    Joining,
    /// A socket is there; the server did not answer yet.
    Opening(Socket),
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
    Over,
}

impl Contact {
    /// The server lets the socket attach.
    pub(crate) fn attach(&mut self, writer: bool) {
        *self = match std::mem::take(self) {
            Self::Opening(socket) | Self::Attached { socket, .. } => {
                Self::Attached { socket, writer, drawing: Vec::new(), acknowledge: None }
            }
            other @ (Self::Joining | Self::Pausing { .. } | Self::Over) => other,
        };
    }

    /// Whether input is wanted. An answer to a query that nobody waits for any more would be typed
    /// into the shell.
    pub(crate) fn takes(&self, answered: bool) -> bool {
        match self {
            Self::Attached { .. } => true,
            Self::Joining | Self::Opening(_) | Self::Pausing { .. } => !answered,
            Self::Over => false,
        }
    }

    /// Whether the session follows this page.
    pub(crate) fn writes(&self) -> bool {
        matches!(self, Self::Attached { writer: true, .. })
    }

    pub(crate) fn send(&self, message: &BrowserMessage<'_>) {
        self.send_encoded(&message.encode());
    }

    pub(crate) fn send_encoded(&self, message: &[u8]) {
        if let Self::Opening(socket) | Self::Attached { socket, .. } = self {
            socket.send(message);
        }
    }
}
