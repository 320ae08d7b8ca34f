//! What a pod can do beyond its own containers, for those who decide on a shell in it.

use std::collections::BTreeSet;

use domain::text::seen;
use k8s_openapi::api::core::v1 as api;

/// The most that is kept of a name, in characters: the API server's own bound.
const LONGEST_NAME: usize = 253;
/// The service account that a pod has where it names none.
const DEFAULT_ACCOUNT: &str = "default";

/// In words, sorted, each once.
pub(super) fn read(spec: &api::PodSpec) -> Vec<String> {
    let mut reach = BTreeSet::new();
    let mut holds = |condition: Option<bool>, words: &str| {
        if condition == Some(true) {
            reach.insert(words.to_owned());
        }
    };
    holds(spec.host_network, "shares the node's network");
    holds(spec.host_pid, "sees the node's processes");
    holds(spec.host_ipc, "shares the node's memory");
    for container in spec.containers.iter().chain(spec.init_containers.iter().flatten()) {
        let security = container.security_context.clone().unwrap_or_default();
        holds(security.privileged, "runs privileged");
        for added in security.capabilities.and_then(|all| all.add).into_iter().flatten() {
            holds(Some(true), &format!("has capability {}", seen(&added, LONGEST_NAME)));
        }
    }
    for volume in spec.volumes.iter().flatten() {
        if let Some(path) = &volume.host_path {
            reach.insert(format!("mounts {} of the node", seen(&path.path, LONGEST_NAME)));
        }
    }
    reach.extend(secrets(spec).map(|name| format!("holds secret {}", seen(name, LONGEST_NAME))));
    reach.into_iter().collect()
}

/// The service account whose token lies in the pod: mounted by itself, or projected into a volume.
pub(super) fn account(spec: &api::PodSpec) -> Option<String> {
    let mut sources = spec
        .volumes
        .iter()
        .flatten()
        .filter_map(|volume| volume.projected.as_ref())
        .flat_map(|all| all.sources.iter().flatten());
    let mounted = spec.automount_service_account_token != Some(false)
        || sources.any(|source| source.service_account_token.is_some());
    let name = spec.service_account_name.as_deref().unwrap_or(DEFAULT_ACCOUNT);
    mounted.then(|| seen(name, LONGEST_NAME))
}

/// Secrets by name: mounted, or in the environment.
fn secrets(spec: &api::PodSpec) -> impl Iterator<Item = &str> {
    let mounted = spec.volumes.iter().flatten().flat_map(|volume| {
        let projected = volume.projected.iter().flat_map(|all| all.sources.iter().flatten());
        let projected = projected.filter_map(|source| Some(source.secret.as_ref()?.name.as_str()));
        let own = volume.secret.as_ref().and_then(|secret| secret.secret_name.as_deref());
        own.into_iter().chain(projected)
    });
    let containers = spec.containers.iter().chain(spec.init_containers.iter().flatten());
    let environment = containers.flat_map(|container| {
        let whole = container.env_from.iter().flatten();
        let whole = whole.filter_map(|from| Some(from.secret_ref.as_ref()?.name.as_str()));
        let single = container.env.iter().flatten().filter_map(|variable| {
            let from = variable.value_from.as_ref()?.secret_key_ref.as_ref()?;
            Some(from.name.as_str())
        });
        whole.chain(single)
    });
    mounted.chain(environment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_beyond_the_pod_is_named() {
        let spec = serde_json::json!({
            "hostNetwork": true,
            "hostPID": false,
            "serviceAccountName": "ledger",
            "containers": [{
                "name": "main",
                "securityContext": {"privileged": true, "capabilities": {"add": ["NET_ADMIN"]}},
                "envFrom": [{"secretRef": {"name": "database"}}],
                "env": [
                    {"name": "A", "valueFrom": {"secretKeyRef": {"name": "api-key", "key": "k"}}},
                    {"name": "B", "value": "plain"},
                ],
            }],
            "volumes": [
                {"name": "a", "secret": {"secretName": "certificate"}},
                {"name": "b", "hostPath": {"path": "/var/log\u{1b}"}},
                {"name": "c", "projected": {"sources": [{"secret": {"name": "token"}}]}},
            ],
        });
        assert_eq!(
            read(&serde_json::from_value(spec).unwrap()),
            [
                "has capability NET_ADMIN",
                "holds secret api-key",
                "holds secret certificate",
                "holds secret database",
                "holds secret token",
                "mounts /var/log of the node",
                "runs privileged",
                "shares the node's network",
            ]
        );
    }

    #[test]
    fn an_account_is_named_where_its_token_lies_in_the_pod() {
        let account_of = |spec| account(&serde_json::from_value(spec).unwrap());
        let named = serde_json::json!({"serviceAccountName": "ledger", "containers": []});
        assert_eq!(account_of(named).as_deref(), Some("ledger"));
        let unnamed = serde_json::json!({"containers": []});
        assert_eq!(account_of(unnamed).as_deref(), Some("default"));
        let without = serde_json::json!({"automountServiceAccountToken": false, "containers": []});
        assert_eq!(account_of(without), None);
        let projected = serde_json::json!({
            "automountServiceAccountToken": false,
            "serviceAccountName": "vault",
            "containers": [],
            "volumes": [
                {"name": "t", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}},
            ],
        });
        assert_eq!(account_of(projected).as_deref(), Some("vault"));
    }

    #[test]
    fn an_ordinary_pod_reaches_nothing() {
        let spec = serde_json::json!({
            "serviceAccountName": "default",
            "containers": [{"name": "main", "image": "busybox"}],
        });
        assert_eq!(read(&serde_json::from_value(spec).unwrap()), Vec::<String>::new());
    }
}
