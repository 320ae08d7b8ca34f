use serde_json::{Value, json};

use super::*;

fn pod(changes: Value) -> Pod {
    let mut whole = json!({
        "metadata": {
            "name": "web-7d9f8c-x2k4p", "namespace": "payments",
            "creationTimestamp": "2026-03-01T10:00:00Z",
            "labels": {"pod-template-hash": "7d9f8c"},
            "ownerReferences": [
                {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-7d9f8c", "uid": "1", "controller": true}
            ],
        },
        "spec": {"containers": [{"name": "web", "image": "web:1"}]},
        "status": {"phase": "Running", "containerStatuses": [status("web", json!({"running": {}}), true)]},
    });
    merge(&mut whole, changes);
    read(serde_json::from_value(whole).unwrap()).unwrap().1
}

fn status(name: &str, state: Value, ready: bool) -> Value {
    json!({"name": name, "image": "x", "imageID": "", "ready": ready, "restartCount": 2, "state": state})
}

fn merge(into: &mut Value, changes: Value) {
    match (into, changes) {
        (Value::Object(into), Value::Object(changes)) => {
            for (key, value) in changes {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, value) => *into = value,
    }
}

#[test]
fn a_running_pod_of_a_deployment_is_read() {
    let pod = pod(json!({}));
    assert_eq!(pod.workload, Workload { kind: "Deployment".to_owned(), name: "web".to_owned() });
    assert_eq!((pod.status.as_str(), pod.ready, pod.restarts), ("Running", true, 2));
    assert_eq!(pod.created_at, Some("2026-03-01T10:00:00Z".parse().unwrap()));
    let [container] = &pod.containers[..] else { panic!("one container") };
    assert!(container.running);
    assert_eq!((container.status.as_str(), container.image.as_str()), ("Running", "web:1"));
}

#[test]
fn other_owners_keep_their_names() {
    let owned = |kind: &str, name: &str| {
        pod(json!({"metadata": {"ownerReferences":
            [{"apiVersion": "v1", "kind": kind, "name": name, "uid": "1", "controller": true}]}}))
        .workload
    };
    let workload = |kind: &str, name: &str| Workload { kind: kind.into(), name: name.into() };
    assert_eq!(owned("StatefulSet", "db"), workload("StatefulSet", "db"));
    // Somebody's own ReplicaSet, and one whose name merely ends alike.
    assert_eq!(owned("ReplicaSet", "web"), workload("ReplicaSet", "web"));
    assert_eq!(owned("ReplicaSet", "web7d9f8c"), workload("ReplicaSet", "web7d9f8c"));
    let alone = pod(json!({"metadata": {"ownerReferences": []}}));
    assert_eq!(alone.workload, workload("Pod", "web-7d9f8c-x2k4p"));
}

#[test]
fn the_status_is_the_word_of_kubectl() {
    let word = |changes: Value| pod(changes).status;
    let with =
        |state: Value| json!({"status": {"containerStatuses": [status("web", state, false)]}});
    assert_eq!(word(with(json!({"waiting": {"reason": "CrashLoopBackOff"}}))), "CrashLoopBackOff");
    assert_eq!(word(with(json!({"terminated": {"exitCode": 1, "reason": "Error"}}))), "Error");
    assert_eq!(word(with(json!({"terminated": {"exitCode": 3}}))), "ExitCode:3");
    assert_eq!(word(with(json!({"terminated": {"exitCode": 0, "signal": 9}}))), "Signal:9");
    assert_eq!(
        word(json!({"metadata": {"deletionTimestamp": "2026-03-01T10:00:00Z"}})),
        "Terminating"
    );
    assert_eq!(word(json!({"status": {"reason": "Evicted", "containerStatuses": []}})), "Evicted");
    assert_eq!(word(json!({"status": {"phase": "Pending", "containerStatuses": []}})), "Pending");
}

#[test]
fn init_containers_speak_first() {
    let word = |init: Value, started: bool| {
        let mut init = status("setup", init, false);
        init["started"] = started.into();
        pod(json!({
            "spec": {"initContainers": [{"name": "setup", "restartPolicy": "Always"}]},
            "status": {"phase": "Pending", "initContainerStatuses": [init]},
        }))
        .status
    };
    assert_eq!(word(json!({"running": {}}), false), "Init:0/1");
    assert_eq!(word(json!({"running": {}}), true), "Pending");
    assert_eq!(word(json!({"waiting": {"reason": "ErrImagePull"}}), false), "Init:ErrImagePull");
    assert_eq!(word(json!({"terminated": {"exitCode": 2}}), false), "Init:ExitCode:2");
}

#[test]
fn every_kind_of_container_is_listed_with_its_condition() {
    let pod = pod(json!({
        "spec": {
            "initContainers": [{"name": "setup"}],
            "ephemeralContainers": [{"name": "debug-1", "image": "tools:1"}],
        },
        "status": {"ephemeralContainerStatuses": [
            status("debug-1", json!({"terminated": {"exitCode": 0, "reason": "Completed"}}), false)]},
    }));
    let said: Vec<_> = pod
        .containers
        .iter()
        .map(|container| (container.name.as_str(), container.kind, container.status.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("web", ContainerKind::Ordinary, "Running"),
            ("setup", ContainerKind::Init, "Waiting"),
            ("debug-1", ContainerKind::Ephemeral, "Terminated: Completed"),
        ]
    );
}
