use std::collections::BTreeMap;

use super::*;

fn plan(impersonation: Impersonation) -> Plan {
    let role = |name: &str, actions: &[Action]| Role {
        name: name.parse().unwrap(),
        actions: actions.iter().copied().collect(),
    };
    Plan {
        roles: vec![
            role("observe", &[Action::View, Action::Logs]),
            role("shell", &[Action::View, Action::Logs, Action::Shell]),
        ],
        namespaces: vec!["payments".parse().unwrap(), "checkout".parse().unwrap()],
        user_prefix: UserPrefix::default(),
        impersonation,
    }
}

fn objects(yaml: &str) -> BTreeMap<String, Value> {
    let objects: Vec<Value> = serde_saphyr::from_multiple(yaml).unwrap();
    let count = objects.len();
    let named = objects.into_iter().map(|object| {
        let text = |pointer: &str| {
            object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let key = [text("/kind"), text("/metadata/namespace"), text("/metadata/name")].join("/");
        (key, object)
    });
    let named: BTreeMap<_, _> = named.collect();
    assert_eq!(named.len(), count, "each object has a name of its own");
    named
}

/// Every rule that the portal's account is bound to.
fn portal_rules(objects: &BTreeMap<String, Value>) -> Vec<String> {
    let bound = objects.values().filter(|object| {
        object["subjects"][0]["kind"] == "ServiceAccount"
            && object["subjects"][0]["name"] == "shorepass"
    });
    let roles = bound.map(|binding| {
        let role = &binding["roleRef"];
        let namespace = match role["kind"].as_str().unwrap() {
            "Role" => binding["metadata"]["namespace"].as_str().unwrap(),
            _ => "",
        };
        let key = [role["kind"].as_str().unwrap(), namespace, role["name"].as_str().unwrap()];
        objects[&key.join("/")]["rules"].as_array().unwrap().clone()
    });
    roles.flatten().map(|rule| rule.to_string()).collect()
}

#[test]
fn h_09_the_portal_gets_reads_and_named_groups_only() {
    let rules = portal_rules(&objects(&plan(Impersonation::Constrained).manifests()));
    let extras = r#""userextras/shorepass.dev/grant","userextras/shorepass.dev/session","userextras/shorepass.dev/pod""#;
    let on =
        r#"{"apiGroups":[""],"resources":["pods/exec"],"verbs":["impersonate-on:user-info:get"]}"#;
    let groups = |namespace: &str| {
        format!(
            r#"{{"apiGroups":["authentication.k8s.io"],"resources":["groups"],"verbs":["impersonate:user-info"],"resourceNames":["jit:observe:{namespace}","jit:shell:{namespace}"]}}"#
        )
    };
    let mut expected = vec![
        r#"{"apiGroups":[""],"resources":["namespaces","pods"],"verbs":["get","list","watch"]}"#.to_owned(),
        r#"{"apiGroups":["authorization.k8s.io"],"resources":["subjectaccessreviews"],"verbs":["create"]}"#.to_owned(),
        r#"{"apiGroups":["authentication.k8s.io"],"resources":["users"],"verbs":["impersonate:user-info"]}"#.to_owned(),
        format!(r#"{{"apiGroups":["authentication.k8s.io"],"resources":[{extras}],"verbs":["impersonate:user-info"]}}"#),
        groups("payments"),
        groups("checkout"),
        on.to_owned(),
        on.to_owned(),
    ];
    let sorted = |mut rules: Vec<String>| {
        rules = rules.iter().map(|rule| canonical(rule)).collect();
        rules.sort();
        rules
    };
    expected = sorted(expected);
    assert_eq!(sorted(rules), expected);
}

fn canonical(json: &str) -> String {
    let value: BTreeMap<String, Value> = serde_json::from_str(json).unwrap();
    serde_json::to_string(&value).unwrap()
}

#[test]
fn h_09_before_1_36_groups_and_users_are_named_all_the_same() {
    let users = vec![Username::parse("ana").unwrap()];
    let objects = objects(&plan(Impersonation::Legacy { users }).manifests());
    let rules = portal_rules(&objects);
    for resource in ["users", "groups"] {
        let rule = rules.iter().find(|rule| rule.contains(&format!("[{resource:?}]"))).unwrap();
        assert!(rule.contains("resourceNames"), "{rule}");
    }
    assert!(rules.iter().any(|rule| rule.contains("shorepass:ana")), "{rules:?}");
    assert!(!rules.iter().any(|rule| rule.contains("impersonate-on")));
}

#[test]
fn a_role_becomes_a_cluster_role_and_a_binding_per_namespace() {
    let objects = objects(&plan(Impersonation::Constrained).manifests());
    let shell = objects["ClusterRole//shorepass-shell"]["rules"].to_string();
    assert!(shell.contains("pods/exec") && shell.contains("create"), "{shell}");
    let observe = objects["ClusterRole//shorepass-observe"]["rules"].to_string();
    assert!(!observe.contains("pods/exec") && observe.contains("pods/log"), "{observe}");
    for role in ["observe", "shell"] {
        for namespace in ["payments", "checkout"] {
            let binding = &objects[&format!("RoleBinding/{namespace}/shorepass-{role}")];
            assert_eq!(binding["subjects"][0]["name"], format!("jit:{role}:{namespace}"));
            assert_eq!(binding["roleRef"]["name"], format!("shorepass-{role}"));
        }
    }
}

#[test]
fn no_role_reads_secrets_or_writes_rbac() {
    let mut plan = plan(Impersonation::Constrained);
    plan.roles[0].actions = Action::ALL.into_iter().collect();
    let yaml = plan.manifests();
    for object in objects(&yaml).values().filter(|object| object["kind"] == "ClusterRole") {
        let rules = object["rules"].to_string();
        for forbidden in ["secrets", "configmaps", "\"*\"", "rbac.authorization", "nodes"] {
            assert!(!rules.contains(forbidden), "{rules}");
        }
    }
}
