//! What a session leaves behind is ended.

use broker::port::Cluster as _;
use broker::signed::Purpose;
use domain::wire::Size;
use domain::{LeftBehind, Target};
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::{AttachParams, DeleteParams};
use serde_json::json;
use tokio::io::AsyncReadExt as _;

use super::shells::open;
use super::stage::{Stage, eventually, on_stage};
use super::terminal::Terminal;

/// Seen by an administrator, not by the portal.
async fn processes(stage: &Stage, target: &Target) -> String {
    let pods = Api::<Pod>::namespaced(stage.admin.clone(), stage.namespace.as_str());
    let options = AttachParams::default().stderr(false);
    let mut running = pods.exec(target.pod.as_str(), ["ps", "-o", "args"], &options).await.unwrap();
    let mut text = String::new();
    running.stdout().unwrap().read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn nothing_of_a_session_survives_its_clean_up() {
    on_stage(async |stage| {
        let target = stage.waiting_pod("box").await;
        let mut bystander = Terminal::ready(open(stage, &target).await.unwrap()).await;

        let claims = stage.claims(&target, Purpose::Use);
        let size = Size { columns: 80, rows: 24 };
        let shell = stage.portal.open_shell(&stage.order(&claims), size).await.unwrap();
        let mut terminal = Terminal::ready(shell).await;
        for stubborn in [
            "(trap '' HUP; exec sleep 1001) >/dev/null 2>&1 &",
            "setsid sleep 1002 &",
            "(trap '' HUP TERM INT; while :; do sleep 1003; done) &",
            "setsid sh -c 'trap \"\" HUP TERM; (sleep 1004 &); sleep 1005' &",
        ] {
            terminal.types(&format!("{stubborn}\r")).await;
        }
        terminal.types("echo all be''gun\r").await;
        terminal.sees("all begun").await;
        // Only that the stream is cut: everything goes on in the container.
        drop(terminal);
        let before = processes(stage, &target).await;
        for number in 1001..=1005 {
            assert!(before.contains(&format!("sleep {number}")), "{before}");
        }

        let order = stage.clean_up(&target, claims.session);
        assert_eq!(stage.portal.end_processes(&order).await, LeftBehind::Nothing);
        let after = processes(stage, &target).await;
        assert!(!after.contains("sleep 100"), "{after}");

        bystander.types("echo still he''re\r").await;
        bystander.sees("still here").await;
        // There is nothing left to find, and that is said as well.
        let again = stage.clean_up(&target, claims.session);
        assert_eq!(stage.portal.end_processes(&again).await, LeftBehind::Nothing);
    })
    .await;
}

#[tokio::test]
async fn a_pod_that_is_gone_holds_nothing_any_more() {
    on_stage(async |stage| {
        let target = stage.waiting_pod("box").await;
        let pods = Api::<Pod>::namespaced(stage.admin.clone(), stage.namespace.as_str());
        pods.delete("box", &DeleteParams::default().grace_period(0)).await.unwrap();
        eventually("the pod's end", async || {
            pods.get_opt("box").await.unwrap().is_none().then_some(())
        })
        .await;
        let order = stage.clean_up(&target, stage.claims(&target, Purpose::Use).session);
        assert_eq!(stage.portal.end_processes(&order).await, LeftBehind::Nothing);
    })
    .await;
}

#[tokio::test]
async fn where_nothing_can_be_looked_for_that_is_said() {
    on_stage(async |stage| {
        let target = stage.pod("ledger", json!({"image": "shorepass.local/ledger:1"})).await;
        let session = stage.claims(&target, Purpose::Use).session;
        let order = stage.clean_up(&target, session);
        assert_eq!(stage.portal.end_processes(&order).await, LeftBehind::Unknown);
        // An order to open a shell is none to clean up.
        let other = stage.order(&stage.claims(&target, Purpose::Use));
        assert_eq!(stage.portal.end_processes(&other).await, LeftBehind::Unknown);
    })
    .await;
}
