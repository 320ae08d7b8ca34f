//! What the watches told, and whether they can be trusted now.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use broker::port::{Clock, ClusterState, NamespaceInfo, Pod};
use domain::text::seen;
use domain::{Namespace, PodName};
use k8s_openapi::api::core::v1 as api;
use kube::runtime::watcher::{self, Event};
use tokio::sync::{Notify, watch};

use super::catalogue::Catalogue;
use super::observer::NoAnswer;
use super::{namespace, pod};
use crate::exec::no_answer;

/// A refused watch is tried again at least this often; without another refusal it works.
const REFUSAL_COUNTS: Duration = Duration::from_secs(75);
/// The most that is logged of a cause, in characters.
const LONGEST_CAUSE: usize = 300;

/// Shared between the watches, which write it, and everybody who reads.
pub(crate) struct Knowledge {
    clock: Arc<dyn Clock>,
    facts: RwLock<Facts>,
    changed: Notify,
    changes: watch::Sender<u64>,
}

struct Facts {
    namespaces: Catalogue<Namespace, NamespaceInfo>,
    pods: Catalogue<(Namespace, String), Pod>,
    silent: Option<Trouble>,
    /// The last refusal of a watch, and when it was, since boot.
    refused: Option<(Duration, Trouble)>,
    state: ClusterState,
}

/// Why the cluster cannot be trusted to be as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// For people.
    why: String,
    /// For the log.
    cause: String,
}

impl Trouble {
    pub(super) fn of(cause: &NoAnswer) -> Self {
        let why = match cause {
            NoAnswer::InTime(_) => cause.to_string(),
            NoAnswer::Failed(cause) => no_answer(cause),
        };
        Self { why, cause: seen(&cause.to_string(), LONGEST_CAUSE) }
    }
}

impl Knowledge {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let why = "the first answer is awaited".to_owned();
        let state = ClusterState::Unreachable { since: clock.now(), why: why.clone() };
        let facts = Facts {
            namespaces: Catalogue::default(),
            pods: Catalogue::default(),
            silent: Some(Trouble { why, cause: String::new() }),
            refused: None,
            state,
        };
        let facts = RwLock::new(facts);
        Self { clock, facts, changed: Notify::new(), changes: watch::Sender::new(0) }
    }

    pub(crate) fn state(&self) -> ClusterState {
        self.read(|facts| facts.state.clone())
    }

    pub(crate) fn namespaces(&self) -> Vec<NamespaceInfo> {
        self.read(|facts| facts.namespaces.known().values().cloned().collect())
    }

    pub(crate) fn pods(&self, namespace: &Namespace) -> Vec<Pod> {
        let first = (namespace.clone(), String::new());
        self.read(|facts| {
            let onwards = facts.pods.known().range(first..);
            let here = onwards.take_while(|((found, _), _)| found == namespace);
            here.map(|(_, pod)| pod.clone()).collect()
        })
    }

    pub(crate) fn pod(&self, namespace: &Namespace, name: &PodName) -> Option<Pod> {
        let name = (namespace.clone(), name.to_string());
        self.read(|facts| facts.pods.known().get(&name).cloned())
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Passes changes on, each at once and at most one in this time.
    pub(crate) async fn tell(&self, each: Duration) {
        loop {
            self.changed.notified().await;
            self.changes.send_modify(|count| *count = count.wrapping_add(1));
            tokio::time::sleep(each).await;
        }
    }

    pub(super) fn take_namespace(&self, item: watcher::Result<Event<api::Namespace>>) {
        self.take(item, |facts, event| facts.namespaces.take(event, namespace::read));
    }

    pub(super) fn take_pod(&self, item: watcher::Result<Event<api::Pod>>) {
        self.take(item, |facts, event| facts.pods.take(event, pod::read));
    }

    /// The API server gave a sign of life.
    pub(super) fn answers(&self) {
        self.write(|facts| {
            facts.silent = None;
            false
        });
    }

    /// It did not.
    pub(super) fn silent(&self, trouble: Trouble) {
        self.write(|facts| {
            facts.silent = Some(trouble);
            false
        });
    }

    fn take<O>(
        &self,
        item: watcher::Result<Event<O>>,
        take: impl FnOnce(&mut Facts, Event<O>) -> bool,
    ) {
        let now = self.clock.since_boot();
        self.write(|facts| match item {
            Ok(event) => take(facts, event),
            Err(cause) => {
                // Whatever else goes wrong with a watch, the next sign of life tells as well.
                if let Some(trouble) = refusal(&cause) {
                    facts.refused = Some((now, trouble));
                }
                tracing::debug!(error = %cause, "a watch was interrupted");
                false
            }
        });
    }

    fn read<T>(&self, read: impl FnOnce(&Facts) -> T) -> T {
        read(&self.facts.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the facts, and wakes the readers when it mattered to them.
    fn write(&self, change: impl FnOnce(&mut Facts) -> bool) {
        let mut facts = self.facts.write().unwrap_or_else(PoisonError::into_inner);
        let different = change(&mut facts);
        if facts.settle(&*self.clock) || different {
            self.changed.notify_one();
        }
    }
}

impl Facts {
    /// Brings the state up to date, and says whether it became another.
    fn settle(&mut self, clock: &dyn Clock) -> bool {
        let now = clock.since_boot();
        self.refused.take_if(|(at, _)| now.saturating_sub(*at) > REFUSAL_COUNTS);
        let refused = self.refused.as_ref().map(|(_, trouble)| trouble);
        let trouble = self.silent.as_ref().or(refused);
        let listed = self.namespaces.is_complete() && self.pods.is_complete();
        match (trouble, &self.state) {
            (Some(trouble), ClusterState::Unreachable { why, .. }) if *why == trouble.why => false,
            (Some(trouble), before) => {
                let since = match before {
                    ClusterState::Reachable => clock.now(),
                    ClusterState::Unreachable { since, .. } => *since,
                };
                tracing::warn!(error = trouble.cause, "the cluster is out of reach");
                self.state = ClusterState::Unreachable { since, why: trouble.why.clone() };
                true
            }
            (None, ClusterState::Unreachable { .. }) if listed => {
                tracing::info!("the cluster is reachable");
                self.state = ClusterState::Reachable;
                true
            }
            (None, _) => false,
        }
    }
}

fn refusal(cause: &watcher::Error) -> Option<Trouble> {
    let (watcher::Error::InitialListFailed(answer) | watcher::Error::WatchStartFailed(answer)) =
        cause
    else {
        return None;
    };
    let kube::Error::Api(status) = answer else { return None };
    matches!(status.code, 401 | 403)
        .then(|| Trouble { why: no_answer(answer), cause: seen(&status.message, LONGEST_CAUSE) })
}

#[cfg(test)]
mod tests;
