//! A namespace of its own, onboarded, with a portal that runs as its ServiceAccount.

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use broker::port::{Clock, Cluster as _, Order, SystemClock};
use broker::signed::{Claims, GrantSigner, Purpose};
use cluster::onboard::{Impersonation, Plan, Role};
use cluster::{Kubernetes, Settings, UserPrefix, connect};
use domain::{Action, EventId, Namespace, Place, SessionId, Target, kubernetes_group, later};
use futures::FutureExt as _;
use k8s_openapi::api::authentication::v1::{TokenRequest, TokenRequestSpec};
use k8s_openapi::api::core::v1 as api;
use kube::api::{DeleteParams, DynamicObject, Patch, PatchParams, PostParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::core::GroupVersionKind;
use kube::discovery::ApiResource;
use kube::{Api, Client, Config};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

/// How long anything may take that a test waits for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

pub(crate) struct Stage {
    pub(crate) namespace: Namespace,
    pub(crate) admin: Client,
    pub(crate) portal: Kubernetes,
    pub(crate) plan: Plan,
    /// The portal's own kubeconfig: all that a thief of its token has.
    pub(crate) kubeconfig: PathBuf,
    signer: GrantSigner,
    clock: Arc<dyn Clock>,
    _held: TempDir,
}

/// Runs a test on a new stage, and takes the stage down whatever becomes of it.
pub(crate) async fn on_stage(test: impl AsyncFnOnce(&Stage)) {
    let stage = Stage::build().await;
    let outcome = AssertUnwindSafe(test(&stage)).catch_unwind().await;
    stage.take_down().await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

impl Stage {
    async fn build() -> Self {
        // Another test may have done it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let admin_file = admin_file();
        let read = Kubeconfig::read_from(&admin_file).expect("the kubeconfig is readable");
        let options = KubeConfigOptions::default();
        let config = Config::from_custom_kubeconfig(read, &options).await;
        let config = config.expect("the administrator's kubeconfig is usable");
        let admin = Client::try_from(config).expect("the administrator's client is made");

        let name = format!("test-{}", &Uuid::from_u128(rand()).simple().to_string()[..12]);
        let namespace = Namespace::parse(name).unwrap();
        let plan = Plan {
            roles: roles(),
            namespaces: vec![namespace.clone()],
            user_prefix: UserPrefix::default(),
            impersonation: Impersonation::Constrained,
        };
        apply(&admin, namespace_object(&namespace)).await;
        apply_yaml(&admin, &plan.manifests()).await;

        let held = tempfile::tempdir().unwrap();
        let kubeconfig = held.path().join("portal.kubeconfig");
        write_kubeconfig(&kubeconfig, &admin_file, &token(&admin).await);
        let signer = GrantSigner::generate();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let settings = Settings {
            name: "main".parse().unwrap(),
            kubeconfig: Some(kubeconfig.clone()),
            context: None,
            user_prefix: UserPrefix::default(),
        };
        let portal = connect(settings, signer.verifier(), Arc::clone(&clock)).await.unwrap();
        Self { namespace, admin, portal, plan, kubeconfig, signer, clock, _held: held }
    }

    async fn take_down(&self) {
        let name = self.namespace.as_str();
        let now = DeleteParams::default().grace_period(0);
        let _ = Api::<api::Namespace>::all(self.admin.clone()).delete(name, &now).await;
        for kind in ["ClusterRole", "ClusterRoleBinding"] {
            let resource = resource("rbac.authorization.k8s.io/v1", kind);
            let api = Api::<DynamicObject>::all_with(self.admin.clone(), &resource);
            for part in ["groups", "portal"] {
                let _ = api.delete(&format!("shorepass:{part}:{name}"), &now).await;
            }
        }
    }

    /// Takes away what clusters before 1.36 do not know: the right to act in the namespace as
    /// somebody, without which the older verb counts.
    pub(crate) async fn take_constrained_impersonation(&self) {
        for kind in ["Role", "RoleBinding"] {
            let resource = resource("rbac.authorization.k8s.io/v1", kind);
            let namespace = self.namespace.as_str();
            let api =
                Api::<DynamicObject>::namespaced_with(self.admin.clone(), namespace, &resource);
            api.delete("shorepass:portal", &DeleteParams::default()).await.unwrap();
        }
    }

    /// The objects of this name, with a name that belongs to this namespace's test alone.
    pub(crate) fn named_for_the_namespace(&self, name: &str, manifests: &str) -> String {
        let parts = manifests.split("---\n");
        let named: Vec<_> = parts
            .filter(|part| part.contains(&format!("\n  name: {name}\n")))
            .map(|part| part.replace(name, &format!("{name}:{}", self.namespace)))
            .collect();
        assert_eq!(named.len(), 2, "a role and its binding");
        named.join("---\n")
    }

    /// Starts a pod that waits, and returns when the portal has seen it run.
    pub(crate) async fn waiting_pod(&self, pod: &str) -> Target {
        self.pod(pod, json!({"image": "shorepass.local/busybox:1", "command": ["sleep", "86400"]}))
            .await
    }

    /// Starts a pod with one container, `main`, and returns when the portal has seen it run.
    pub(crate) async fn pod(&self, pod: &str, container: Value) -> Target {
        self.create_pod(pod, container).await;
        self.until(|portal| {
            let pods = portal.pods(&self.namespace);
            pods.iter().any(|seen| seen.name.as_str() == pod && seen.ready)
        })
        .await;
        self.target(pod)
    }

    pub(crate) async fn create_pod(&self, pod: &str, mut container: Value) {
        container["name"] = "main".into();
        container["imagePullPolicy"] = "Never".into();
        let object = json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": pod, "namespace": self.namespace},
            "spec": {
                "terminationGracePeriodSeconds": 0,
                "automountServiceAccountToken": false,
                "containers": [container],
            },
        });
        let accounts =
            Api::<api::ServiceAccount>::namespaced(self.admin.clone(), self.namespace.as_str());
        eventually("the namespace's default account", async || {
            accounts.get_opt("default").await.ok().flatten()
        })
        .await;
        apply(&self.admin, object).await;
    }

    /// Waits for the portal to know something.
    pub(crate) async fn until(&self, known: impl Fn(&Kubernetes) -> bool) {
        let mut changes = self.portal.changes();
        let wait = async {
            while !known(&self.portal) {
                changes.changed().await.unwrap();
            }
        };
        let waited = tokio::time::timeout(PATIENCE, wait).await;
        let pods = self.portal.pods(&self.namespace);
        assert!(waited.is_ok(), "the portal knows {:?} and {pods:?}", self.portal.state());
    }

    pub(crate) fn target(&self, pod: &str) -> Target {
        Target {
            place: Place { cluster: "main".parse().unwrap(), namespace: self.namespace.clone() },
            pod: pod.parse().unwrap(),
            container: "main".parse().unwrap(),
        }
    }

    /// What the broker would sign for zoë, who holds the role `shell`.
    pub(crate) fn claims(&self, target: &Target, purpose: Purpose) -> Claims {
        let now = self.clock.now();
        Claims {
            grant: self.clock.grant_id(),
            session: self.clock.session_id(),
            username: "zoë@example.com".parse().unwrap(),
            group: kubernetes_group(&"shell".parse().unwrap(), &target.place.namespace),
            target: target.clone(),
            action: Action::Shell,
            purpose,
            not_before: now,
            not_after: later(now, Duration::from_mins(10)),
        }
    }

    pub(crate) fn order(&self, claims: &Claims) -> Order {
        Order { grant: self.signer.sign(claims), audit_id: self.event() }
    }

    pub(crate) fn event(&self) -> EventId {
        self.clock.event_id()
    }

    /// An order to clean up after a session.
    pub(crate) fn clean_up(&self, target: &Target, session: SessionId) -> Order {
        self.order(&Claims { session, ..self.claims(target, Purpose::CleanUp) })
    }
}

