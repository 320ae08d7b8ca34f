//! The sessions that run in this process, and the deadlines of their grants.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::wire::Size;
use domain::{Grant, GrantId, LoginId, PersonKey, SessionEnd, SessionId};
use tokio::sync::watch;

use crate::port::{Clock, Deadline, LiveTerminal};

/// Where a session that runs stands.
#[derive(Clone)]
pub(crate) enum Stage {
    /// No terminal has attached yet, so the shell's size is not known.
    Waiting,
    /// The first terminal attached; the shell is being opened.
    Opening(Size),
    /// It runs.
    Live(Arc<dyn LiveTerminal>),
    /// It is over.
    Ended(SessionEnd),
}

/// A grant that a session runs under, and when it is over.
#[derive(Debug, Clone)]
pub(crate) struct Under {
    pub(crate) grant: Grant,
    pub(crate) deadline: Deadline,
}

/// One session that runs.
pub(crate) struct Run {
    pub(crate) session: SessionId,
    pub(crate) person: PersonKey,
    under: watch::Sender<Under>,
    stage: watch::Sender<Stage>,
    ending: watch::Sender<Option<SessionEnd>>,
}

impl Run {
    pub(crate) fn new(session: SessionId, person: PersonKey, under: Under) -> Self {
        let (stage, ending) = (watch::Sender::new(Stage::Waiting), watch::Sender::new(None));
        Self { session, person, under: watch::Sender::new(under), stage, ending }
    }

    /// The grant it runs under now: another one once it is prolonged.
    pub(crate) fn grant(&self) -> GrantId {
        self.under.borrow().grant.id
    }

    /// Follows the grant it runs under.
    pub(crate) fn under(&self) -> watch::Receiver<Under> {
        self.under.subscribe()
    }

    pub(crate) fn stage(&self) -> watch::Receiver<Stage> {
        self.stage.subscribe()
    }

    pub(crate) fn enter(&self, stage: Stage) {
        self.stage.send_replace(stage);
    }

    /// The first terminal brings the size; later ones change nothing here.
    pub(crate) fn begin(&self, size: Size) {
        self.stage.send_if_modified(|stage| {
            let waiting = matches!(stage, Stage::Waiting);
            if waiting {
                *stage = Stage::Opening(size);
            }
            waiting
        });
    }

    /// Ends the session wherever it stands; the first reason counts.
    pub(crate) fn end(&self, how: &SessionEnd) {
        self.ending.send_if_modified(|ending| {
            let first = ending.is_none();
            if first {
                *ending = Some(how.clone());
            }
            first
        });
        if let Stage::Live(terminal) = &*self.stage.borrow() {
            terminal.end(how.clone());
        }
    }

    /// The reason for which it was told to end, if it was.
    pub(crate) fn told_to_end(&self) -> Option<SessionEnd> {
        self.ending.borrow().clone()
    }

    /// Waits until it is told to end.
    pub(crate) async fn ending(&self) -> SessionEnd {
        let mut ending = self.ending.subscribe();
        loop {
            if let Some(how) = ending.borrow_and_update().clone() {
                return how;
            }
            if ending.changed().await.is_err() {
                return SessionEnd::PortalStopped;
            }
        }
    }
}

/// Every session of this process.
#[derive(Default)]
pub(crate) struct Running {
    runs: Mutex<BTreeMap<SessionId, Arc<Run>>>,
    removed: watch::Sender<()>,
    anchors: Mutex<BTreeMap<GrantId, Deadline>>,
}

impl Running {
    /// Adds one, unless its person runs as many as they may already.
    pub(crate) fn add(&self, run: Arc<Run>, most: usize) -> bool {
        let mut runs = locked(&self.runs);
        let own = runs.values().filter(|known| known.person == run.person).count();
        if own < most {
            runs.insert(run.session, run);
        }
        own < most
    }

    pub(crate) fn remove(&self, session: SessionId) {
        locked(&self.runs).remove(&session);
        self.removed.send_replace(());
    }

