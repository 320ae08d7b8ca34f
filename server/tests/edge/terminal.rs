//! The socket of a terminal.

use std::time::Duration;

use axum::http::{Method, StatusCode, header};
use domain::wire::{LARGEST_FROM_BROWSER, ServerMessage};
use futures::{SinkExt as _, StreamExt as _};
use rustix::io::ioctl_fionread;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpSocket;
use tokio_tungstenite::tungstenite::{self, Message};

use crate::world::brokers::TICKET;
use crate::world::data::SESSION;
use crate::world::provider::Word;
use crate::world::socket::{attach, closed, open, open_over, said, served, typed};
use crate::world::{IDLE, ORIGIN, RECHECK, World};

#[tokio::test]
async fn a_terminal_attaches_types_and_ends() {
    let world = World::new();
    let at = served(&world).await;
    let browser = world.signed_in("ana").await;
    let mut socket = open(at, &browser).await.unwrap();
    socket.send(attach(TICKET)).await.unwrap();
    assert!(matches!(said(&mut socket).await, ServerMessage::Attached { turn: 7, offset: 3, .. }));
    socket.send(typed(1, b"echo")).await.unwrap();
    let output = ServerMessage::Output { offset: 3, bytes: b"echo".to_vec() };
    assert_eq!(said(&mut socket).await, output);
    socket.send(typed(2, b"exit")).await.unwrap();
    assert_eq!(closed(&mut socket).await, 1000);
}

#[tokio::test]
async fn w_03_a_ticket_that_is_not_good_opens_nothing() {
    let world = World::new();
    let at = served(&world).await;
    let browser = world.signed_in("ana").await;
    let mut socket = open(at, &browser).await.unwrap();
    socket.send(attach([8; 32])).await.unwrap();
    assert_eq!(closed(&mut socket).await, 4403);
}

#[tokio::test]
async fn w_08_whatever_comes_before_the_ticket_closes_the_socket() {
    let world = World::new();
    let at = served(&world).await;
    let browser = world.signed_in("ana").await;
    for first in [
        typed(1, b"ls"),
        Message::text("attach"),
        Message::binary(vec![]),
        Message::binary(vec![99]),
        Message::binary(vec![17, 0, 0]),
    ] {
        let mut socket = open(at, &browser).await.unwrap();
        socket.send(first).await.unwrap();
        assert_eq!(closed(&mut socket).await, 4400);
    }
    assert_eq!(world.brokers.notes(), ["ana signed in"], "nobody attached");
}

#[tokio::test]
async fn w_05_a_message_that_is_too_large_ends_the_socket() {
    let world = World::new();
    let at = served(&world).await;
    let browser = world.signed_in("ana").await;
    let mut socket = open(at, &browser).await.unwrap();
    socket.send(attach(TICKET)).await.unwrap();
    said(&mut socket).await;
    let _ = socket.send(Message::binary(vec![0; LARGEST_FROM_BROWSER + 1])).await;
    while let Some(Ok(message)) = socket.next().await {
        assert!(!message.is_binary(), "nothing is echoed");
    }
    assert_eq!(world.brokers.notes()[1..], ["ana attached at 3", "ana is gone"]);
}

#[tokio::test]
async fn w_06_unfinished_handshakes_are_bounded_and_end() {
    let world = World::new();
    let at = served(&world).await;
    let browser = world.signed_in("ana").await;
    let mut waiting = Vec::new();
    for _ in 0..16 {
        waiting.push(open(at, &browser).await.unwrap());
    }
    match open(at, &browser).await {
        Err(tungstenite::Error::Http(response)) => {
            assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        }
        other => panic!("{other:?}"),
    }
    let other = world.signed_in("ben").await;
    open(at, &other).await.expect("somebody else has room");
    tokio::time::pause();
    for mut socket in waiting {
        assert_eq!(closed(&mut socket).await, 4403, "10 s are over");
    }
    tokio::time::resume();
    open(at, &browser).await.expect("there is room again");
}

