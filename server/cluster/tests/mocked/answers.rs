//! Answers other than a stream.

use std::sync::atomic::Ordering;

use broker::port::{Cluster as _, ShellTrouble};
use broker::signed::Purpose;

use super::server::Exec;
use super::stage::{SIZE, on_stage};

async fn trouble(exec: Exec) -> ShellTrouble {
    let mut trouble = None;
    on_stage(exec, async |stage| {
        trouble = stage.open().await.err();
        assert_eq!(stage.execs(), 1, "it is asked exactly once");
    })
    .await;
    trouble.expect("no shell opens")
}

fn unreachable(trouble: &ShellTrouble) -> &str {
    match trouble {
        ShellTrouble::Unreachable { why } => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn s_08_a_redirect_is_never_followed() {
    on_stage(Exec::Opens, async |elsewhere| {
        let address = elsewhere.server.address;
        let path = "/api/v1/namespaces/payments/pods/web-1/exec";
        let trouble = trouble(Exec::Redirects(format!("http://{address}{path}"))).await;
        assert!(unreachable(&trouble).contains("redirect"), "{trouble}");
        assert_eq!(elsewhere.execs(), 0);
    })
    .await;
}

#[tokio::test]
async fn s_08_an_answer_without_end_is_not_read_to_its_end() {
    on_stage(Exec::NeverEnds, async |stage| {
        let trouble = stage.open().await.err().unwrap();
        assert_eq!(unreachable(&trouble), "it answered 500");
        // What was given and not read lies in the sockets' buffers.
        let given = stage.server.script.given.load(Ordering::Relaxed);
        assert!((1..32 * 1024 * 1024).contains(&given), "{given}");
    })
    .await;
}

#[tokio::test]
async fn s_08_a_200_is_no_stream() {
    let trouble = trouble(Exec::Says(200, "welcome".to_owned())).await;
    assert_eq!(unreachable(&trouble), "it answered 200 and opened no stream");
}

#[tokio::test]
async fn s_08_a_stream_that_was_not_agreed_on_is_not_used() {
    for exec in [
        Exec::Speaks("channel.k8s.io"),
        Exec::Speaks("base64.channel.k8s.io"),
        Exec::Speaks(""),
        Exec::ForgetsTheKey,
    ] {
        unreachable(&trouble(exec).await);
    }
}

#[tokio::test]
async fn s_08_an_api_server_that_does_not_answer_is_not_waited_for() {
    on_stage(Exec::IsSilent, async |stage| {
        let order = stage.order(Purpose::Use);
        let mut opening = stage.portal.open_shell(&order, SIZE);
        while stage.execs() == 0 {
            let step = std::time::Duration::from_millis(1);
            assert!(tokio::time::timeout(step, &mut opening).await.is_err());
        }
        tokio::time::pause();
        let trouble = opening.await.err().unwrap();
        assert_eq!(unreachable(&trouble), "no answer within 10 s");
    })
    .await;
}

#[tokio::test]
async fn t_06_a_refusal_is_bounded_and_holds_nothing_unseen() {
    let message = format!("no \\u001b[2J{}", "way ".repeat(1_000));
    let body = format!(r#"{{"kind":"Status","message":"{message}"}}"#);
    let ShellTrouble::Forbidden { why } = trouble(Exec::Says(403, body)).await else {
        panic!("not a refusal")
    };
    assert!(why.starts_with("no [2Jway way"), "{why}");
    assert!(why.chars().count() <= 301 && !why.contains('\u{1b}'), "{why}");
}

#[tokio::test]
async fn refusals_become_plain_words() {
    let says = |status, message: &str| {
        let body = format!(r#"{{"kind":"Status","message":"{message}"}}"#);
        trouble(Exec::Says(status, body))
    };
    assert_eq!(says(404, "pods not found").await, ShellTrouble::Gone);
    let container = says(400, "container x is not valid for pod web-1").await;
    assert_eq!(container, ShellTrouble::Gone);
    let policy = says(422, "the session was granted for another pod").await;
    let why = "the session was granted for another pod".to_owned();
    assert_eq!(policy, ShellTrouble::Forbidden { why });
    let why = "it gave no reason".to_owned();
    assert_eq!(trouble(Exec::Says(403, String::new())).await, ShellTrouble::Forbidden { why });
}

#[tokio::test]
async fn a_12_an_order_for_something_else_reaches_no_cluster() {
    on_stage(Exec::Opens, async |stage| {
        let order = stage.order(Purpose::CleanUp);
        let refused = stage.portal.open_shell(&order, SIZE).await.err();
        assert_eq!(refused, Some(ShellTrouble::NotGranted));
        let order = stage.order(Purpose::Use);
        let left = stage.portal.end_processes(&order).await;
        assert_eq!(left, domain::LeftBehind::Unknown);
        assert_eq!(stage.execs(), 0);
    })
    .await;
}
