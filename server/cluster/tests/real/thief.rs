//! What somebody can do who stole the portal's token and knows everything else.

use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use http_body_util::BodyExt as _;
use kube::client::Body;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde_json::{Value, json};

use super::stage::{Stage, on_stage};

struct Thief(Client);

/// A request with every header that a real session has.
struct Attempt {
    method: &'static str,
    path: String,
    body: Option<Value>,
    headers: Vec<(&'static str, String)>,
}

impl Thief {
    async fn on(stage: &Stage) -> Self {
        let stolen = Kubeconfig::read_from(&stage.kubeconfig).unwrap();
        let config = Config::from_custom_kubeconfig(stolen, &KubeConfigOptions::default()).await;
        let mut config = config.unwrap();
        config.default_retry = false;
        Self(Client::try_from(config).unwrap())
    }

    async fn tries(&self, attempt: Attempt) -> (StatusCode, String) {
        let mut request = Request::builder().method(attempt.method).uri(attempt.path);
        if attempt.body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = attempt.body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        let mut request = request.body(Body::from(body)).unwrap();
        let headers: HeaderMap = attempt
            .headers
            .into_iter()
            .map(|(name, value)| {
                let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
                (HeaderName::try_from(name).unwrap(), value)
            })
            .collect();
        request.headers_mut().extend(headers);
        let response = self.0.send(request).await.unwrap();
        let status = response.status();
        if status == StatusCode::SWITCHING_PROTOCOLS {
            return (status, String::new());
        }
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    async fn is_refused(&self, what: &str, attempt: Attempt) -> String {
        let (status, message) = self.tries(attempt).await;
        assert!(
            matches!(status, StatusCode::FORBIDDEN | StatusCode::UNPROCESSABLE_ENTITY),
            "{what}: {status} {message}"
        );
        message
    }
}

const USER: &str = "impersonate-user";
const GROUP: &str = "impersonate-group";
const POD: &str = "impersonate-extra-shorepass.dev%2Fpod";

/// The call that a granted session makes.
fn granted(stage: &Stage, pod: &str) -> Attempt {
    let namespace = &stage.namespace;
    exec(
        namespace.as_str(),
        pod,
        &[
            (USER, "shorepass:ana".to_owned()),
            (GROUP, format!("jit:shell:{namespace}")),
            (POD, pod.to_owned()),
        ],
    )
}

fn exec(namespace: &str, pod: &str, identity: &[(&'static str, String)]) -> Attempt {
    let mut headers: Vec<_> = [
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("sec-websocket-protocol", "v5.channel.k8s.io"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into();
    headers.extend_from_slice(identity);
    Attempt {
        method: "GET",
        path: format!("/api/v1/namespaces/{namespace}/pods/{pod}/exec?command=id&stdout=true"),
        body: None,
        headers,
    }
}

fn get(path: String) -> Attempt {
    Attempt { method: "GET", path, body: None, headers: Vec::new() }
}

fn replaced(mut attempt: Attempt, header: &str, value: &str) -> Attempt {
    attempt.headers.iter_mut().filter(|(name, _)| *name == header).for_each(|(_, old)| {
        value.clone_into(old);
    });
    attempt
}

fn added(mut attempt: Attempt, header: &'static str, value: &str) -> Attempt {
    attempt.headers.push((header, value.to_owned()));
    attempt
}

fn without(mut attempt: Attempt, header: &str) -> Attempt {
    attempt.headers.retain(|(name, _)| *name != header);
    attempt
}

#[tokio::test]
async fn h_09_a_stolen_token_reaches_only_what_was_onboarded() {
    on_stage(async |stage| {
        stage.waiting_pod("box").await;
        stage.waiting_pod("other").await;
        let thief = Thief::on(stage).await;
        let granted = || granted(stage, "box");
        // The attempts below fail for what is changed in them, and for nothing else.
        let (status, message) = thief.tries(granted()).await;
        assert_eq!(status, StatusCode::SWITCHING_PROTOCOLS, "{message}");

        for group in ["system:masters", "kubeadm:cluster-admins", "jit:shell:kube-system", "x"] {
            thief.is_refused(group, replaced(granted(), GROUP, group)).await;
        }
        let second = added(granted(), GROUP, "system:masters");
        thief.is_refused("a second group", second).await;
        for user in ["system:node:node1", "system:serviceaccount:kube-system:default"] {
            thief.is_refused(user, replaced(granted(), USER, user)).await;
        }
        let extra = added(granted(), "impersonate-extra-example.com%2Fscope", "x");
        thief.is_refused("another extra", extra).await;
        let uid = added(granted(), "impersonate-uid", "1");
        thief.is_refused("a uid", uid).await;
        thief.is_refused("no group", without(granted(), GROUP)).await;
        thief
            .is_refused("the role that only reads", {
                replaced(granted(), GROUP, &format!("jit:observe:{}", stage.namespace))
            })
            .await;

        let nobody = without(without(without(granted(), USER), GROUP), POD);
        thief.is_refused("no impersonation at all", nobody).await;
        let empty = replaced(without(without(granted(), GROUP), POD), USER, "");
        thief.is_refused("H-01, an empty user", empty).await;
    })
    .await;
}

#[tokio::test]
async fn h_09_a_stolen_token_reaches_no_other_pod_and_no_other_namespace() {
    on_stage(async |stage| {
        stage.waiting_pod("box").await;
        stage.waiting_pod("other").await;
        let thief = Thief::on(stage).await;
        let elsewhere = replaced(granted(stage, "other"), POD, "box");
        let message = thief.is_refused("another pod", elsewhere).await;
        assert!(message.contains("the session was granted for another pod"), "{message}");
        let (status, _) = thief.tries(replaced(granted(stage, "other"), POD, "box")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        thief.is_refused("no pod named", without(granted(stage, "box"), POD)).await;
        thief.is_refused("two pods named", added(granted(stage, "box"), POD, "other")).await;
        let disguised = without(replaced(granted(stage, "box"), USER, "bob"), POD);
        thief.is_refused("another user with the group", disguised).await;

        let identity: Vec<_> = granted(stage, "box").headers.split_off(5);
        thief.is_refused("another namespace", exec("kube-system", "x", &identity)).await;
        let mut secrets = get(format!("/api/v1/namespaces/{}/secrets", stage.namespace));
        secrets.headers = identity;
        thief.is_refused("secrets as the person", secrets).await;
    })
    .await;
}

#[tokio::test]
async fn h_09_a_stolen_token_reads_no_secrets_and_writes_nothing() {
    on_stage(async |stage| {
        let thief = Thief::on(stage).await;
        let namespace = stage.namespace.as_str();
        for path in [
            "/api/v1/secrets".to_owned(),
            "/api/v1/configmaps".to_owned(),
            "/api/v1/nodes".to_owned(),
            format!("/api/v1/namespaces/{namespace}/secrets/x"),
            format!("/api/v1/namespaces/{namespace}/pods/box/log"),
        ] {
            thief.is_refused(&path, get(path.clone())).await;
        }
        let rbac = "/apis/rbac.authorization.k8s.io/v1";
        let binding = json!({
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "metadata": {"name": "mine"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
            "subjects": [{"kind": "ServiceAccount", "name": "shorepass", "namespace": "shorepass"}],
        });
        let mut here = binding.clone();
        here["kind"] = "RoleBinding".into();
        let mut everywhere = binding;
        everywhere["kind"] = "ClusterRoleBinding".into();
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "mine"},
            "spec": {"containers": [{"name": "x", "image": "x"}]}});
        for (path, body) in [
            (format!("{rbac}/clusterrolebindings"), everywhere),
            (format!("{rbac}/namespaces/{namespace}/rolebindings"), here),
            (format!("/api/v1/namespaces/{namespace}/pods"), pod),
        ] {
            let attempt =
                Attempt { method: "POST", path: path.clone(), body: Some(body), headers: vec![] };
            thief.is_refused(&path, attempt).await;
        }
        let policy = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";
        let path = format!("{policy}/shorepass-streams");
        let delete = Attempt { method: "DELETE", path, body: None, headers: vec![] };
        thief.is_refused("the admission policy's end", delete).await;
    })
    .await;
}
