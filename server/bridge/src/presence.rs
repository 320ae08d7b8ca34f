//! Sessions that wait for each other: those of one grant.
//!
//! Whoever is at one terminal has not left the others: as long as one of them has a writer, the
//! grace time of none of them passes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Weak};

use domain::GrantId;
use tokio::sync::watch;

use crate::lock;

/// The presence in all sessions that run, by their grants.
#[derive(Default)]
pub(crate) struct Presences(Mutex<BTreeMap<GrantId, Weak<GrantPresence>>>);

/// Whether somebody writes in the sessions of one grant; it goes with the last of them.
#[derive(Default)]
pub(crate) struct GrantPresence {
    /// How many of them have a writer.
    written: watch::Sender<usize>,
}

/// A session that has a writer, until this is dropped.
pub(crate) struct Written(Arc<GrantPresence>);

impl Presences {
    /// The presence in a grant's sessions.
    pub(crate) fn of(&self, grant: GrantId) -> Arc<GrantPresence> {
        let mut presences = lock(&self.0);
        presences.retain(|_, presence| presence.strong_count() > 0);
        let known = presences.get(&grant).and_then(Weak::upgrade);
        let presence = known.unwrap_or_default();
        presences.insert(grant, Arc::downgrade(&presence));
        presence
    }
}

impl GrantPresence {
    /// One of them has a writer.
    pub(crate) fn written(self: &Arc<Self>) -> Written {
        self.written.send_modify(|written| *written += 1);
        Written(Arc::clone(self))
    }

    /// Follows how many of them have one.
    pub(crate) fn follow(&self) -> watch::Receiver<usize> {
        self.written.subscribe()
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        self.0.written.send_modify(|written| *written = written.saturating_sub(1));
    }
}
