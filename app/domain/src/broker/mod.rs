//! The one way for pages, the JSON API and the command line to do anything.
//!
//! A [`Broker`] is bound to the person it acts for: what it returns is what they may see, and what
//! it does is checked against policy and written to the audit log.

mod access;
mod policy;
mod record;
mod recording;
mod refusal;
mod shell;

use async_trait::async_trait;

pub use access::{
    Ask, AskFor, AskForm, ClusterHealth, Held, Home, Inbox, Insight, Less, NamespaceRow,
    NothingRequestable, Offer, PodHealth, Reach, Record, RequestRow, RequestView, RuleSeen,
    Standing,
};
pub use policy::{Judged, PolicyView, RuleRow, Simulated, Simulation};
pub use record::{AuditFilter, AuditPage, EventRow};
pub use recording::{
    Condition, Excerpt, Found, Hit, Line, Look, Playable, Proof, Proving, RecordingFilter,
    RecordingList, RecordingRow, RecordingView, Reviewed, Searched, Spot,
};
pub use refusal::{FieldProblem, Part, Refusal};
pub use shell::{ContainerRow, PodRow, SessionRow, SessionView, ShellChoice, Ticket, WorkloadRows};

use crate::{ContainerName, Person, PodName, RequestDigest, RequestId, SessionId};

/// What every page shows around its own content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Who is signed in.
    pub person: Person,
    /// Whether they may read the audit log and every recording.
    pub auditor: bool,
    /// Requests that wait for their decision.
    pub pending: usize,
    /// Their own sessions that run now.
    pub live: Vec<SessionRow>,
    /// What everybody should know: a refused policy file, a cluster out of reach.
    pub warnings: Vec<String>,
    /// The number of the newest event of the audit log: live updates resume after it.
    pub newest_event: u64,
}

/// Every use case, for one signed-in person.
#[async_trait]
pub trait Broker: Send + Sync {
    /// What is shown around every page.
    async fn frame(&self) -> Result<Frame, Refusal>;

    /// The namespaces that may be requested, and what is held now.
    async fn home(&self) -> Result<Home, Refusal>;

    /// What can be asked for in one namespace, anew, on top, or instead.
    async fn ask_form(&self, for_what: &AskFor) -> Result<AskForm, Refusal>;

    /// Sends a request; policy may grant it at once.
    async fn send_request(&self, ask: Ask) -> Result<RequestId, Refusal>;

    /// One request, for its requester, those who decide, and auditors.
    async fn request(&self, id: RequestId) -> Result<RequestView, Refusal>;

    /// Changes a request that waits; approvals given so far are void.
    async fn change_request(&self, id: RequestId, ask: Ask) -> Result<(), Refusal>;

    /// Takes back a request that waits.
    async fn withdraw(&self, id: RequestId) -> Result<(), Refusal>;

    /// Reminds those who decide, at most once in five minutes.
    async fn remind(&self, id: RequestId) -> Result<(), Refusal>;

    /// What waits for this person's decision, and what was decided of late; shown is the selected
    /// request, or the first.
    async fn inbox(&self, selected: Option<RequestId>) -> Result<Inbox, Refusal>;

    /// Consents to exactly the request that was shown, or to less of it.
    async fn approve(
        &self,
        id: RequestId,
        shown: &RequestDigest,
        less: &Less,
    ) -> Result<(), Refusal>;

    /// Takes this person's approval back, before the grant is made.
    async fn take_back(&self, id: RequestId) -> Result<(), Refusal>;

    /// Refuses a request, with a reason of 3 to 1,000 characters.
    async fn deny(&self, id: RequestId, why: &str) -> Result<(), Refusal>;

    /// Says something about a request, 1 to 1,000 characters.
    async fn comment(&self, id: RequestId, words: &str) -> Result<(), Refusal>;

    /// Reviews a request for which the glass was broken, in 10 to 1,000 characters.
    async fn review_glass(&self, id: RequestId, words: &str) -> Result<(), Refusal>;

    /// The policy in force; for those who operate or audit the portal also its rules, and what each
    /// decided in 30 days.
    async fn policy_view(&self) -> Result<PolicyView, Refusal>;

    /// What policy says of a question, and why. Operators and auditors may ask for anybody,
    /// everybody for themselves.
    async fn simulate(&self, simulation: &Simulation) -> Result<Simulated, Refusal>;

    /// Ends the grant of a request, and every session under it.
    async fn end_grant(&self, id: RequestId) -> Result<(), Refusal>;

    /// The pods and containers in which the request's grant allows a shell.
    async fn shell_choice(&self, id: RequestId) -> Result<ShellChoice, Refusal>;

    /// Starts a session; its shell opens when a terminal attaches, within 30 s.
    async fn start_session(
        &self,
        request: RequestId,
        pod: &PodName,
        container: &ContainerName,
    ) -> Result<SessionId, Refusal>;

    /// One session, for its person, those who may end it, and auditors.
    async fn session(&self, id: SessionId) -> Result<SessionView, Refusal>;

    /// Live and past sessions that this person may see, newest first.
    async fn sessions(&self) -> Result<Vec<SessionRow>, Refusal>;

    /// Lets one socket attach to a session, once, within 30 s (W-03).
    async fn terminal_ticket(&self, id: SessionId) -> Result<Ticket, Refusal>;

    /// Ends a session; ended by somebody else than its person, its grant ends too.
    async fn end_session(&self, id: SessionId) -> Result<(), Refusal>;

    /// The recordings this person may read, newest first.
    async fn recordings(&self, filter: &RecordingFilter) -> Result<RecordingList, Refusal>;

    /// One recording, for its player; that it was read is written down first.
    async fn recording(&self, id: SessionId, look: &Look) -> Result<RecordingView, Refusal>;

    /// A part of a recording's transcript.
    async fn transcript(&self, id: SessionId, place: Spot) -> Result<Excerpt, Refusal>;

    /// The lines of a recording that contain a text, in any case.
    async fn find_in_recording(&self, id: SessionId, text: &str) -> Result<Found, Refusal>;

    /// Reads a recording whole and compares it with the audit log.
    async fn prove_recording(&self, id: SessionId) -> Result<Proof, Refusal>;

    /// Says that this person reviewed a recording; never their own.
    async fn review_recording(&self, id: SessionId) -> Result<(), Refusal>;

    /// Events of the audit log, newest first; auditors only.
    async fn audit(&self, filter: &AuditFilter) -> Result<AuditPage, Refusal>;
}
