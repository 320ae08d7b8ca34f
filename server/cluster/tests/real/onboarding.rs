//! The manifests on a real cluster, and the self-test that looks for more than they give.

use std::cell::Cell;

use broker::port::{Cluster as _, ShellTrouble};
use broker::signed::{Claims, Purpose};
use cluster::onboard::{Impersonation, Plan};
use domain::wire::Size;

use super::stage::{Stage, apply_yaml, eventually, on_stage};

const SIZE: Size = Size { columns: 80, rows: 24 };

async fn findings(stage: &Stage) -> Vec<&'static str> {
    let mut found = stage.portal.self_test().await.unwrap();
    found.extend(stage.portal.self_test_in(&stage.namespace).await.unwrap());
    found.into_iter().map(|finding| finding.name).collect()
}

#[tokio::test]
async fn h_09_the_shipped_manifests_give_nothing_that_the_self_test_finds() {
    on_stage(async |stage| {
        assert_eq!(findings(stage).await, [""; 0]);
        // Applied again, nothing changes.
        apply_yaml(&stage.admin, &stage.plan.manifests()).await;
        assert_eq!(findings(stage).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn h_09_a_portal_that_was_given_too_much_is_told() {
    on_stage(async |stage| {
        let namespace = &stage.namespace;
        apply_yaml(
            &stage.admin,
            &format!(
                r#"
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{name: too-much, namespace: {namespace}}}
rules:
  - {{apiGroups: [""], resources: [secrets, pods/exec], verbs: [get, create]}}
  - {{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: ["*"]}}
  - {{apiGroups: [""], resources: [serviceaccounts], verbs: [impersonate]}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: too-much, namespace: {namespace}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: too-much}}
subjects: [{{kind: ServiceAccount, name: shorepass, namespace: shorepass}}]
"#
            ),
        )
        .await;
        let expected = ["impersonates-accounts", "reaches-pods", "reads-secrets", "writes-rbac"];
        eventually("the findings", async || (findings(stage).await == expected).then_some(()))
            .await;
    })
    .await;
}

#[tokio::test]
async fn what_an_account_may_do_is_what_the_api_server_says() {
    on_stage(async |stage| {
        let (namespace, portal) = (&stage.namespace, &stage.portal);
        assert_eq!(portal.powers(namespace, "default").await, Ok(Vec::new()));
        let bind = |account: &str, role: &str| {
            format!(
                r"
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: {account}, namespace: {namespace}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {role}}}
subjects: [{{kind: ServiceAccount, name: {account}, namespace: {namespace}}}]
"
            )
        };
        // Roles reach the authorizer a moment later, and answers are remembered.
        let tries = Cell::new(0);
        let expected = vec![
            "read secrets",
            "run commands in pods",
            "create pods",
            "change workloads",
            "take tokens of other accounts",
            "grant roles",
        ];
        eventually("the powers of an administrator of a namespace", async || {
            let name = format!("ledger-{}", tries.replace(tries.get() + 1));
            apply_yaml(&stage.admin, &bind(&name, "admin")).await;
            (portal.powers(namespace, &name).await.as_ref() == Ok(&expected)).then_some(())
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn whether_a_grant_opens_a_shell_is_what_the_api_server_says() {
    on_stage(async |stage| {
        let (namespace, portal) = (&stage.namespace, &stage.portal);
        let may = async |group: &str| {
            portal
                .may_open_shell("shorepass:ana", &format!("jit:{group}:{namespace}"), namespace)
                .await
        };
        assert_eq!(may("shell").await, Ok(true));
        assert_eq!(may("observe").await, Ok(false));
        assert_eq!(may("nobody").await, Ok(false));
        let elsewhere = "kube-system".parse().unwrap();
        let group = format!("jit:shell:{namespace}");
        assert_eq!(portal.may_open_shell("shorepass:ana", &group, &elsewhere).await, Ok(false));
    })
    .await;
}

#[tokio::test]
async fn the_manifests_of_older_clusters_open_shells_for_the_people_they_name() {
    on_stage(async |stage| {
        let users = vec!["zoë@example.com".parse().unwrap()];
        let plan = Plan { impersonation: Impersonation::Legacy { users }, ..stage.plan.clone() };
        stage.take_constrained_impersonation().await;
        apply_yaml(&stage.admin, &plan.for_namespace(&stage.namespace)).await;
        let portal = stage.named_for_the_namespace("shorepass:portal", &plan.manifests());
        apply_yaml(&stage.admin, &portal).await;
        let target = stage.waiting_pod("older").await;
        let claims = stage.claims(&target, Purpose::Use);
        let open =
            async |claims: &Claims| stage.portal.open_shell(&stage.order(claims), SIZE).await;
        eventually("the shell", async || open(&claims).await.ok()).await;
        let other = Claims { username: "mallory".parse().unwrap(), ..claims };
        let refused = open(&other).await.err();
        assert!(matches!(refused, Some(ShellTrouble::Forbidden { .. })), "{refused:?}");
        assert_eq!(findings(stage).await, [""; 0]);
    })
    .await;
}
