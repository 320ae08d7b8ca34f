//! A cluster as the broker sees it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use broker::port::{
    Clock, Cluster, ClusterState, NamespaceInfo, Order, Pod, RightUnknown, Shell, ShellTrouble,
};
use broker::signed::{GrantVerifier, Purpose};
use domain::wire::Size;
use domain::{Action, ClusterName, LeftBehind, Namespace, Target};
use tokio::sync::watch as channel;
use tokio_util::task::AbortOnDropHandle;

use crate::access_review;
use crate::exec::{self, Impersonator};
use crate::identity::Believer;
use crate::powers::Powers;
use crate::user_prefix::UserPrefix;
use crate::watch::{self, Knowledge, Observer};

/// Readers are woken at most this often: pages redraw on each of these.
const WAKE_EACH: Duration = Duration::from_millis(250);

/// A Kubernetes cluster. Its watches end when it is dropped.
pub struct Kubernetes {
    believer: Believer,
    impersonator: Impersonator,
    pub(crate) observer: Observer,
    knowledge: Arc<Knowledge>,
    powers: Powers,
    clock: Arc<dyn Clock>,
    _tasks: [AbortOnDropHandle<()>; 2],
}

impl Kubernetes {
    pub(crate) fn begin(
        client: kube::Client,
        cluster: ClusterName,
        user_prefix: UserPrefix,
        verifier: GrantVerifier,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let observer = Observer::new(client.clone());
        let knowledge = Arc::new(Knowledge::new(Arc::clone(&clock)));
        let watching = watch::observe(observer.clone(), Arc::clone(&knowledge));
        let telling = Arc::clone(&knowledge);
        let telling = async move { telling.tell(WAKE_EACH).await };
        let tasks = [
            AbortOnDropHandle::new(tokio::spawn(watching)),
            AbortOnDropHandle::new(tokio::spawn(telling)),
        ];
        Self {
            believer: Believer { cluster, user_prefix, verifier, clock: Arc::clone(&clock) },
            impersonator: Impersonator::new(client),
            observer,
            knowledge,
            powers: Powers::default(),
            clock,
            _tasks: tasks,
        }
    }

    /// What the watches know speaks sooner, and more clearly, than the API server would.
    fn preflight(&self, target: &Target) -> Result<(), ShellTrouble> {
        if self.state() != ClusterState::Reachable {
            return Ok(());
        }
        let pod = self.knowledge.pod(&target.place.namespace, &target.pod);
        let containers = pod.map(|pod| pod.containers).unwrap_or_default();
        let container = containers.into_iter().find(|found| found.name == target.container);
        match container {
            None => Err(ShellTrouble::Gone),
            Some(container) if container.running => Ok(()),
            Some(container) => Err(ShellTrouble::NotRunning { status: container.status }),
        }
    }
}

#[async_trait]
impl Cluster for Kubernetes {
    fn state(&self) -> ClusterState {
        self.knowledge.state()
    }

    fn namespaces(&self) -> Vec<NamespaceInfo> {
        self.knowledge.namespaces()
    }

    fn pods(&self, namespace: &Namespace) -> Vec<Pod> {
        self.knowledge.pods(namespace)
    }

    fn changes(&self) -> channel::Receiver<u64> {
        self.knowledge.changes()
    }

    async fn powers(
        &self,
        namespace: &Namespace,
        account: &str,
    ) -> Result<Vec<&'static str>, RightUnknown> {
        self.powers.of(&self.observer, namespace, account, self.clock.since_boot()).await
    }

    async fn may_open_shell(
        &self,
        user: &str,
        group: &str,
        namespace: &Namespace,
    ) -> Result<bool, RightUnknown> {
        access_review::may_open_shell(&self.observer, user, group, namespace).await
    }

    async fn open_shell(&self, order: &Order, size: Size) -> Result<Shell, ShellTrouble> {
        let identity =
            self.believer.believe(order, Action::Shell, Purpose::Use).map_err(|cause| {
                tracing::warn!(error = %cause, "an order for a shell was refused");
                ShellTrouble::NotGranted
            })?;
        self.preflight(identity.target())?;
        exec::open_shell(&self.impersonator, &identity, size, Arc::clone(&self.clock)).await
    }

    async fn end_processes(&self, order: &Order) -> LeftBehind {
        match self.believer.believe(order, Action::Shell, Purpose::CleanUp) {
            Ok(identity) => {
                let clock = Arc::clone(&self.clock);
                exec::end_processes(&self.impersonator, &identity, clock).await
            }
            Err(cause) => {
                tracing::warn!(error = %cause, "an order to clean up was refused");
                LeftBehind::Unknown
            }
        }
    }
}
