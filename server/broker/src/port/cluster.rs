//! A Kubernetes cluster, as far as the portal needs it.

use async_trait::async_trait;
use bytes::Bytes;
use domain::policy::Labels;
use domain::wire::Size;
use domain::{ContainerName, LeftBehind, Namespace, PodName, Risk, Workload};
use jiff::Timestamp;
use tokio::sync::watch;

use crate::signed::SignedGrant;

/// One cluster. What it knows of namespaces and pods comes from watches, and is free to read.
#[async_trait]
pub trait Cluster: Send + Sync {
    /// Whether the API server answers.
    fn state(&self) -> ClusterState;

    /// Every namespace, by name.
    fn namespaces(&self) -> Vec<NamespaceInfo>;

    /// The pods of one namespace, by name.
    fn pods(&self, namespace: &Namespace) -> Vec<Pod>;

    /// Wakes when namespaces, pods or the state change.
    fn changes(&self) -> watch::Receiver<u64>;

    /// What a service account of a namespace may do, as half sentences: "read secrets". Asked of
    /// the API server and remembered; a page may wait for it.
    ///
    /// # Errors
    /// When the API server did not say.
    async fn powers(
        &self,
        namespace: &Namespace,
        account: &str,
    ) -> Result<Vec<&'static str>, RightUnknown>;

    /// Whether the cluster lets a user in a group open a shell in a namespace; asked of the API
    /// server.
    ///
    /// # Errors
    /// When the API server did not say.
    async fn may_open_shell(
        &self,
        user: &str,
        group: &str,
        namespace: &Namespace,
    ) -> Result<bool, RightUnknown>;

    /// Opens a terminal under the impersonated identity of the order.
    ///
    /// # Errors
    /// In words for the person; nothing was started then.
    async fn open_shell(&self, order: &Order, size: Size) -> Result<Shell, ShellTrouble>;

    /// Ends every process of the order's session in its container, and looks again.
    async fn end_processes(&self, order: &Order) -> LeftBehind;
}

/// The API server did not answer, or the portal may not ask it this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cluster did not say who may do it")]
pub struct RightUnknown;

/// What the cluster crate is told to do, and the signed grant that allows it.
///
/// It believes the signature, not the caller: user, group, extras and target are taken from the
/// grant's claims.
#[derive(Debug, Clone)]
pub struct Order {
    /// Signed by the broker; checked by the cluster crate.
    pub grant: SignedGrant,
    /// Sent as `Audit-ID`: the event that says that this is done.
    pub audit_id: domain::EventId,
}

/// Whether a cluster answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClusterState {
    /// The watches run.
    Reachable,
    /// They do not.
    Unreachable {
        /// Since when.
        since: Timestamp,
        /// What was seen, without internals.
        why: String,
    },
}

/// A namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamespaceInfo {
    /// Its name.
    pub name: Namespace,
    /// From the label `shorepass.dev/risk`.
    pub risk: Risk,
    /// From the annotation `shorepass.dev/owner`, at most 80 visible characters.
    pub owner: Option<String>,
    /// Its labels, as policy looks at them.
    pub labels: Labels,
}

/// A pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pod {
    /// Its name.
    pub name: PodName,
    /// What owns it.
    pub workload: Workload,
    /// `Running`, `Pending`, `CrashLoopBackOff`, …: as kubectl says it.
    pub status: String,
    /// Every container is ready.
    pub ready: bool,
    /// Restarts of all containers.
    pub restarts: u32,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// Its containers: ordinary, init and ephemeral.
    pub containers: Vec<Container>,
    /// What it can do beyond its containers, in words: "runs privileged".
    pub reach: Vec<String>,
    /// The service account whose token lies in it, where one does; at most 253 visible characters.
    pub account: Option<String>,
}

/// A container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Its name.
    pub name: ContainerName,
    /// Ordinary, init or ephemeral.
    pub kind: ContainerKind,
    /// Its image.
    pub image: String,
    /// `Running`, `Waiting: CrashLoopBackOff`, `Terminated: Error`, …
    pub status: String,
    /// It runs now.
    pub running: bool,
}

/// The three kinds of container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContainerKind {
    /// Runs as long as the pod.
    Ordinary,
    /// Runs before the ordinary ones.
    Init,
    /// Was added for debugging.
    Ephemeral,
}

/// An open terminal. Dropping both halves resets the connection: nothing that is queued in it
/// arrives any more (S-03).
pub struct Shell {
    /// The subprotocol that the API server chose.
    pub protocol: String,
    /// From the shell.
    pub output: Box<dyn ShellOutput>,
    /// To the shell.
    pub input: Box<dyn ShellInput>,
}

/// What comes from a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShellEvent {
    /// Bytes the shell wrote.
    Output(Bytes),
    /// Bytes that a program without a terminal wrote to its error stream.
    Error(Bytes),
    /// The shell ended by itself.
    Exited {
        /// Its exit code.
        code: u8,
    },
    /// The shell never ran: there is no such program in the image.
    NoShell,
}

/// The stream broke.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct ShellCut {
    /// What was seen, in words.
    pub what: String,
}

/// The half of a shell that is read.
#[async_trait]
pub trait ShellOutput: Send {
    /// The next event; cancelling loses nothing. After `Exited` or an error it is not called again.
    async fn next(&mut self) -> Result<ShellEvent, ShellCut>;
}

/// The half of a shell that is written.
#[async_trait]
pub trait ShellInput: Send {
    /// Sends input; waits while the API server takes no more.
    async fn send(&mut self, bytes: Bytes) -> Result<(), ShellCut>;

    /// Tells the shell the terminal's size.
    async fn resize(&mut self, size: Size) -> Result<(), ShellCut>;

    /// Asks for a sign of life; the answer is seen inside `ShellOutput::next`.
    async fn ping(&mut self) -> Result<(), ShellCut>;
}

/// Why a shell was not opened, in words for the person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShellTrouble {
    /// The signed grant does not allow this.
    #[error("the grant does not allow this")]
    NotGranted,
    /// The API server refused the impersonated identity.
    #[error("the cluster refused it: {why}")]
    Forbidden {
        /// What the API server said, bounded and without control characters.
        why: String,
    },
    /// There is no such pod or container any more.
    #[error("the pod or the container is gone")]
    Gone,
    /// The container does not run.
    #[error("the container is not running: {status}")]
    NotRunning {
        /// Its condition.
        status: String,
    },
    /// The image holds no shell.
    #[error("the image has no shell; a debug container is needed")]
    NoShell,
    /// The API server did not answer, or not as it should.
    #[error("the cluster did not answer: {why}")]
    Unreachable {
        /// What was seen, without internals.
        why: String,
    },
}
