//! One live stream under a grant: here, a terminal.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{GrantId, Person, SessionId, Signer, Target};

/// A terminal in a container, from the click that asked for it to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its name, and its recording's.
    pub id: SessionId,
    /// The grant it runs under.
    pub grant: GrantId,
    /// Whose it is.
    pub person: Person,
    /// The container it reaches.
    pub target: Target,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// First instant at which it may not run any more: the grant's.
    pub not_after: Timestamp,
    /// Where it stands.
    pub state: SessionState,
}

/// The states of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionState {
    /// Asked for; the stream is not open yet.
    Starting,
    /// The stream is open.
    Live {
        /// Since when.
        since: Timestamp,
    },
    /// Over, for good.
    Ended {
        /// When.
        at: Timestamp,
        /// How.
        how: SessionEnd,
        /// What was found in the container afterwards.
        left: LeftBehind,
        /// The recording, where one was begun.
        recording: Option<Sealed>,
    },
}

/// How a session ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum SessionEnd {
    /// The grant's time was over.
    TimeIsUp,
    /// Somebody else ended it.
    Revoked {
        /// Who.
        by: Signer,
    },
    /// The person ended it.
    EndedByPerson,
    /// The shell ended by itself.
    Exited {
        /// Its exit code, 0 to 255.
        code: u8,
    },
    /// No terminal was attached for longer than the grace time.
    Abandoned,
    /// The stream broke on the cluster's side.
    Cut {
        /// What was seen, in words.
        what: String,
    },
    /// It never opened.
    NotOpened {
        /// Why, in words for the person.
        why: String,
    },
    /// The recording or the audit log could not be written, so nothing may go on.
    NotRecorded,
    /// The portal stopped while it ran.
    PortalStopped,
}

/// What was left of a session's processes in the container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum LeftBehind {
    /// Looked for, and found nothing.
    Nothing,
    /// Some processes are still there.
    Processes {
        /// How many.
        count: u32,
    },
    /// It could not be looked for: the container or the cluster was out of reach.
    Unknown,
}

/// A finished recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Bytes of output.
    pub bytes: u64,
    /// The last link of its blake3 chain, lower-case hexadecimal.
    pub digest: String,
}

impl Session {
    /// Whether it is over, and nothing of it was found in its container.
    pub fn left_nothing(&self) -> bool {
        matches!(self.state, SessionState::Ended { left: LeftBehind::Nothing, .. })
    }
}

impl SessionState {
    /// The word used on pages and in the store.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Live { .. } => "live",
            Self::Ended { .. } => "ended",
        }
    }
}

impl SessionEnd {
    /// A sentence for the terminal, the pages and the audit log.
    pub fn words(&self) -> String {
        match self {
            Self::TimeIsUp => "the granted time is over".to_owned(),
            Self::Revoked { by } => format!("{} ended the session", by.username),
            Self::EndedByPerson => "its person ended the session".to_owned(),
            Self::Exited { code } => format!("the shell exited with code {code}"),
            Self::Abandoned => "no terminal was attached any more".to_owned(),
            Self::Cut { what } => format!("the cluster ended the stream: {what}"),
            Self::NotOpened { why } => format!("the shell could not be opened: {why}"),
            Self::NotRecorded => "it could not be recorded any more".to_owned(),
            Self::PortalStopped => "the portal stopped while the session ran".to_owned(),
        }
    }
}

impl LeftBehind {
    /// A sentence for the pages and the audit log.
    pub fn words(self) -> String {
        match self {
            Self::Nothing => "no process is left in the container".to_owned(),
            Self::Processes { count: 1 } => "one process is left in the container".to_owned(),
            Self::Processes { count } => format!("{count} processes are left in the container"),
            Self::Unknown => "the container could not be checked afterwards".to_owned(),
        }
    }
}
