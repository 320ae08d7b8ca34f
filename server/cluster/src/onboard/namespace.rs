//! What makes a namespace one that can be requested.

use domain::{Namespace, RoleName};

use super::{ACCOUNT, Impersonation, Plan, list, rules};

pub(super) fn manifests(plan: &Plan, namespace: &Namespace) -> String {
    let group = |role: &RoleName| format!("jit:{role}:{namespace}");
    let mut parts = vec![groups(plan, namespace, &group)];
    if plan.impersonation == Impersonation::Constrained {
        parts.extend(impersonate_on(plan, namespace));
    }
    for role in &plan.roles {
        let (name, group) = (&role.name, group(&role.name));
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

fn groups(plan: &Plan, namespace: &Namespace, group: &impl Fn(&RoleName) -> String) -> String {
    let names = list(plan.roles.iter().map(|role| group(&role.name)));
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
