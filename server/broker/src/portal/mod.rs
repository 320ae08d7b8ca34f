//! The parts, put together once per process.

mod audit;
mod changes;
mod drain;
mod escalation;
mod keeping;
mod policy;
mod recovery;
mod sweep;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use domain::broker::{Part, Refusal};
use domain::policy::Policy;
use domain::{ClusterName, LoginId, Person, Place, Risk};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::Bound;
use crate::port::{Bridge, Clock, Cluster, Deadline, NamespaceInfo, Recorder, Store, StoreError};
use crate::record::Readings;
use crate::shell::{Running, Tickets};
use crate::signed::GrantSigner;

pub(crate) use audit::About;
pub use changes::Change;
use changes::Changes;
use escalation::Told;
pub use policy::PolicyState;

/// What the operator configured for the use cases.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Stands before the username in the impersonated user, e.g. `shorepass:`.
    pub user_prefix: String,
    /// Sessions that one person may run at once.
    pub sessions_per_person: usize,
    /// Whether other portals may work over the same store.
    pub shares_store: bool,
    /// The portal's version, for the audit log.
    pub version: &'static str,
}

/// The adapters behind the ports.
pub struct Parts {
    /// Durable state.
    pub store: Arc<dyn Store>,
    /// Recordings.
    pub recorder: Arc<dyn Recorder>,
    /// Running sessions.
    pub bridge: Arc<dyn Bridge>,
    /// Clusters by name.
    pub clusters: BTreeMap<ClusterName, Arc<dyn Cluster>>,
    /// Time and names.
    pub clock: Arc<dyn Clock>,
    /// Signs what the clusters believe.
    pub signer: GrantSigner,
}

/// The portal: every use case, for nobody in particular.
pub struct Portal {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) recorder: Arc<dyn Recorder>,
    pub(crate) bridge: Arc<dyn Bridge>,
    pub(crate) clusters: BTreeMap<ClusterName, Arc<dyn Cluster>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) signer: GrantSigner,
    pub(crate) settings: Settings,
    pub(crate) policy: ArcSwap<PolicyState>,
    pub(crate) running: Running,
    pub(crate) tickets: Tickets,
    pub(crate) readings: Readings,
    pub(crate) changes: Changes,
    /// Requests are decided one after the other.
    pub(crate) asking: tokio::sync::Mutex<()>,
    pub(crate) tasks: TaskTracker,
    pub(crate) stopping: CancellationToken,
    escalations: Told,
    /// When the sessions end because the portal is restarted, once that is known.
    restart: OnceLock<Deadline>,
}

impl Portal {
    /// Puts the parts together. Nothing runs until [`Portal::start`].
    pub fn new(parts: Parts, policy: Policy, settings: Settings) -> Arc<Self> {
        let Parts { store, recorder, bridge, clusters, clock, signer } = parts;
        Arc::new(Self {
            store,
            recorder,
            bridge,
            clusters,
            clock,
            signer,
            settings,
            policy: ArcSwap::from_pointee(PolicyState::new(policy)),
            running: Running::default(),
            tickets: Tickets::default(),
            readings: Readings::default(),
            changes: Changes::default(),
            asking: tokio::sync::Mutex::default(),
            escalations: Told::default(),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
            restart: OnceLock::new(),
        })
    }

    /// The use cases for one signed-in person.
    pub fn bound(self: &Arc<Self>, person: &Person, login: LoginId) -> Bound {
        Bound { portal: Arc::clone(self), person: person.clone(), login }
    }

    /// Settles what an earlier process left, then begins the work that needs no person.
    ///
    /// # Errors
    /// When the store or the journal does not work: nothing may start then.
    pub async fn start(self: &Arc<Self>) -> Result<(), Refusal> {
        self.recover().await?;
        self.watch_changes().await?;
        self.watch_time();
        Ok(())
    }

    /// Ends every session and waits until their records are sealed.
    pub async fn stop(&self) {
        self.running.end_all(&domain::SessionEnd::PortalStopped);
        self.stopping.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Whether new sessions can be recorded and audited, and may start.
    pub async fn ready(&self) -> Result<(), Refusal> {
        if self.restart().is_some() {
            let what = "the portal is being restarted; try again in a minute".to_owned();
            return Err(Refusal::Conflict { what });
        }
        self.store.newest_event().await.map_err(unavailable)?;
        if !self.recorder.works() {
            return Err(Refusal::Unavailable { part: Part::Recorder });
        }
        match self.recorder.shortage() {
            None => Ok(()),
            Some(shortage) => Err(Refusal::Conflict { what: shortage.to_string() }),
        }
    }

    pub(crate) fn cluster(&self, place: &Place) -> Result<&Arc<dyn Cluster>, Refusal> {
        self.clusters.get(&place.cluster).ok_or(Refusal::NotFound)
    }

    /// The namespace as its cluster knows it; none where it does not exist.
    pub(crate) fn namespace(&self, place: &Place) -> Option<NamespaceInfo> {
        let cluster = self.clusters.get(&place.cluster)?;
        cluster.namespaces().into_iter().find(|known| known.name == place.namespace)
    }

    pub(crate) fn risk(&self, place: &Place) -> Risk {
        self.namespace(place).map_or(Risk::Unknown, |namespace| namespace.risk)
    }
}

/// Logs why the store failed; the person is told only that it did.
pub(crate) fn unavailable(cause: StoreError) -> Refusal {
    tracing::error!(error = %domain::text::causes(&cause), "the store failed");
    Refusal::Unavailable { part: Part::Store }
}
