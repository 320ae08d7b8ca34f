//! What the portal knows of a namespace.

use broker::port::NamespaceInfo;
use domain::text::seen;
use domain::{Namespace, Risk};
use k8s_openapi::api::core::v1 as api;

/// Label that says how much a namespace can hurt.
const RISK: &str = "shorepass.dev/risk";
/// Annotation that says whose it is.
const OWNER: &str = "shorepass.dev/owner";
/// The most that is kept of the owner, in characters.
const LONGEST_OWNER: usize = 80;

pub(super) fn read(namespace: api::Namespace) -> Option<(Namespace, NamespaceInfo)> {
    let api::Namespace { metadata, .. } = namespace;
    let name = Namespace::parse(metadata.name?).ok()?;
    let labels = metadata.labels.unwrap_or_default();
    let owner = metadata.annotations.unwrap_or_default().remove(OWNER);
    let owner = owner.map(|owner| seen(&owner, LONGEST_OWNER)).filter(|owner| !owner.is_empty());
    let risk = Risk::from_label(labels.get(RISK).map(String::as_str));
    Some((name.clone(), NamespaceInfo { name, risk, owner, labels }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_06_an_owner_holds_nothing_unseen() {
        let namespace = serde_json::json!({"metadata": {
            "name": "payments",
            "labels": {"shorepass.dev/risk": "production"},
            "annotations": {"shorepass.dev/owner": "\u{1b}[2Jpay\u{202e}ments"},
        }});
        let (_, info) = read(serde_json::from_value(namespace).unwrap()).unwrap();
        assert_eq!(info.owner.as_deref(), Some("[2Jpayments"));
        assert_eq!(info.risk, Risk::Production);
    }
}