#[tokio::test]
async fn o_17_signing_out_closes_sockets_at_every_stage() {
    let world = World::new();
    let at = served(&world).await;
    let mut browser = world.signed_in("ana").await;
    let mut waiting = open(at, &browser).await.unwrap();
    let mut attached = open(at, &browser).await.unwrap();
    attached.send(attach(TICKET)).await.unwrap();
    said(&mut attached).await;
    browser.post("/sign-out", &[]).await;
    let within = Duration::from_secs(1);
    let code = tokio::time::timeout(within, closed(&mut waiting)).await.expect("within 1 s");
    assert_eq!(code, 4401);
    let code = tokio::time::timeout(within, closed(&mut attached)).await.expect("within 1 s");
    assert_eq!(code, 4401);
}

#[tokio::test]
async fn s_02_what_a_browser_has_not_taken_when_it_must_go_never_arrives() {
    let world = World::new();
    let at = served(&world).await;
    let mut browser = world.signed_in("ana").await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    let mut socket = open_over(socket.connect(at).await.unwrap(), &browser).await.unwrap();
    socket.send(attach(TICKET)).await.unwrap();
    said(&mut socket).await;
    let echoed = vec![b'x'; 16 * 1024];
    for number in 1..=16 {
        socket.send(typed(number, &echoed)).await.unwrap();
    }
    // It takes nothing from here on, and is told nothing of its end.
    let mut stream = socket.into_inner();
    browser.post("/sign-out", &[]).await;
    let reset = async {
        while stream.take_error().unwrap().is_none() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(1), reset).await.expect("it is reset within 1 s");
    let came = ioctl_fionread(&stream).unwrap();
    let mut taken = Vec::new();
    // That it was reset was told already, so this may be an end like any other.
    let _ = stream.read_to_end(&mut taken).await;
    assert_eq!(taken.len() as u64, came, "more came than had come before");
    assert!(taken.len() < 16 * echoed.len(), "nothing was left to throw away");
}

#[tokio::test]
async fn sockets_hear_that_the_portal_stops() {
    let world = World::new();
    let at = served(&world).await;
    let browser = world.signed_in("ana").await;
    let mut socket = open(at, &browser).await.unwrap();
    socket.send(attach(TICKET)).await.unwrap();
    said(&mut socket).await;
    world.stopping.cancel();
    assert_eq!(closed(&mut socket).await, 1012);
}

#[tokio::test]
async fn an_address_for_sockets_is_no_page() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let request = browser
        .request(Method::GET, &format!("/sessions/{SESSION}/terminal"))
        .header(header::ORIGIN, ORIGIN)
        .body(axum::body::Body::empty())
        .unwrap();
    assert!(browser.send(request).await.status.is_client_error());
}

#[tokio::test]
async fn typing_is_a_sign_of_life_and_looking_on_is_none() {
    for (message, lives) in
        [(typed(1, b"ls"), true), (Message::Pong(tungstenite::Bytes::new()), false)]
    {
        let world = World::new();
        let at = served(&world).await;
        let mut browser = world.signed_in("ana").await;
        let mut socket = open(at, &browser).await.unwrap();
        socket.send(attach(TICKET)).await.unwrap();
        said(&mut socket).await;
        for _ in 0..3 {
            world.clock.advance(IDLE.mul_f32(0.45));
            socket.send(message.clone()).await.unwrap();
            // The sign-in is looked at every 15 s.
            if lives {
                said(&mut socket).await;
            }
            tokio::time::pause();
            tokio::time::advance(Duration::from_secs(16)).await;
            tokio::time::resume();
            settle().await;
        }
        assert_eq!(browser.is_signed_in().await, lives);
    }
}

#[tokio::test]
async fn o_15_whoever_looks_on_must_still_be_allowed_to_and_whose_it_is_goes_on() {
    for name in ["ana", "ben"] {
        let world = World::new();
        let at = served(&world).await;
        let browser = world.signed_in(name).await;
        let mut socket = open(at, &browser).await.unwrap();
        socket.send(attach(TICKET)).await.unwrap();
        said(&mut socket).await;
        world.provider.says(Word::NoGroups);
        world.clock.advance(RECHECK);
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(16)).await;
        tokio::time::resume();
        if name == "ben" {
            assert_eq!(closed(&mut socket).await, 4403);
            continue;
        }
        settle().await;
        socket.send(typed(1, b"still")).await.unwrap();
        let output = ServerMessage::Output { offset: 3, bytes: b"still".to_vec() };
        assert_eq!(said(&mut socket).await, output);
    }
}

/// Lets everything that can run on this thread run.
async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}
