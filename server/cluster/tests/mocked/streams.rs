//! Streams, from the other end.

use std::io::ErrorKind;
use std::time::Duration;

use broker::port::{Shell, ShellEvent};
use bytes::Bytes;
use domain::LeftBehind;
use futures::{SinkExt as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::server::Exec;
use super::stage::{PATIENCE, Stage, on_stage};

type Kubelet = WebSocketStream<TokioIo<Upgraded>>;

async fn other_end(stage: &mut Stage) -> TokioIo<Upgraded> {
    TokioIo::new(timeout(PATIENCE, stage.server.streams.recv()).await.unwrap().unwrap())
}

async fn opened(stage: &mut Stage) -> (Shell, Kubelet) {
    let shell = stage.open().await.unwrap();
    let socket = other_end(stage).await;
    (shell, WebSocketStream::from_raw_socket(socket, Role::Server, None).await)
}

async fn hears(kubelet: &mut Kubelet) -> Message {
    timeout(PATIENCE, kubelet.next()).await.unwrap().unwrap().unwrap()
}

async fn next(shell: &mut Shell) -> Result<ShellEvent, String> {
    let next = timeout(PATIENCE, shell.output.next()).await.expect("an event");
    next.map_err(|cut| cut.what)
}

#[tokio::test]
async fn a_stream_begins_with_the_size_and_carries_bytes_both_ways() {
    on_stage(Exec::Speaks("v4.channel.k8s.io"), async |stage| {
        let (mut shell, mut kubelet) = opened(stage).await;
        assert_eq!(shell.protocol, "v4.channel.k8s.io");
        assert_eq!(
            hears(&mut kubelet).await,
            Message::binary(&b"\x04{\"Width\":80,\"Height\":24}"[..])
        );
        // Empty frames are skipped, whoever they are from.
        kubelet.send(Message::binary(&b"\x01"[..])).await.unwrap();
        kubelet.send(Message::binary(&b"\x01hello"[..])).await.unwrap();
        assert_eq!(next(&mut shell).await, Ok(ShellEvent::Output(Bytes::from_static(b"hello"))));

        shell.input.send(Bytes::from_static(b"ls\r")).await.unwrap();
        assert_eq!(hears(&mut kubelet).await, Message::binary(&b"\x00ls\r"[..]));
        shell.input.send(Bytes::from(vec![b'x'; 40_000])).await.unwrap();
        let mut length = 0;
        while length < 40_000 {
            let part = hears(&mut kubelet).await.into_data();
            assert!(part.len() <= 16 * 1024 + 1);
            length += part.len() - 1;
        }
        let status = br#"{"status":"Success"}"#;
        kubelet.send(Message::binary([&[3][..], status].concat())).await.unwrap();
        assert_eq!(next(&mut shell).await, Ok(ShellEvent::Exited { code: 0 }));
    })
    .await;
}

#[tokio::test]
async fn s_08_a_stream_that_ends_without_a_status_is_cut() {
    on_stage(Exec::Opens, async |stage| {
        let (mut shell, mut kubelet) = opened(stage).await;
        kubelet.send(Message::binary(&b"\x01bye"[..])).await.unwrap();
        kubelet.close(None).await.unwrap();
        assert_eq!(next(&mut shell).await, Ok(ShellEvent::Output(Bytes::from_static(b"bye"))));
        let cut = next(&mut shell).await.unwrap_err();
        assert_eq!(cut, "the stream ended without saying how the program did");

        let (mut shell, kubelet) = opened(stage).await;
        drop(kubelet);
        next(&mut shell).await.unwrap_err();
    })
    .await;
}

#[tokio::test]
async fn s_08_garbage_in_a_stream_is_a_cut() {
    let large = vec![1; 2 * 1024 * 1024];
    for garbage in [
        Message::binary(&b"\x03not json"[..]),
        Message::binary(&b"\x07what"[..]),
        Message::binary(Bytes::new()),
        Message::text("hello"),
        Message::binary(large),
    ] {
        on_stage(Exec::Opens, async |stage| {
            let (mut shell, mut kubelet) = opened(stage).await;
            let sending = async move {
                // The other side may hang up in the middle.
                let _ = kubelet.send(garbage).await;
                kubelet
            };
            let (cut, _kubelet) = tokio::join!(next(&mut shell), sending);
            cut.unwrap_err();
        })
        .await;
    }
    on_stage(Exec::Opens, async |stage| {
        let mut shell = stage.open().await.unwrap();
        let mut raw = other_end(stage).await;
        raw.write_all(&[0xff; 64]).await.unwrap();
        next(&mut shell).await.unwrap_err();
    })
    .await;
}

#[tokio::test]
async fn s_03_dropping_a_shell_resets_the_connection_and_what_is_queued_is_lost() {
    on_stage(Exec::Opens, async |stage| {
        let mut shell = stage.open().await.unwrap();
        let mut kubelet = other_end(stage).await;
        // Nobody reads there, so keystrokes queue up until no more fit.
        let keys = Bytes::from(vec![b'k'; 16 * 1024]);
        let mut queued = 0;
        while let Ok(sent) =
            timeout(Duration::from_millis(300), shell.input.send(keys.clone())).await
        {
            sent.unwrap();
            queued += keys.len();
            assert!(queued < 100 * 1024 * 1024, "the queue has a bound");
        }
        drop(shell);
        let mut arrived = Vec::new();
        let end = timeout(PATIENCE, kubelet.read_to_end(&mut arrived)).await.unwrap();
        assert_eq!(end.unwrap_err().kind(), ErrorKind::ConnectionReset);
        assert!(arrived.len() < queued, "{} of {queued} arrived", arrived.len());
    })
    .await;
}

#[tokio::test]
async fn a_peer_that_answers_no_ping_is_dead_after_30_seconds() {
    on_stage(Exec::Opens, async |stage| {
        let (mut shell, mut kubelet) = opened(stage).await;
        shell.input.ping().await.unwrap();
        stage.clock.forward(Duration::from_secs(29));
        let waiting = timeout(Duration::from_millis(100), shell.output.next()).await;
        assert!(waiting.is_err(), "one second is left");

        // What has arrived counts, however late it is looked at.
        kubelet.send(Message::binary(&b"\x01here"[..])).await.unwrap();
        kubelet.flush().await.unwrap();
        stage.clock.forward(Duration::from_mins(1));
        assert_eq!(next(&mut shell).await, Ok(ShellEvent::Output(Bytes::from_static(b"here"))));

        shell.input.ping().await.unwrap();
        stage.clock.forward(Duration::from_secs(30));
        let cut = next(&mut shell).await.unwrap_err();
        assert_eq!(cut, "it gave no sign of life for too long");
    })
    .await;
}

#[tokio::test]
async fn pings_are_answered_and_a_pong_is_a_sign_of_life() {
    on_stage(Exec::Opens, async |stage| {
        let (mut shell, mut kubelet) = opened(stage).await;
        hears(&mut kubelet).await;
        kubelet.send(Message::Ping(Bytes::from_static(b"you?"))).await.unwrap();
        shell.input.ping().await.unwrap();
        let reading = tokio::spawn(async move { (next(&mut shell).await, shell) });
        let mut ponged = false;
        let mut pinged = false;
        while !(ponged && pinged) {
            match hears(&mut kubelet).await {
                Message::Pong(bytes) => ponged = bytes == b"you?"[..],
                Message::Ping(_) => pinged = true,
                other => panic!("{other:?}"),
            }
        }
        kubelet.flush().await.unwrap();
        kubelet.send(Message::binary(&b"\x01on"[..])).await.unwrap();
        let (event, mut shell) = timeout(PATIENCE, reading).await.unwrap().unwrap();
        assert_eq!(event, Ok(ShellEvent::Output(Bytes::from_static(b"on"))));
        stage.clock.forward(Duration::from_mins(1));
        let waiting = timeout(Duration::from_millis(100), shell.output.next()).await;
        assert!(waiting.is_err(), "no ping is unanswered");
    })
    .await;
}

#[tokio::test]
async fn a_clean_up_believes_only_what_was_said_to_the_end() {
    for (said, left) in [
        (vec!["\x01shorepass-left=0\n", "\x03{\"status\":\"Success\"}"], LeftBehind::Nothing),
        (
            vec!["\x01shorepass-", "\x01left=2\n", "\x03{\"status\":\"Success\"}"],
            LeftBehind::Processes { count: 2 },
        ),
        (vec!["\x01shorepass-left=0\n"], LeftBehind::Unknown),
        (vec!["\x03{\"status\":\"Success\"}"], LeftBehind::Unknown),
        (
            vec!["\x03{\"status\":\"Failure\",\"message\":\"container not found (\\\"web\\\")\"}"],
            LeftBehind::Nothing,
        ),
    ] {
        on_stage(Exec::Opens, async |stage| {
            let mut streams =
                std::mem::replace(&mut stage.server.streams, tokio::sync::mpsc::channel(1).1);
            let kubelet = async {
                let socket = TokioIo::new(streams.recv().await.unwrap());
                let mut kubelet =
                    WebSocketStream::from_raw_socket(socket, Role::Server, None).await;
                for message in said {
                    kubelet.send(Message::binary(message.as_bytes().to_vec())).await.unwrap();
                }
            };
            let (found, ()) = tokio::join!(stage.end_processes(), kubelet);
            assert_eq!(found, left);
        })
        .await;
    }
}

#[tokio::test]
async fn a_clean_up_never_hangs() {
    on_stage(Exec::Opens, async |stage| {
        let order = stage.order(broker::signed::Purpose::CleanUp);
        let mut ending = broker::port::Cluster::end_processes(&stage.portal, &order);
        while stage.execs() == 0 {
            assert!(timeout(Duration::from_millis(1), &mut ending).await.is_err());
        }
        tokio::time::pause();
        assert_eq!(ending.await, LeftBehind::Unknown);
    })
    .await;
    on_stage(Exec::Says(404, String::new()), async |stage| {
        assert_eq!(stage.end_processes().await, LeftBehind::Nothing);
    })
    .await;
}
