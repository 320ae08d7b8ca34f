//! One session, from its first terminal to its end.

use std::sync::Arc;
use std::time::Duration;

use domain::wire::Size;
use domain::{Fact, Grant, LeftBehind, RequestId, SessionEnd, SessionState};

use super::running::{Run, Stage, Under};
use crate::Portal;
use crate::port::{
    Carried, LiveTerminal, Order, RecordingHeader, Shell, ShellTrouble, Tape, Versioned,
};
use crate::portal::About;

/// How long a session waits for its first terminal.
pub(crate) const FIRST_TERMINAL_WITHIN: Duration = Duration::from_secs(30);

/// A session that is being opened. The task that runs it owns it.
pub(super) struct Opening {
    pub(super) portal: Arc<Portal>,
    pub(super) run: Arc<Run>,
    pub(super) session: Versioned<domain::Session>,
    pub(super) under: Under,
    pub(super) order: Order,
}

impl Opening {
    /// Runs the session to its end, whatever happens on the way.
    pub(super) async fn carry_through(mut self) {
        let (how, tape) = match self.first_size().await {
            Ok(size) => self.live(size).await,
            Err(how) => (how, None),
        };
        self.run.enter(Stage::Ended(how.clone()));
        let Self { portal, run, session, under, .. } = self;
        portal.finish(session, &under.grant, how, tape).await;
        portal.running.remove(run.session);
    }

    async fn first_size(&self) -> Result<Size, SessionEnd> {
        let mut stage = self.run.stage();
        let first = async {
            loop {
                if let Stage::Opening(size) = &*stage.borrow_and_update() {
                    return Some(*size);
                }
                stage.changed().await.ok()?;
            }
        };
        tokio::select! {
            biased;
            how = self.run.ending() => Err(how),
            size = tokio::time::timeout(FIRST_TERMINAL_WITHIN, first) => {
                size.ok().flatten().ok_or(SessionEnd::Abandoned)
            }
        }
    }

    /// Opens the shell and runs it. The tape is returned for sealing, even where the shell never
    /// opened.
    async fn live(&mut self, size: Size) -> (SessionEnd, Option<Arc<dyn Tape>>) {
        let began = self.portal.clock.since_boot();
        let tape = match self.portal.recorder.begin(&self.header(size)).await {
            Ok(tape) => tape,
            Err(cause) => {
                tracing::error!(error = %domain::text::causes(&cause), "a recording is not begun");
                return (SessionEnd::NotRecorded, None);
            }
        };
        let shell = match self.open(size).await {
            Ok(shell) => shell,
            Err(how) => return (how, Some(tape)),
        };
        let opened_in = self.portal.clock.since_boot().saturating_sub(began);
        let protocol = shell.protocol.clone();
        if self.announce(protocol, opened_in).await.is_err() {
            return (SessionEnd::NotRecorded, Some(tape));
        }
        let terminal = self.portal.bridge.carry(Carried {
            session: self.session.value.id,
            grant: self.under.grant.id,
            shell,
            tape: Arc::clone(&tape),
            deadline: self.under.deadline,
            grace: self.portal.policy().grace(&self.under.grant.role),
            opened_in,
        });
        self.run.enter(Stage::Live(Arc::clone(&terminal)));
        if let Some(at) = self.portal.restart() {
            terminal.announce_restart(at);
        }
        (self.until_the_end(&*terminal).await, Some(tape))
    }

    /// A session that was told to end between opening and running ends here.
    async fn until_the_end(&mut self, terminal: &dyn LiveTerminal) -> SessionEnd {
        if let Some(how) = self.run.told_to_end() {
            terminal.end(how);
        }
        let mut under = self.run.under();
        loop {
            let now = under.borrow_and_update().clone();
            if now.grant.id != self.under.grant.id && self.go_on_under(now).await.is_ok() {
                terminal.prolong(self.under.deadline);
            }
            tokio::select! {
                biased;
                how = terminal.ended() => return how,
                Ok(()) = under.changed() => {}
            }
        }
    }

