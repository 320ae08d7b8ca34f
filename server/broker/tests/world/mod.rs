//! A portal with every port in memory, and the people of the demo.
#![allow(dead_code, unreachable_pub, missing_docs)]

pub mod clock;
pub mod cluster;
pub mod store;
pub mod terminal;

use std::sync::Arc;
use std::time::Duration;

use broker::port::Clock as _;
use broker::signed::GrantSigner;
use broker::{Bound, FirstMessage, Parts, Portal, Settings};
use domain::broker::{Ask, Broker as _, Less};
use domain::policy::{Policy, Urgency};
use domain::wire::{CloseCode, Size};
use domain::{
    ClusterName, ContainerName, GroupName, LoginId, Namespace, Person, PersonKey, Place, PodName,
    RequestDigest, RequestId, RoleName, SessionId, SessionState, UNDO, Username,
};
use uuid::Uuid;

use clock::ManualClock;
use cluster::ScriptedCluster;
use store::MemoryStore;
use terminal::{MemoryRecorder, QuietViewer, ScriptedBridge};

pub const POLICY: &str = r"
roles:
  observe: { title: Look, summary: Pods and logs., actions: [view, logs], longest: 8h, guarantee: enforced }
  shell: { title: Shell, summary: A terminal., actions: [view, logs, shell], longest: 2h, guarantee: recorded-only, grace: 40s }
reason: { at_least: 10 }
auditors: [security]
operators: [platform]
lapse_after: 4h
rules:
  - { name: look, groups: [oncall], roles: [observe], namespaces: [payments], approve: {} }
  - { name: one, groups: [oncall, leads], roles: [shell], namespaces: [payments], ask: { count: 1, approvers: [leads] } }
  - { name: two, groups: [oncall], roles: [shell], namespaces: [staging], ask: { count: 2, approvers: [leads, platform] } }
  - { name: need, groups: [oncall], roles: [shell], namespaces: [payments], break_glass: { reviewers: [security] } }
  - { name: never, namespaces: [kube-system], deny: cluster components are not reached }
";

pub struct World {
    pub portal: Arc<Portal>,
    pub store: Arc<MemoryStore>,
    pub cluster: Arc<ScriptedCluster>,
    pub recorder: Arc<MemoryRecorder>,
    pub bridge: Arc<ScriptedBridge>,
    pub clock: Arc<ManualClock>,
}

impl World {
    pub async fn new() -> Self {
        let world = Self::stopped(Arc::new(MemoryStore::default()));
        world.portal.start().await.unwrap();
        world
    }

    /// A portal over a store that may hold what an earlier one left; not started yet.
    pub fn stopped(store: Arc<MemoryStore>) -> Self {
        Self::stopped_with(store, settings())
    }

    /// The same over a store that is this portal's alone, as the embedded one is.
    pub fn stopped_alone(store: Arc<MemoryStore>) -> Self {
        Self::stopped_with(store, Settings { shares_store: false, ..settings() })
    }

    fn stopped_with(store: Arc<MemoryStore>, settings: Settings) -> Self {
        let signer = GrantSigner::generate();
        let clock = Arc::new(ManualClock::new());
        let cluster = Arc::new(ScriptedCluster::new(signer.verifier(), Arc::clone(&clock)));
        let (recorder, bridge) =
            (Arc::new(MemoryRecorder::new()), Arc::new(ScriptedBridge::default()));
        let main: Arc<dyn broker::port::Cluster> = Arc::clone(&cluster) as _;
        let parts = Parts {
            store: Arc::clone(&store) as _,
            recorder: Arc::clone(&recorder) as _,
            bridge: Arc::clone(&bridge) as _,
            clusters: [(ClusterName::parse("main").unwrap(), main)].into_iter().collect(),
            clock: Arc::clone(&clock) as _,
            signer,
        };
        let portal = Portal::new(parts, Policy::parse(POLICY).unwrap(), settings);
        Self { portal, store, cluster, recorder, bridge, clock }
    }

    pub fn as_person(&self, name: &str, groups: &[&str]) -> Bound {
        let person = Person {
            key: PersonKey { issuer: "https://idp.example".into(), subject: name.into() },
            username: Username::parse(name).unwrap(),
            groups: groups.iter().map(|group| GroupName::parse(*group).unwrap()).collect(),
            groups_missing: None,
        };
        self.portal.bound(&person, login(name))
    }

    pub fn ana(&self) -> Bound {
        self.as_person("ana", &["oncall"])
    }