    /// Waits until there is none.
    pub(crate) async fn none(&self) {
        let mut removed = self.removed.subscribe();
        while !locked(&self.runs).is_empty() && removed.changed().await.is_ok() {}
    }

    pub(crate) fn get(&self, session: SessionId) -> Option<Arc<Run>> {
        locked(&self.runs).get(&session).cloned()
    }

    /// Whether a session is over and its end is not written down yet.
    pub(crate) fn is_over(&self, session: SessionId) -> bool {
        self.get(session).is_some_and(|run| matches!(*run.stage.borrow(), Stage::Ended(_)))
    }

    pub(crate) fn of(&self, person: &PersonKey) -> usize {
        locked(&self.runs).values().filter(|run| run.person == *person).count()
    }

    pub(crate) fn end_under(&self, grant: GrantId, how: &SessionEnd) {
        self.each(|run| {
            if run.grant() == grant {
                run.end(how);
            }
        });
    }

    /// Sessions under the grant that another prolongs go on under that one; each writes it down
    /// before its deadline moves.
    pub(crate) fn prolong(&self, grant: &Grant, clock: &dyn Clock) {
        let Some(base) = grant.extends else { return };
        self.each(|run| {
            if run.grant() == base {
                let deadline = self.anchor(grant, clock);
                run.under.send_replace(Under { grant: grant.clone(), deadline });
            }
        });
    }

    /// The grants whose end is known here, and those under which something runs.
    pub(crate) fn grants(&self) -> BTreeSet<GrantId> {
        let mut grants: BTreeSet<_> = locked(&self.anchors).keys().copied().collect();
        grants.extend(locked(&self.runs).values().map(|run| run.grant()));
        grants
    }

    pub(crate) fn end_all(&self, how: &SessionEnd) {
        self.each(|run| run.end(how));
    }

    /// Tells every terminal that the portal is going to be restarted. Sessions that wait for their
    /// first terminal end at once: nothing new starts.
    pub(crate) fn announce_restart(&self, at: Deadline) {
        self.each(|run| {
            let stage = run.stage.borrow().clone();
            match stage {
                Stage::Live(terminal) => terminal.announce_restart(at),
                Stage::Waiting => run.end(&SessionEnd::PortalStopped),
                Stage::Opening(_) | Stage::Ended(_) => {}
            }
        });
    }

    /// Closes every terminal that was opened under this sign-in (O-17).
    pub(crate) fn sign_out(&self, login: LoginId) {
        self.each(|run| {
            if let Stage::Live(terminal) = &*run.stage.borrow() {
                terminal.sign_out(login);
            }
        });
    }

    fn each(&self, act: impl Fn(&Run)) {
        let runs: Vec<_> = locked(&self.runs).values().cloned().collect();
        for run in runs {
            act(&run);
        }
    }

    /// Ties a grant's end to the clock that cannot be stepped (S-04, S-05). The earliest end ever
    /// seen counts: setting the wall clock back prolongs nothing.
    pub(crate) fn anchor(&self, grant: &Grant, clock: &dyn Clock) -> Deadline {
        let left = grant.not_after.duration_since(clock.now()).try_into().unwrap_or_default();
        let seen = Deadline { since_boot: clock.since_boot().saturating_add(left) };
        let mut anchors = locked(&self.anchors);
        let anchor = anchors.entry(grant.id).or_insert(seen);
        *anchor = (*anchor).min(seen);
        *anchor
    }

    /// Ties a grant's end anew, where its first use has just set it.
    pub(crate) fn anchor_anew(&self, grant: &Grant, clock: &dyn Clock) {
        self.forget(grant.id);
        self.anchor(grant, clock);
    }

    /// Unties a grant that has ended.
    pub(crate) fn forget(&self, grant: GrantId) {
        locked(&self.anchors).remove(&grant);
    }
}

/// Nothing panics while it holds one of these locks; a poisoned one still holds whole values.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