/// Asks again and again until there is an answer.
pub(crate) async fn eventually<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let asked = async {
        let mut again = tokio::time::interval(Duration::from_millis(50));
        loop {
            again.tick().await;
            if let Some(answer) = ask().await {
                return answer;
            }
        }
    };
    let waited = tokio::time::timeout(PATIENCE, asked).await;
    waited.unwrap_or_else(|_| panic!("{what} did not come to be in {PATIENCE:?}"))
}

pub(crate) async fn apply_yaml(admin: &Client, yaml: &str) {
    let objects: Vec<Value> = serde_saphyr::from_multiple(yaml).unwrap();
    for object in objects {
        apply(admin, object).await;
    }
}

async fn apply(admin: &Client, object: Value) {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let resource = resource(text("/apiVersion"), text("/kind"));
    let api = match text("/metadata/namespace") {
        "" => Api::<DynamicObject>::all_with(admin.clone(), &resource),
        namespace => Api::namespaced_with(admin.clone(), namespace, &resource),
    };
    let options = PatchParams::apply("shorepass-tests").force();
    let applied = api.patch(text("/metadata/name"), &options, &Patch::Apply(&object)).await;
    applied.unwrap_or_else(|cause| panic!("{object} is applied: {cause}"));
}

fn resource(api_version: &str, kind: &str) -> ApiResource {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let kind = GroupVersionKind::gvk(group, version, kind);
    if kind.kind.ends_with("Policy") {
        return ApiResource::from_gvk_with_plural(&kind, "validatingadmissionpolicies");
    }
    ApiResource::from_gvk(&kind)
}

