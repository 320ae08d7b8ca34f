//! Telling that a request waited for so long that further people decide on it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use domain::broker::{AuditFilter, Refusal};
use domain::{Fact, FactKind, Request, RequestId};
use jiff::Timestamp;

use super::{About, Portal, unavailable};
use crate::port::{SaveError, Versioned};

/// Steps of one request that are looked for in the log; a rule has a handful.
const MOST_STEPS: u16 = 1_000;

/// How many steps of each request that waits were told by now, since it was sent: what is known
/// need not be looked for in the log once in a second.
#[derive(Default)]
pub(super) struct Told(Mutex<BTreeMap<RequestId, (Timestamp, usize)>>);

impl Told {
    fn of(&self, request: &Request) -> Option<usize> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&request.id).filter(|(sent_at, _)| *sent_at == request.sent_at).map(|told| told.1)
    }

    fn remember(&self, request: &Request, steps: usize) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(request.id, (request.sent_at, steps));
    }

    /// Forgets what waits no more.
    pub(super) fn keep(&self, waiting: &[Versioned<Request>]) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|id, _| waiting.iter().any(|request| request.value.id == *id));
    }
}

impl Portal {
    /// Writes down which steps of a request have opened since it was sent, each once, so that the
    /// pages of those who may decide by now change.
    pub(super) async fn escalate(&self, request: &Versioned<Request>) -> Result<(), Refusal> {
        let waiting = &request.value;
        let Some(quorum) = waiting.quorum().filter(|_| waiting.granted_at().is_none()) else {
            return Ok(());
        };
        let opened = quorum.opened(waiting.sent_at, self.clock.now());
        if opened.len() <= self.escalations.of(waiting).unwrap_or(0) {
            return Ok(());
        }
        let filter = AuditFilter::of(FactKind::RequestEscalated, waiting.id);
        let told = self.store.events(&filter, MOST_STEPS).await.map_err(unavailable)?;
        let told = told.iter().filter(|told| told.event.at >= waiting.sent_at).count();
        let about = About::request(waiting);
        let events: Vec<_> = opened
            .iter()
            .skip(told)
            .map(|step| Fact::RequestEscalated {
                approvers: step.approvers.iter().cloned().collect(),
                after: step.after.as_secs(),
            })
            .map(|fact| self.event(None, &about, fact))
            .collect();
        if !events.is_empty() {
            // Saved with the request, so that of two portals one tells it.
            match self.store.save_request(request, None, &events).await {
                Ok(()) => self.changes.wake(),
                // What changed it is looked at the next time.
                Err(SaveError::Conflict) => return Ok(()),
                Err(SaveError::Store(cause)) => return Err(unavailable(cause)),
            }
        }
        self.escalations.remember(waiting, opened.len());
        Ok(())
    }
}
