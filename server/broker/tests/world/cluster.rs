//! A cluster that believes only signed grants and does what the test says.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use broker::port::{
    Clock, Cluster, ClusterState, Container, ContainerKind, NamespaceInfo, Order, Pod,
    RightUnknown, Shell, ShellCut, ShellEvent, ShellInput, ShellOutput, ShellTrouble,
};
use broker::signed::{Claims, GrantVerifier, Purpose};
use bytes::Bytes;
use domain::wire::Size;
use domain::{Action, ContainerName, EventId, LeftBehind, Namespace, PodName, Risk, Workload};
use tokio::sync::{Notify, watch};

use super::clock::ManualClock;

pub struct ScriptedCluster {
    verifier: GrantVerifier,
    clock: Arc<ManualClock>,
    changes: watch::Sender<u64>,
    pub namespaces: Mutex<BTreeMap<&'static str, Risk>>,
    /// What the API server says of the service account of its pods.
    pub powers: Mutex<Result<Vec<&'static str>, RightUnknown>>,
    pub opened: Mutex<Vec<Claims>>,
    pub cleaned: Mutex<Vec<Claims>>,
    /// The `Audit-ID` of every call for a person.
    pub audit_ids: Mutex<Vec<EventId>>,
    pub state: Mutex<ClusterState>,
    /// Whether its RBAC knows the groups of grants.
    pub onboarded: AtomicBool,
    /// What is found in containers afterwards, one time after the other; then nothing is.
    pub leaves: Mutex<VecDeque<LeftBehind>>,
    /// While it is set, opening waits for it.
    pub hold_opening: Mutex<Option<Arc<Notify>>>,
    /// While it is set, cleaning up waits for it.
    pub hold_cleaning: Mutex<Option<Arc<Notify>>>,
}

impl ScriptedCluster {
    pub fn new(verifier: GrantVerifier, clock: Arc<ManualClock>) -> Self {
        let namespaces = [("payments", Risk::Production), ("staging", Risk::Test)];
        Self {
            verifier,
            clock,
            changes: watch::Sender::new(0),
            namespaces: Mutex::new(namespaces.into_iter().collect()),
            powers: Mutex::new(Ok(vec!["read secrets"])),
            opened: Mutex::default(),
            cleaned: Mutex::default(),
            audit_ids: Mutex::default(),
            state: Mutex::new(ClusterState::Reachable),
            onboarded: AtomicBool::new(true),
            leaves: Mutex::default(),
            hold_opening: Mutex::default(),
            hold_cleaning: Mutex::default(),
        }
    }
}

#[async_trait]
impl Cluster for ScriptedCluster {
    fn state(&self) -> ClusterState {
        self.state.lock().unwrap().clone()
    }

    fn namespaces(&self) -> Vec<NamespaceInfo> {
        let known = self.namespaces.lock().unwrap();
        let info = |(name, risk): (&&str, &Risk)| NamespaceInfo {
            name: Namespace::parse(*name).unwrap(),
            risk: *risk,
            owner: None,
            labels: [("team".to_owned(), "shop".to_owned())].into(),
        };
        known.iter().map(info).collect()
    }

    fn pods(&self, _: &Namespace) -> Vec<Pod> {
        let container = |name: &str, running| Container {
            name: ContainerName::parse(name).unwrap(),
            kind: ContainerKind::Ordinary,
            image: "image".into(),
            status: if running { "Running" } else { "Waiting: CrashLoopBackOff" }.into(),
            running,
        };
        vec![Pod {
            name: PodName::parse("web-1").unwrap(),
            workload: Workload { kind: "Deployment".into(), name: "web".into() },
            status: "Running".into(),
            ready: true,
            restarts: 0,
            created_at: None,
            containers: vec![container("web", true), container("down", false)],
            reach: vec!["runs privileged".to_owned()],
            account: Some("web".to_owned()),
        }]
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    async fn powers(
        &self,
        _: &Namespace,
        account: &str,
    ) -> Result<Vec<&'static str>, RightUnknown> {
        assert_eq!(account, "web");
        self.powers.lock().unwrap().clone()
    }

    async fn may_open_shell(
        &self,
        user: &str,
        group: &str,
        namespace: &Namespace,
    ) -> Result<bool, RightUnknown> {
        assert_eq!((user, group), ("shorepass:ana", &*format!("jit:shell:{namespace}")));
        Ok(self.onboarded.load(Ordering::SeqCst))
    }

    async fn open_shell(&self, order: &Order, _: Size) -> Result<Shell, ShellTrouble> {
        wait_while_held(&self.hold_opening).await;
        let now = self.clock.now();
        let claims = self
            .verifier
            .believe(&order.grant, Action::Shell, Purpose::Use, now)
            .map_err(|_| ShellTrouble::NotGranted)?;
        self.opened.lock().unwrap().push(claims);
        self.audit_ids.lock().unwrap().push(order.audit_id);
        let (output, input) = (Box::new(Silent), Box::new(Silent));
        Ok(Shell { protocol: "v5.channel.k8s.io".into(), output, input })
    }

    async fn end_processes(&self, order: &Order) -> LeftBehind {
        wait_while_held(&self.hold_cleaning).await;
        let now = self.clock.now();
        match self.verifier.believe(&order.grant, Action::Shell, Purpose::CleanUp, now) {
            Ok(claims) => {
                self.cleaned.lock().unwrap().push(claims);
                self.audit_ids.lock().unwrap().push(order.audit_id);
                self.leaves.lock().unwrap().pop_front().unwrap_or(LeftBehind::Nothing)
            }
            Err(_) => LeftBehind::Unknown,
        }
    }
}

async fn wait_while_held(hold: &Mutex<Option<Arc<Notify>>>) {
    let held = hold.lock().unwrap().clone();
    if let Some(held) = held {
        held.notified().await;
    }
}

/// A shell that says nothing and takes everything.
struct Silent;

#[async_trait]
impl ShellOutput for Silent {
    async fn next(&mut self) -> Result<ShellEvent, ShellCut> {
        std::future::pending().await
    }
}

#[async_trait]
impl ShellInput for Silent {
    async fn send(&mut self, _: Bytes) -> Result<(), ShellCut> {
        Ok(())
    }

    async fn resize(&mut self, _: Size) -> Result<(), ShellCut> {
        Ok(())
    }

    async fn ping(&mut self) -> Result<(), ShellCut> {
        Ok(())
    }
}