fn namespace_object(name: &Namespace) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": {
            "name": name,
            "labels": {"shorepass.dev/risk": "test"},
            "annotations": {"shorepass.dev/owner": "the tests"},
        },
    })
}

fn roles() -> Vec<Role> {
    let role = |name: &str, actions: &[Action]| Role {
        name: name.parse().unwrap(),
        actions: actions.iter().copied().collect(),
    };
    vec![
        role("observe", &[Action::View, Action::Logs]),
        role("shell", &[Action::View, Action::Logs, Action::Shell]),
    ]
}

/// The portal's own token, as the kubelet would hand it to its pod.
async fn token(admin: &Client) -> String {
    let accounts = Api::<api::ServiceAccount>::namespaced(admin.clone(), "shorepass");
    let spec = TokenRequestSpec { expiration_seconds: Some(3_600), ..TokenRequestSpec::default() };
    let request = TokenRequest { spec, ..TokenRequest::default() };
    let options = PostParams::default();
    let answer = accounts.create_token_request("shorepass", &options, &request).await;
    answer.unwrap().status.unwrap().token
}

fn write_kubeconfig(file: &Path, like: &Path, token: &str) {
    let admin = Kubeconfig::read_from(like).unwrap();
    let kubeconfig = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "portal",
        "clusters": serde_json::to_value(&admin.clusters).unwrap(),
        "users": [{"name": "portal", "user": {"token": token}}],
        "contexts": [{"name": "portal",
            "context": {"cluster": admin.clusters[0].name, "user": "portal"}}],
    });
    std::fs::write(file, kubeconfig.to_string()).unwrap();
}

fn admin_file() -> PathBuf {
    std::env::var_os("SHOREPASS_TEST_KUBECONFIG").map(PathBuf::from).expect(
        "SHOREPASS_TEST_KUBECONFIG is not set: it names the kubeconfig of a test cluster's \
         administrator, as end2end/cluster/up prints it",
    )
}

fn rand() -> u128 {
    let clock: &dyn Clock = &SystemClock;
    // Version 7 begins with the time; its end is random.
    clock.event_id().0.as_u128().reverse_bits()
}
