//! The portal, tied to one signed-in person.

use std::sync::Arc;

use async_trait::async_trait;
use domain::broker::{
    Ask, AskFor, AskForm, AuditFilter, AuditPage, Broker, Excerpt, Found, Frame, Home, Inbox, Less,
    Look, PolicyView, Proof, RecordingFilter, RecordingList, RecordingView, Refusal, RequestView,
    SessionRow, SessionView, ShellChoice, Simulated, Simulation, Spot, Ticket,
};
use domain::policy::Policy;
use domain::{
    ContainerName, LoginId, Person, PodName, Request, RequestDigest, RequestId, SessionId,
};

use crate::{Portal, access, record, shell};

/// Implements [`Broker`] for one person and one sign-in.
#[derive(Clone)]
pub struct Bound {
    pub(crate) portal: Arc<Portal>,
    pub(crate) person: Person,
    pub(crate) login: LoginId,
}

impl Bound {
    pub(crate) fn policy(&self) -> Arc<Policy> {
        self.portal.policy()
    }

    /// Whether this person looks after what others do: auditors and operators.
    pub(crate) fn oversees(&self) -> bool {
        self.policy().oversees(&self.person)
    }

    /// Whether this person may know of a request.
    pub(crate) fn may_see(&self, request: &Request) -> bool {
        request.person.key == self.person.key || self.may_intervene(request)
    }

    /// Whether this person may end what somebody else was granted: those who decide on it, or
    /// review that nobody did, and those who oversee.
    pub(crate) fn may_intervene(&self, request: &Request) -> bool {
        self.oversees() || self.person.is_in_any(request.ruling.decision.concerned())
    }
}

#[async_trait]
impl Broker for Bound {
    async fn frame(&self) -> Result<Frame, Refusal> {
        access::frame(self).await
    }

    async fn home(&self) -> Result<Home, Refusal> {
        access::home(self).await
    }

    async fn ask_form(&self, for_what: &AskFor) -> Result<AskForm, Refusal> {
        access::ask_form(self, for_what).await
    }

    async fn send_request(&self, ask: Ask) -> Result<RequestId, Refusal> {
        access::send_request(self, ask).await
    }

    async fn request(&self, id: RequestId) -> Result<RequestView, Refusal> {
        access::request(self, id).await
    }

    async fn change_request(&self, id: RequestId, ask: Ask) -> Result<(), Refusal> {
        access::change_request(self, id, ask).await
    }

    async fn withdraw(&self, id: RequestId) -> Result<(), Refusal> {
        access::withdraw(self, id).await
    }

    async fn inbox(&self, selected: Option<RequestId>) -> Result<Inbox, Refusal> {
        access::inbox(self, selected).await
    }

    async fn approve(
        &self,
        id: RequestId,
        shown: &RequestDigest,
        less: &Less,
    ) -> Result<(), Refusal> {
        access::approve(self, id, shown, less).await
    }

    async fn remind(&self, id: RequestId) -> Result<(), Refusal> {
        access::remind(self, id).await
    }

    async fn take_back(&self, id: RequestId) -> Result<(), Refusal> {
        access::take_back(self, id).await
    }

    async fn deny(&self, id: RequestId, why: &str) -> Result<(), Refusal> {
        access::deny(self, id, why).await
    }

    async fn comment(&self, id: RequestId, words: &str) -> Result<(), Refusal> {
        access::comment(self, id, words).await
    }

    async fn review_glass(&self, id: RequestId, words: &str) -> Result<(), Refusal> {
        access::review_glass(self, id, words).await
    }

    async fn policy_view(&self) -> Result<PolicyView, Refusal> {
        access::policy_view(self).await
    }

    async fn simulate(&self, simulation: &Simulation) -> Result<Simulated, Refusal> {
        access::simulate(self, simulation).await
    }

    async fn end_grant(&self, id: RequestId) -> Result<(), Refusal> {
        access::end_grant(self, id).await
    }

    async fn shell_choice(&self, id: RequestId) -> Result<ShellChoice, Refusal> {
        shell::choice(self, id).await
    }

    async fn start_session(
        &self,
        request: RequestId,
        pod: &PodName,
        container: &ContainerName,
    ) -> Result<SessionId, Refusal> {
        shell::start(self, request, pod, container).await
    }

    async fn session(&self, id: SessionId) -> Result<SessionView, Refusal> {
        shell::view(self, id).await
    }

    async fn sessions(&self) -> Result<Vec<SessionRow>, Refusal> {
        shell::sessions(self).await
    }

    async fn terminal_ticket(&self, id: SessionId) -> Result<Ticket, Refusal> {
        shell::ticket(self, id).await
    }

    async fn end_session(&self, id: SessionId) -> Result<(), Refusal> {
        shell::end(self, id).await
    }

    async fn recordings(&self, filter: &RecordingFilter) -> Result<RecordingList, Refusal> {
        record::recordings(self, filter).await
    }

    async fn recording(&self, id: SessionId, look: &Look) -> Result<RecordingView, Refusal> {
        record::recording(self, id, look).await
    }

    async fn transcript(&self, id: SessionId, place: Spot) -> Result<Excerpt, Refusal> {
        record::transcript(self, id, place).await
    }

    async fn find_in_recording(&self, id: SessionId, text: &str) -> Result<Found, Refusal> {
        record::find(self, id, text).await
    }

    async fn prove_recording(&self, id: SessionId) -> Result<Proof, Refusal> {
        record::prove(self, id).await
    }

    async fn review_recording(&self, id: SessionId) -> Result<(), Refusal> {
        record::review(self, id).await
    }

    async fn audit(&self, filter: &AuditFilter) -> Result<AuditPage, Refusal> {
        record::audit(self, filter).await
    }
}
