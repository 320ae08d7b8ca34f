//! The door to this crate.

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use broker::port::{Attachment, Bridge, Carried, Clock, Deadline, LiveTerminal, Viewer};
use domain::wire::CloseCode;
use domain::{LoginId, SessionEnd};
use tokio_util::task::AbortOnDropHandle;

use crate::fate::Fate;
use crate::presence::Presences;
use crate::session::Session;
use crate::viewer;
use crate::watchdog::{Watch, Watchdog};

/// Runs sessions: implements [`Bridge`].
pub struct Pump {
    clock: Arc<dyn Clock>,
    watchdog: Arc<Watchdog>,
    presences: Presences,
}

impl Pump {
    /// Starts the thread that watches every deadline.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn new(clock: Arc<dyn Clock>) -> io::Result<Self> {
        let watchdog = Arc::new(Watchdog::start(Arc::clone(&clock))?);
        Ok(Self { clock, watchdog, presences: Presences::default() })
    }
}

impl Bridge for Pump {
    /// Must be called within a Tokio runtime.
    fn carry(&self, carried: Carried) -> Arc<dyn LiveTerminal> {
        let fate = Arc::new(Fate::new(Arc::clone(&self.clock), carried.deadline));
        let watch = self.watchdog.watch(carried.deadline, Arc::clone(&fate));
        let presence = self.presences.of(carried.grant);
        let (session, run) = Session::begin(carried, fate, presence);
        let task = AbortOnDropHandle::new(tokio::spawn(run));
        Arc::new(Terminal { session, _watch: watch, _task: task })
    }
}

/// A session that runs, for as long as somebody holds it: dropped, it resets the shell.
struct Terminal {
    session: Arc<Session>,
    _watch: Watch,
    _task: AbortOnDropHandle<()>,
}

#[async_trait]
impl LiveTerminal for Terminal {
    async fn attach(&self, attachment: Attachment, viewer: &mut dyn Viewer) -> CloseCode {
        viewer::serve(&self.session, attachment, viewer).await
    }

    fn end(&self, how: SessionEnd) {
        self.session.fate.end(how);
    }

    fn prolong(&self, deadline: Deadline) {
        self.session.fate.prolong(deadline);
    }

    fn announce_restart(&self, at: Deadline) {
        self.session.restart.send_replace(Some(at.since_boot));
    }

    fn sign_out(&self, login: LoginId) {
        self.session.roster.sign_out(login);
    }

    async fn ended(&self) -> SessionEnd {
        self.session.ended().await
    }
}
