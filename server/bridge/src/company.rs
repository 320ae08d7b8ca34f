//! Sessions that wait for each other: those of one grant.
//!
//! Whoever is at one terminal has not left the others: as long as one of them has a writer, the
//! grace time of none of them passes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Weak};

use domain::GrantId;
use tokio::sync::watch;

use crate::lock;

/// The companies of all sessions that run.
#[derive(Default)]
pub(crate) struct Companies(Mutex<BTreeMap<GrantId, Weak<Company>>>);

/// The sessions of one grant; it goes with the last of them.
#[derive(Default)]
pub(crate) struct Company {
    /// How many of them have a writer.
    written: watch::Sender<usize>,
}

/// A session that has a writer, until this is dropped.
pub(crate) struct Written(Arc<Company>);

impl Companies {
    /// The company of a grant's sessions.
    pub(crate) fn of(&self, grant: GrantId) -> Arc<Company> {
        let mut companies = lock(&self.0);
        companies.retain(|_, company| company.strong_count() > 0);
        let known = companies.get(&grant).and_then(Weak::upgrade);
        let company = known.unwrap_or_default();
        companies.insert(grant, Arc::downgrade(&company));
        company
    }
}

impl Company {
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