    pub fn ben(&self) -> Bound {
        self.as_person("ben", &["leads"])
    }

    pub fn cleo(&self) -> Bound {
        self.as_person("cleo", &["security"])
    }

    pub fn dora(&self) -> Bound {
        self.as_person("dora", &["platform"])
    }

    pub fn eve(&self) -> Bound {
        self.as_person("eve", &[])
    }

    /// A request of ana's for a shell, decided by nobody yet.
    pub async fn asked(&self, namespace: &str) -> RequestId {
        self.ana().send_request(ask(namespace, "shell", "30m")).await.unwrap()
    }

    /// The digest of a request as its approver sees it.
    pub async fn digest(&self, by: &Bound, id: RequestId) -> RequestDigest {
        by.request(id).await.unwrap().digest
    }

    /// Approves, and lets the time pass in which the approver may think again.
    pub async fn approve(&self, by: &Bound, id: RequestId) {
        by.approve(id, &self.digest(by, id).await, &Less::default()).await.unwrap();
        self.pass(UNDO).await;
    }

    /// Time passes, and what it brings is done.
    pub async fn pass(&self, length: Duration) {
        self.clock.advance(length);
        self.portal.sweep().await.unwrap();
    }

    /// A request of ana's for a shell in payments that ben approved.
    pub async fn granted(&self) -> RequestId {
        let id = self.asked("payments").await;
        self.approve(&self.ben(), id).await;
        id
    }

    pub async fn started(&self, id: RequestId) -> SessionId {
        self.ana().start_session(id, &pod(), &container()).await.unwrap()
    }

    /// Attaches ana's browser to a session, beside the test.
    pub async fn attach(&self, session: SessionId) -> tokio::task::JoinHandle<CloseCode> {
        self.attach_as(&self.ana(), "ana", session).await
    }

    /// The same by somebody else, who watches.
    pub async fn attach_as(
        &self,
        bound: &Bound,
        name: &str,
        session: SessionId,
    ) -> tokio::task::JoinHandle<CloseCode> {
        let ticket = bound.terminal_ticket(session).await.unwrap();
        let size = Size { columns: 80, rows: 24 };
        let first = FirstMessage { offset: 0, turn: 0, size, ticket: ticket.secret };
        let person = bound.frame().await.unwrap().person;
        let (portal, login) = (Arc::clone(&self.portal), login(name));
        tokio::spawn(async move {
            portal.attach(&person, login, session, first, &mut QuietViewer::new()).await
        })
    }

    /// A session of ana's that ended and was recorded.
    pub async fn ended(&self) -> SessionId {
        let session = self.started(self.granted().await).await;
        let _viewer = self.attach(session).await;
        self.until(session, "live").await;
        self.ana().end_session(session).await.unwrap();
        self.until(session, "ended").await;
        session
    }

    pub async fn state(&self, session: SessionId) -> SessionState {
        self.cleo().session(session).await.unwrap().row.session.state
    }

    /// Waits until the session has reached a state; the paused time moves on meanwhile.
    pub async fn until(&self, session: SessionId, word: &str) -> SessionState {
        loop {
            let state = self.state(session).await;
            if state.word() == word {
                return state;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    pub fn facts(&self) -> Vec<&'static str> {
        self.store.all_events().iter().map(|event| event.fact.word()).collect()
    }

    /// How often a container was cleaned up.
    pub fn cleaned(&self) -> usize {
        self.cluster.cleaned.lock().unwrap().len()
    }

    pub fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }
}

pub fn login(name: &str) -> LoginId {
    LoginId(Uuid::from_bytes([name.as_bytes()[0]; 16]))
}

pub fn place(namespace: &str) -> Place {
    Place {
        cluster: ClusterName::parse("main").unwrap(),
        namespace: Namespace::parse(namespace).unwrap(),
    }
}

pub fn ask(namespace: &str, role: &str, length: &str) -> Ask {
    Ask {
        place: place(namespace),
        scope: String::new(),
        role: RoleName::parse(role).unwrap(),
        length: length.into(),
        reason: "web answers 500 since the last deploy".into(),
        ticket: String::new(),
        starts: String::new(),
        urgency: Urgency::Usual,
        extends: None,
    }
}

pub fn pod() -> PodName {
    PodName::parse("web-1").unwrap()
}

pub fn container() -> ContainerName {
    ContainerName::parse("web").unwrap()
}

fn settings() -> Settings {
    Settings {
        user_prefix: "shorepass:".into(),
        sessions_per_person: 3,
        shares_store: true,
        version: "test",
    }
}
