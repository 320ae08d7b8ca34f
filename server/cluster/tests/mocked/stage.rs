//! A portal before a scripted API server.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use broker::port::{Clock, Cluster as _, ClusterState, Order, Shell, ShellTrouble, SystemClock};
use broker::signed::{Claims, GrantSigner, Purpose};
use cluster::{Kubernetes, Settings, UserPrefix, connect};
use domain::wire::Size;
use domain::{Action, EventId, GrantId, LeftBehind, Place, SessionId, Target, later};
use jiff::Timestamp;
use tokio::time::timeout;
use uuid::Uuid;

use super::server::{Exec, Server};

/// How long anything may take that a test waits for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
pub(crate) const SIZE: Size = Size { columns: 80, rows: 24 };

pub(crate) struct Stage {
    pub(crate) server: Server,
    pub(crate) portal: Kubernetes,
    pub(crate) clock: Arc<Wound>,
    signer: GrantSigner,
}

/// A clock that can be put forward.
#[derive(Default)]
pub(crate) struct Wound(Mutex<Duration>);

impl Wound {
    pub(crate) fn forward(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for Wound {
    fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    fn since_boot(&self) -> Duration {
        *self.0.lock().unwrap()
    }
}

/// Runs a test, and looks afterwards at who every call was made as.
pub(crate) async fn on_stage(exec: Exec, test: impl AsyncFnOnce(&mut Stage)) {
    let mut stage = Stage::build(exec).await;
    stage.until(|portal| portal.state() == ClusterState::Reachable).await;
    test(&mut stage).await;
    stage.server.check_identities();
}

impl Stage {
    pub(crate) async fn build(exec: Exec) -> Self {
        // Another test may have done it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let server = Server::start(exec).await;
        let directory = tempfile::tempdir().unwrap();
        let kubeconfig = directory.path().join("kubeconfig");
        let text = serde_json::json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "x",
            "clusters": [{"name": "x", "cluster": {"server": format!("http://{}", server.address)}}],
            "users": [{"name": "x", "user": {"token": "canary-7f3a"}}],
            "contexts": [{"name": "x", "context": {"cluster": "x", "user": "x"}}],
        });
        std::fs::write(&kubeconfig, text.to_string()).unwrap();
        let signer = GrantSigner::generate();
        let clock = Arc::new(Wound::default());
        let settings = Settings {
            name: "main".parse().unwrap(),
            kubeconfig: Some(kubeconfig),
            context: None,
            user_prefix: UserPrefix::default(),
        };
        let portal = connect(settings, signer.verifier(), Arc::clone(&clock) as _).await.unwrap();
        Self { server, portal, clock, signer }
    }

    /// Waits for the portal to know something.
    pub(crate) async fn until(&self, known: impl Fn(&Kubernetes) -> bool) {
        let mut changes = self.portal.changes();
        let wait = async {
            while !known(&self.portal) {
                changes.changed().await.unwrap();
            }
        };
        let waited = timeout(PATIENCE, wait).await;
        assert!(waited.is_ok(), "{:?}", self.portal.state());
    }

    pub(crate) async fn open(&self) -> Result<Shell, ShellTrouble> {
        let order = self.order(Purpose::Use);
        timeout(PATIENCE, self.portal.open_shell(&order, SIZE)).await.expect("an answer")
    }

    pub(crate) async fn end_processes(&self) -> LeftBehind {
        let order = self.order(Purpose::CleanUp);
        timeout(PATIENCE, self.portal.end_processes(&order)).await.expect("an answer")
    }

    pub(crate) fn order(&self, purpose: Purpose) -> Order {
        let now = self.clock.now();
        let claims = Claims {
            grant: GrantId(Uuid::from_u128(1)),
            session: SessionId(Uuid::from_u128(2)),
            username: "ana".parse().unwrap(),
            group: "jit:shell:payments".to_owned(),
            target: Target {
                place: Place {
                    cluster: "main".parse().unwrap(),
                    namespace: "payments".parse().unwrap(),
                },
                pod: "web-1".parse().unwrap(),
                container: "web".parse().unwrap(),
            },
            action: Action::Shell,
            purpose,
            not_before: now,
            not_after: later(now, Duration::from_hours(1)),
        };
        Order { grant: self.signer.sign(&claims), audit_id: EventId(Uuid::from_u128(3)) }
    }

    /// How many calls to pods reached the server.
    pub(crate) fn execs(&self) -> usize {
        let seen = self.server.script.seen.lock().unwrap();
        seen.iter().filter(|seen| seen.path.ends_with("/exec")).count()
    }
}
