//! What makes a namespace one that can be requested.

use domain::{Namespace, kubernetes_group};

use super::{ACCOUNT, Impersonation, Plan, list, rules};

pub(super) fn manifests(plan: &Plan, namespace: &Namespace) -> String {
    let mut parts = vec![groups(plan, namespace)];
    if plan.impersonation == Impersonation::Constrained {
        parts.extend(impersonate_on(plan, namespace));
    }
    for role in &plan.roles {
        let (name, group) = (&role.name, kubernetes_group(&role.name, namespace));
        parts.push(format!(
            "\
# Whoever holds a grant is in this group while it lasts.
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: shorepass-{name}
  namespace: {namespace}
  labels: {{app.kubernetes.io/part-of: shorepass}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: shorepass-{name}}}
subjects: [{{apiGroup: rbac.authorization.k8s.io, kind: Group, name: {group:?}}}]
"
        ));
    }
    parts.join("---\n")
}

fn groups(plan: &Plan, namespace: &Namespace) -> String {
    let names = list(plan.roles.iter().map(|role| kubernetes_group(&role.name, namespace)));
    let (api, verb) = match plan.impersonation {
        Impersonation::Constrained => ("authentication.k8s.io", "impersonate:user-info"),
        Impersonation::Legacy { .. } => ("", "impersonate"),
    };
    format!(
        "\
# The namespace {namespace}: the portal may put people into these groups and into no others.
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shorepass:groups:{namespace}
  labels: {{app.kubernetes.io/part-of: shorepass}}
rules:
  - {{apiGroups: [{api:?}], resources: [groups], verbs: [{verb:?}], resourceNames: {names}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: shorepass:groups:{namespace}
  labels: {{app.kubernetes.io/part-of: shorepass}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: shorepass:groups:{namespace}}}
subjects: [{{kind: ServiceAccount, name: {ACCOUNT}, namespace: {ACCOUNT}}}]
"
    )
}

fn impersonate_on(plan: &Plan, namespace: &Namespace) -> Option<String> {
    let actions = plan.roles.iter().flat_map(|role| &role.actions).copied().collect();
    let resource = rules::impersonated(&actions)?;
    Some(format!(
        "\
# What the portal may do here as somebody. The person's own right to it is checked as well.
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: shorepass:portal
  namespace: {namespace}
  labels: {{app.kubernetes.io/part-of: shorepass}}
rules:
  - {{apiGroups: [\"\"], resources: [{resource}], verbs: [\"impersonate-on:user-info:get\"]}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: shorepass:portal
  namespace: {namespace}
  labels: {{app.kubernetes.io/part-of: shorepass}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: shorepass:portal}}
subjects: [{{kind: ServiceAccount, name: {ACCOUNT}, namespace: {ACCOUNT}}}]
"
    ))
}
