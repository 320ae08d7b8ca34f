//! The portal's account and the roles.

use broker::signed::EXTRAS;

use crate::user_prefix::UserPrefix;

use super::{ACCOUNT, Impersonation, Plan, list, rules};

pub(super) fn manifests(plan: &Plan) -> String {
    let mut parts = vec![account(), portal(plan)];
    for role in &plan.roles {
        let (name, rules) = (&role.name, rules::of_role(&role.actions));
        parts.push(format!(
            "\
# What the role {name} of the policy allows, wherever it is bound.
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shorepass-{name}
  labels: {{app.kubernetes.io/part-of: shorepass}}
{rules}"
        ));
    }
    parts.join("---\n")
}

fn account() -> String {
    format!(
        "\
# Shorepass for the whole cluster: its account, its roles, its admission policy.
apiVersion: v1
kind: Namespace
metadata:
  name: {ACCOUNT}
  labels: {{app.kubernetes.io/part-of: shorepass}}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {ACCOUNT}
  namespace: {ACCOUNT}
  labels: {{app.kubernetes.io/part-of: shorepass}}
"
    )
}

fn portal(plan: &Plan) -> String {
    let who = who(&plan.impersonation, &plan.user_prefix);
    format!(
        "\
# The portal reads namespaces and pods, asks who may do what, and names the people it acts for.
# As whom it may act is said by groups, one namespace at a time; by itself it can do nothing to a
# pod.
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shorepass:portal
  labels: {{app.kubernetes.io/part-of: shorepass}}
rules:
  - {{apiGroups: [\"\"], resources: [namespaces, pods], verbs: [get, list, watch]}}
  - {{apiGroups: [authorization.k8s.io], resources: [subjectaccessreviews], verbs: [create]}}
{who}---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: shorepass:portal
  labels: {{app.kubernetes.io/part-of: shorepass}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: shorepass:portal}}
subjects: [{{kind: ServiceAccount, name: {ACCOUNT}, namespace: {ACCOUNT}}}]
"
    )
}

fn who(impersonation: &Impersonation, prefix: &UserPrefix) -> String {
    let extras = list(EXTRAS.map(|key| format!("userextras/{key}")));
    let verb = match impersonation {
        Impersonation::Constrained => "impersonate:user-info",
        Impersonation::Legacy { .. } => "impersonate",
    };
    let users = match impersonation {
        Impersonation::Constrained => format!(
            "  # RBAC knows no prefixes: any user but nodes and ServiceAccounts can be named, and\n  \
               # is worth nothing outside onboarded namespaces.\n  \
               - {{apiGroups: [authentication.k8s.io], resources: [users], verbs: [{verb:?}]}}\n"
        ),
        Impersonation::Legacy { users } if users.is_empty() => format!(
            "  # DANGER: this verb is not limited to namespaces, so whoever holds the portal's token\n  \
               # can act as any user, the cluster's own components too. Name the users.\n  \
               - {{apiGroups: [\"\"], resources: [users], verbs: [{verb:?}]}}\n"
        ),
        Impersonation::Legacy { users } => {
            let names = list(users.iter().map(|user| format!("{prefix}{user}")));
            format!(
                "  - {{apiGroups: [\"\"], resources: [users], verbs: [{verb:?}], \
                 resourceNames: {names}}}\n"
            )
        }
    };
    format!(
        "{users}  - {{apiGroups: [authentication.k8s.io], resources: {extras}, verbs: [{verb:?}]}}\n"
    )
}
