//! The thread that ends sessions in time, whatever the runtime is busy with.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use std::{io, thread};

use crate::fate::Fate;
use crate::lock;
use broker::port::{Clock, Deadline};

/// How often the clock is read while sessions run. No timer is set for the deadline itself: a
/// timer's clock may stand still while the machine sleeps (S-04).
pub(crate) const TICK: Duration = Duration::from_millis(100);

/// Watches the deadlines of all sessions.
pub(crate) struct Watchdog(Arc<Inner>);

struct Inner {
    watched: Mutex<Watched>,
    changed: Condvar,
}

#[derive(Default)]
struct Watched {
    fates: BTreeMap<(Deadline, u64), Arc<Fate>>,
    next: u64,
    closed: bool,
}

/// A deadline that is watched until this is dropped.
pub(crate) struct Watch {
    watchdog: Arc<Watchdog>,
    number: u64,
}

impl Watchdog {
    /// Starts the thread; it goes with the last session and the pump.
    pub(crate) fn start(clock: Arc<dyn Clock>) -> io::Result<Self> {
        let inner = Arc::new(Inner { watched: Mutex::default(), changed: Condvar::new() });
        let watcher = Arc::clone(&inner);
        thread::Builder::new()
            .name("deadlines".to_owned())
            .spawn(move || watcher.watch(clock.as_ref()))?;
        Ok(Self(inner))
    }

    /// Ends this fate when the deadline passes.
    pub(crate) fn watch(self: &Arc<Self>, deadline: Deadline, fate: Arc<Fate>) -> Watch {
        let mut watched = lock(&self.0.watched);
        watched.next += 1;
        let key = (deadline, watched.next);
        watched.fates.insert(key, fate);
        self.0.changed.notify_one();
        Watch { watchdog: Arc::clone(self), number: key.1 }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // A deadline that was moved stands under another key.
        lock(&self.watchdog.0.watched).fates.retain(|(_, number), _| *number != self.number);
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        lock(&self.0.watched).closed = true;
        self.0.changed.notify_one();
    }
}

impl Inner {
    fn watch(&self, clock: &dyn Clock) {
        let mut watched = lock(&self.watched);
        while !watched.closed {
            let since_boot = clock.since_boot();
            while let Some(first) = watched.fates.first_entry()
                && first.key().0.since_boot <= since_boot
            {
                let ((_, number), fate) = first.remove_entry();
                // It looks at the clock, and at a deadline that may have been moved since.
                if !fate.is_halted() {
                    let deadline = *fate.deadline().borrow();
                    watched.fates.insert((deadline, number), fate);
                }
            }
            let wait = if watched.fates.is_empty() { Duration::MAX } else { TICK };
            let woken = self.changed.wait_timeout(watched, wait);
            watched = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