    /// Writes down that the session goes on under another grant. Where that cannot be written it
    /// ends when it would have ended.
    async fn go_on_under(&mut self, under: Under) -> Result<(), ()> {
        let before = (self.session.value.grant, self.session.value.not_after);
        self.session.value.grant = under.grant.id;
        self.session.value.not_after = under.grant.not_after;
        let fact = Fact::SessionExtended { not_after: under.grant.not_after };
        let saved = self.save(under.grant.request, fact).await;
        if saved.is_ok() {
            self.under = under;
        } else {
            (self.session.value.grant, self.session.value.not_after) = before;
        }
        saved
    }

    /// Opens the shell unless the session is told to end first; then nothing stays open.
    async fn open(&self, size: Size) -> Result<Shell, SessionEnd> {
        let not_opened = |why: ShellTrouble| SessionEnd::NotOpened { why: why.to_string() };
        let cluster = self
            .portal
            .cluster(&self.session.value.target.place)
            .map_err(|_| not_opened(ShellTrouble::Gone))?;
        tokio::select! {
            biased;
            how = self.run.ending() => Err(how),
            () = self.time_is_up() => Err(SessionEnd::TimeIsUp),
            shell = cluster.open_shell(&self.order, size) => shell.map_err(not_opened),
        }
    }

    async fn time_is_up(&self) {
        let left = self.under.deadline.since_boot.saturating_sub(self.portal.clock.since_boot());
        tokio::time::sleep(left).await;
    }

    async fn announce(&mut self, protocol: String, opened_in: Duration) -> Result<(), ()> {
        self.session.value.state = SessionState::Live { since: self.portal.clock.now() };
        let after_ms = u64::try_from(opened_in.as_millis()).unwrap_or(u64::MAX);
        self.save(self.under.grant.request, Fact::SessionLive { protocol, after_ms }).await
    }

    async fn save(&mut self, request: RequestId, fact: Fact) -> Result<(), ()> {
        let portal = &self.portal;
        let about = About::session(&self.session.value, request);
        let event = portal.event(None, &about, fact);
        portal.store.save_session(&self.session, &[event]).await.map_err(|cause| {
            tracing::error!(error = %domain::text::causes(&cause), "the session was not saved");
        })?;
        self.session.version += 1;
        portal.changes.wake();
        Ok(())
    }

    fn header(&self, size: Size) -> RecordingHeader {
        let session = &self.session.value;
        RecordingHeader {
            session: session.id,
            began_at: self.portal.clock.now(),
            size: (size.columns, size.rows),
            title: format!("{} in {}", session.person.username, session.target),
        }
    }
}

impl Portal {
    /// Cleans up after a session, seals its record and writes its end.
    async fn finish(
        self: &Arc<Self>,
        session: Versioned<domain::Session>,
        grant: &Grant,
        how: SessionEnd,
        tape: Option<Arc<dyn Tape>>,
    ) {
        let about = About::session(&session.value, grant.request);
        let ending = self.event(None, &about, Fact::SessionEnding { how: how.clone() });
        let audit_id = ending.id;
        // Ending what runs comes before everything: it is done even when it cannot be announced.
        if let Err(refusal) = self.write(ending).await {
            tracing::error!(%refusal, session.id = %session.value.id, "an end was not announced");
        }
        let opened = matches!(session.value.state, SessionState::Live { .. });
        let left = if opened || !matches!(how, SessionEnd::Abandoned) {
            self.clean_up(&session.value, grant, audit_id).await
        } else {
            LeftBehind::Nothing
        };
        let recording = match tape {
            None => None,
            Some(tape) => tape
                .seal()
                .await
                .map_err(|cause| {
                    tracing::error!(
                        error = %domain::text::causes(&cause),
                        "a recording stays open"
                    );
                })
                .ok(),
        };
        self.settle(session, grant.request, how, left, recording).await;
    }
}
