use async_trait::async_trait;
use domain::broker::{
    Ask, AskFor, AskForm, AuditFilter, AuditPage, Broker, Excerpt, Found, Frame, Home, Inbox, Less,
    Look, PolicyView, Proof, RecordingFilter, RecordingList, RecordingView, Refusal, RequestView,
    SessionRow, SessionView, ShellChoice, Simulated, Simulation, Spot, Ticket,
};
use domain::{ContainerName, PodName, RequestDigest, RequestId, SessionId};

use super::things::{frame, person};

type Answer<T> = Result<T, Refusal>;

/// Answers what it was told; whatever it was not told is not found.
#[derive(Clone)]
pub(crate) struct Scripted {
    pub(crate) frame: Answer<Frame>,
    pub(crate) home: Answer<Home>,
    pub(crate) ask_form: Answer<AskForm>,
    pub(crate) request: Answer<RequestView>,
    pub(crate) inbox: Answer<Inbox>,
    pub(crate) shell_choice: Answer<ShellChoice>,
    pub(crate) session: Answer<SessionView>,
    pub(crate) sessions: Answer<Vec<SessionRow>>,
    pub(crate) recordings: Answer<RecordingList>,
    pub(crate) recording: Answer<RecordingView>,
    pub(crate) audit: Answer<AuditPage>,
    pub(crate) policy_view: Answer<PolicyView>,
    pub(crate) simulated: Answer<Simulated>,
}

impl Scripted {
    /// A broker for a person in these groups, which knows nothing yet.
    pub(crate) fn bound_to(name: &str, groups: &[&str]) -> Self {
        Self {
            frame: Ok(frame(person(name, groups))),
            home: Err(Refusal::NotFound),
            ask_form: Err(Refusal::NotFound),
            request: Err(Refusal::NotFound),
            inbox: Err(Refusal::NotFound),
            shell_choice: Err(Refusal::NotFound),
            session: Err(Refusal::NotFound),
            sessions: Err(Refusal::NotFound),
            recordings: Err(Refusal::NotFound),
            recording: Err(Refusal::NotFound),
            audit: Err(Refusal::NotFound),
            policy_view: Err(Refusal::NotFound),
            simulated: Err(Refusal::NotFound),
        }
    }

    /// The same, changed.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The same, with another frame.
    pub(crate) fn framed(mut self, change: impl FnOnce(&mut Frame)) -> Self {
        if let Ok(frame) = &mut self.frame {
            change(frame);
        }
        self
    }
}

#[async_trait]
impl Broker for Scripted {
    async fn frame(&self) -> Answer<Frame> {
        // Lets the pages of other people be rendered in between.
        tokio::task::yield_now().await;
        self.frame.clone()
    }
    async fn home(&self) -> Answer<Home> {
        self.home.clone()
    }
    async fn ask_form(&self, _: &AskFor) -> Answer<AskForm> {
        self.ask_form.clone()
    }
    async fn send_request(&self, _: Ask) -> Answer<RequestId> {
        Err(Refusal::NotFound)
    }
    async fn request(&self, _: RequestId) -> Answer<RequestView> {
        self.request.clone()
    }
    async fn change_request(&self, _: RequestId, _: Ask) -> Answer<()> {
        Err(Refusal::NotFound)
    }
    async fn comment(&self, _: RequestId, _: &str) -> Answer<()> {
        Err(Refusal::NotFound)
    }
    async fn review_glass(&self, _: RequestId, _: &str) -> Answer<()> {
        Err(Refusal::NotFound)
    }
    async fn policy_view(&self) -> Answer<PolicyView> {
        self.policy_view.clone()
    }
    async fn simulate(&self, _: &Simulation) -> Answer<Simulated> {
        self.simulated.clone()
    }
    async fn withdraw(&self, _: RequestId) -> Answer<()> {
        Err(Refusal::NotFound)
    }

    async fn remind(&self, _: RequestId) -> Answer<()> {
        Err(Refusal::NotFound)
    }
    async fn take_back(&self, _: RequestId) -> Answer<()> {
        Err(Refusal::NotFound)
    }
    async fn inbox(&self, _: Option<RequestId>) -> Answer<Inbox> {
        self.inbox.clone()
    }
    async fn approve(&self, _: RequestId, _: &RequestDigest, _: &Less) -> Answer<()> {
        Err(Refusal::NotFound)
    }
    async fn deny(&self, _: RequestId, _: &str) -> Answer<()> {
        Err(Refusal::NotFound)
    }
    async fn end_grant(&self, _: RequestId) -> Answer<()> {
        Err(Refusal::NotFound)
    }
    async fn shell_choice(&self, _: RequestId) -> Answer<ShellChoice> {
        self.shell_choice.clone()
    }
    async fn start_session(
        &self,
        _: RequestId,
        _: &PodName,
        _: &ContainerName,
    ) -> Answer<SessionId> {
        Err(Refusal::NotFound)
    }
    async fn session(&self, _: SessionId) -> Answer<SessionView> {
        self.session.clone()
    }
    async fn sessions(&self) -> Answer<Vec<SessionRow>> {
        self.sessions.clone()
    }
    async fn terminal_ticket(&self, _: SessionId) -> Answer<Ticket> {
        Err(Refusal::NotFound)
    }
    async fn end_session(&self, _: SessionId) -> Answer<()> {
        Err(Refusal::NotFound)
    }
    async fn recordings(&self, _: &RecordingFilter) -> Answer<RecordingList> {
        self.recordings.clone()
    }
    async fn recording(&self, _: SessionId, _: &Look) -> Answer<RecordingView> {
        self.recording.clone()
    }
    async fn transcript(&self, _: SessionId, _: Spot) -> Answer<Excerpt> {
        Err(Refusal::NotFound)
    }
    async fn find_in_recording(&self, _: SessionId, _: &str) -> Answer<Found> {
        Err(Refusal::NotFound)
    }
    async fn prove_recording(&self, _: SessionId) -> Answer<Proof> {
        Err(Refusal::NotFound)
    }
    async fn review_recording(&self, _: SessionId) -> Answer<()> {
        Err(Refusal::NotFound)
    }
    async fn audit(&self, _: &AuditFilter) -> Answer<AuditPage> {
        self.audit.clone()
    }
}
