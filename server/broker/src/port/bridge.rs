//! What runs a session between its shell, its record and its viewers.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use domain::wire::{CloseCode, Size};
use domain::{GrantId, LoginId, SessionEnd, SessionId};

use super::{Shell, Tape};

/// The instant at which a session must be over, on the clock that counts sleep and cannot be
/// stepped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline {
    /// Time since boot.
    pub since_boot: Duration,
}

/// A viewer is let go within this time after the deadline, or after another end, whatever it takes.
/// What its socket needs to close comes on top.
pub const LETS_GO_WITHIN: Duration = Duration::from_millis(400);

/// Everything a session consists of while it runs.
pub struct Carried {
    /// Its name.
    pub session: SessionId,
    /// The grant it runs under.
    pub grant: GrantId,
    /// The open shell.
    pub shell: Shell,
    /// Its record.
    pub tape: Arc<dyn Tape>,
    /// When it must be over.
    pub deadline: Deadline,
    /// How long it may be without a writer, while no other session of the grant has one either.
    pub grace: Duration,
    /// How long the shell took to open.
    pub opened_in: Duration,
}

/// Runs sessions.
pub trait Bridge: Send + Sync {
    /// Takes over an open shell. The session ends by itself at the deadline, when the shell does,
    /// when the record cannot be written, or when it is told to.
    fn carry(&self, carried: Carried) -> Arc<dyn LiveTerminal>;
}

/// A session that runs.
#[async_trait]
pub trait LiveTerminal: Send + Sync {
    /// Serves one viewer until it goes, is taken over, or the session ends.
    async fn attach(&self, attachment: Attachment, viewer: &mut dyn Viewer) -> CloseCode;

    /// Ends the session; the first reason given is the one that counts.
    fn end(&self, how: SessionEnd);

    /// Moves the deadline further away; a nearer one changes nothing.
    fn prolong(&self, deadline: Deadline);

    /// Tells every viewer, present and to come, that the portal is going to be restarted, and the
    /// session ends then. It ends nothing by itself.
    fn announce_restart(&self, at: Deadline);

    /// Closes every viewer that belongs to this sign-in.
    fn sign_out(&self, login: LoginId);

    /// Waits for the end. The shell's connection is reset by then.
    async fn ended(&self) -> SessionEnd;
}

/// How a viewer joins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The name the others see.
    pub name: String,
    /// The sign-in it belongs to.
    pub login: LoginId,
    /// Whether it may type; a new writer takes over from the one before.
    pub writer: bool,
    /// The turn at typing that it goes on with; 0 for a new one.
    pub turn: u64,
    /// The output wanted next.
    pub offset: u64,
    /// The terminal's size.
    pub size: Size,
}

/// The viewer's socket is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the viewer is gone")]
pub struct ViewerClosed;

/// A browser's socket: whole messages of `domain::wire`. Neither half waits for the other.
pub trait Viewer: Send {
    /// What comes from the browser, and the way to it.
    fn halves(&mut self) -> (&mut dyn ViewerInput, &mut dyn ViewerOutput);
}

/// The half of a socket that is read.
#[async_trait]
pub trait ViewerInput: Send {
    /// The next message; cancelling loses nothing.
    async fn receive(&mut self) -> Result<Bytes, ViewerClosed>;
}

/// The half of a socket that is written.
#[async_trait]
pub trait ViewerOutput: Send {
    /// Sends a message; waits while the browser takes no more.
    async fn send(&mut self, message: Vec<u8>) -> Result<(), ViewerClosed>;

    /// Asks for a sign of life, which is seen inside [`ViewerInput::receive`]. Fails where too many
    /// were asked for in vain.
    async fn ping(&mut self) -> Result<(), ViewerClosed>;

    /// The shortest time in which a ping was answered; none before the first answer. Longer ones
    /// were waiting behind output, and say nothing of the way.
    fn round_trip(&self) -> Option<Duration>;
}
