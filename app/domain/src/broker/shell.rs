//! What the pages about shells and sessions show.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::wire::TICKET_LENGTH;
use crate::{ContainerName, PodName, Request, RequestId, Risk, Session, SessionId};

/// Where a shell can be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellChoice {
    /// The request whose grant is used.
    pub request: Request,
    /// How much can be hurt there.
    pub risk: Risk,
    /// The glass was broken for the grant.
    pub broke_glass: bool,
    /// What is left of the grant.
    pub remaining: Duration,
    /// The group in whose name it is done, where the cluster's RBAC would refuse it a shell here.
    pub refused_group: Option<String>,
    /// The pods, by workload.
    pub workloads: Vec<WorkloadRows>,
}

/// A workload with its pods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkloadRows {
    /// `Deployment`, `StatefulSet`, …, or `Pod` for pods without an owner.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its pods, by name.
    pub pods: Vec<PodRow>,
}

/// One pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PodRow {
    /// Its name.
    pub name: PodName,
    /// Its condition in a word or two: `Running`, `CrashLoopBackOff`.
    pub status: String,
    /// Every container is ready.
    pub ready: bool,
    /// Restarts of all containers.
    pub restarts: u32,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// Its containers.
    pub containers: Vec<ContainerRow>,
}

/// One container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerRow {
    /// Its name.
    pub name: ContainerName,
    /// Its image.
    pub image: String,
    /// Its condition in a word or two.
    pub status: String,
    /// Why no shell can be opened in it now, as a sentence.
    pub no_shell: Option<String>,
}

/// One session as this person sees it.
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each shown by itself")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// The session.
    pub session: Session,
    /// Its request.
    pub request: RequestId,
    /// How much can be hurt there.
    pub risk: Risk,
    /// The glass was broken for its grant.
    pub broke_glass: bool,
    /// Until it must end; zero once it has.
    pub remaining: Duration,
    /// It is this person's own.
    pub own: bool,
    /// This person may end it.
    pub may_end: bool,
    /// This person may read its recording.
    pub may_replay: bool,
}

/// One session with what is around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    /// The session.
    pub row: SessionRow,
    /// This person's sessions under the same grant that run, and this one if it is theirs, in the
    /// order in which they began.
    pub terminals: Vec<SessionRow>,
    /// This person may open another shell under the same grant now.
    pub may_open: bool,
    /// This person may ask for more time.
    pub may_extend: bool,
}

/// Lets one socket attach to one session, once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The session.
    pub session: SessionId,
    /// 32 random bytes; good once, for 30 s (W-03).
    pub secret: [u8; TICKET_LENGTH],
}

impl std::fmt::Debug for Ticket {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Ticket").field("session", &self.session).finish_non_exhaustive()
    }
}
