//! Shells that open, and shells that do not.

use broker::port::{Cluster as _, ClusterState, Shell, ShellEvent, ShellTrouble};
use broker::signed::{Claims, Purpose};
use domain::Target;
use domain::wire::Size;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::stage::{Stage, on_stage};
use super::terminal::Terminal;

const SIZE: Size = Size { columns: 132, rows: 43 };

pub(crate) async fn open(stage: &Stage, target: &Target) -> Result<Shell, ShellTrouble> {
    let order = stage.order(&stage.claims(target, Purpose::Use));
    stage.portal.open_shell(&order, SIZE).await
}

#[tokio::test]
async fn a_shell_echoes_resizes_is_interrupted_and_exits() {
    on_stage(async |stage| {
        let target = stage.waiting_pod("box").await;
        let shell = open(stage, &target).await.unwrap();
        assert_eq!(shell.protocol, "v5.channel.k8s.io");
        let mut terminal = Terminal::ready(shell).await;
        terminal.types("stty size; echo he''llo $TERM\r").await;
        terminal.sees("43 132\r\n").await;
        terminal.sees("hello xterm-256color\r\n").await;

        terminal.shell.input.resize(Size { columns: 101, rows: 33 }).await.unwrap();
        terminal.types("until stty size | grep -q '33 101'; do :; done; echo resi''zed\r").await;
        terminal.sees("resized\r\n").await;

        // One program, so that it has the terminal by the time that it says so.
        terminal.types("sh -c \"echo star''ted; exec sleep 1000\"\r").await;
        terminal.sees("started\r\n").await;
        terminal.types("\x03").await;
        terminal.types("echo then $?\r").await;
        terminal.sees("then 130\r\n").await;

        terminal.shell.input.ping().await.unwrap();
        terminal.types("exit 7\r").await;
        assert_eq!(terminal.end().await, Ok(ShellEvent::Exited { code: 7 }));
    })
    .await;
}

#[tokio::test]
async fn fifty_megabytes_arrive_as_they_were_written() {
    on_stage(async |stage| {
        let target = stage.waiting_pod("box").await;
        let mut terminal = Terminal::ready(open(stage, &target).await.unwrap()).await;
        let last = 7_000_000;
        terminal
            .types(&format!("stty -opost -echo; echo BE''GIN; seq 1 {last} | cat; exit\r"))
            .await;
        terminal.sees("BEGIN\n").await;
        let mut came = Sha256::new();
        let mut length = 0;
        let first = terminal.rest();
        length += first.len();
        came.update(&first);
        while let ShellEvent::Output(bytes) = terminal.next().await.unwrap() {
            length += bytes.len();
            came.update(&bytes);
        }
        let mut written = Sha256::new();
        for number in 1..=last {
            written.update(format!("{number}\n"));
        }
        assert!(length > 50_000_000, "{length}");
        assert_eq!(came.finalize(), written.finalize());
    })
    .await;
}

#[tokio::test]
async fn an_image_without_a_shell_is_told_from_a_broken_stream() {
    on_stage(async |stage| {
        let target = stage.pod("ledger", json!({"image": "shorepass.local/ledger:1"})).await;
        let shell = open(stage, &target).await.unwrap();
        assert_eq!(Terminal::at(shell).end().await, Ok(ShellEvent::NoShell));
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_or_does_not_run_is_said_before_anything_is_sent() {
    on_stage(async |stage| {
        let target = stage.waiting_pod("box").await;
        let gone = open(stage, &stage.target("nowhere")).await;
        assert_eq!(gone.err(), Some(ShellTrouble::Gone));
        let other = Target { container: "sidecar".parse().unwrap(), ..target };
        assert_eq!(open(stage, &other).await.err(), Some(ShellTrouble::Gone));

        let fails = json!({"image": "shorepass.local/busybox:1", "command": ["no-such-program"]});
        stage.create_pod("broken", fails).await;
        stage
            .until(|portal| {
                let pods = portal.pods(&stage.namespace);
                let broken = pods.iter().find(|pod| pod.name.as_str() == "broken");
                broken.is_some_and(|pod| pod.containers[0].status.contains(": "))
            })
            .await;
        let trouble = open(stage, &stage.target("broken")).await.err();
        assert!(matches!(trouble, Some(ShellTrouble::NotRunning { .. })), "{trouble:?}");
    })
    .await;
}

#[tokio::test]
async fn a_12_a_role_without_a_shell_is_refused_by_the_api_server() {
    on_stage(async |stage| {
        let target = stage.waiting_pod("box").await;
        let group = format!("jit:observe:{}", stage.namespace);
        let claims = Claims { group, ..stage.claims(&target, Purpose::Use) };
        let refused = stage.portal.open_shell(&stage.order(&claims), SIZE).await.err();
        let Some(ShellTrouble::Forbidden { why }) = refused else { panic!("{refused:?}") };
        assert!(why.contains("pods/exec"), "{why}");
    })
    .await;
}

#[tokio::test]
async fn the_portal_knows_namespaces_pods_and_their_owners() {
    on_stage(async |stage| {
        stage.waiting_pod("box").await;
        assert_eq!(stage.portal.state(), ClusterState::Reachable);
        let namespaces = stage.portal.namespaces();
        let own = namespaces.iter().find(|found| found.name == stage.namespace).unwrap();
        assert_eq!(own.owner.as_deref(), Some("the tests"));
        assert_eq!(own.risk, domain::Risk::Test);
        let pods = stage.portal.pods(&stage.namespace);
        assert_eq!((pods.len(), pods[0].status.as_str()), (1, "Running"));
        assert_eq!(pods[0].workload.kind, "Pod");
    })
    .await;
}
