//! Connections: how they begin, and how they end with the portal.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::time::Duration;

use futures::SinkExt as _;
use server::http::{Site, router, serve, serve_at_most};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::world::brokers::TICKET;
use crate::world::socket::{attach, closed, open, said};
use crate::world::{HOST, World};

/// Another replica of the world's portal, with real connections.
async fn replica(world: &World) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (address, tokio::spawn(serve(listener, router(world.edge()), world.stopping.clone())))
}

async fn answered(at: SocketAddr, head: &str) -> String {
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // A connection that is reset was ended, too.
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

#[tokio::test]
async fn a_request_over_a_connection_is_answered() {
    let world = World::new();
    let (at, _serving) = replica(&world).await;
    let head = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = answered(at, head).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.ends_with("\r\n\r\nok\n"), "{answer}");
}

#[tokio::test]
async fn w_06_a_head_that_never_ends_is_not_waited_for() {
    let world = World::new();
    let (at, _serving) = replica(&world).await;
    tokio::time::pause();
    assert!(!answered(at, "GET / HTTP/1.1\r\nHost: por").await.contains("200"));
}

#[tokio::test]
async fn w_05_a_head_that_is_too_large_is_refused() {
    let world = World::new();
    let (at, _serving) = replica(&world).await;
    let head = format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(400_000));
    let answer = answered(at, &head).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn w_06_whoever_asks_and_never_reads_makes_room_for_others() {
    // More than the system keeps for somebody who does not read.
    const LARGE: usize = 32 * 1024 * 1024;
    let world = World::new();
    let mut edge = world.edge();
    edge.site = Site::of([("assets/large.txt".to_owned(), Cow::Owned(vec![b'x'; LARGE]))]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(serve_at_most(1, listener, router(edge), world.stopping.clone()));
    let mut silent = TcpStream::connect(at).await.unwrap();
    let head = format!("GET /assets/large.txt HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    silent.write_all(head.as_bytes()).await.unwrap();
    let mut began = [0; 15];
    silent.peek(&mut began).await.unwrap();
    assert_eq!(&began, b"HTTP/1.1 200 OK");

    tokio::time::pause();
    let head = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let next = tokio::time::timeout(Duration::from_mins(1), answered(at, head)).await;
    assert!(next.expect("room for another").starts_with("HTTP/1.1 200 OK"));
    let mut taken = Vec::new();
    let _ = silent.read_to_end(&mut taken).await;
    assert!(taken.len() < LARGE, "{}", taken.len());
}

#[tokio::test]
async fn the_portal_stops_when_every_terminal_has_heard_of_it() {
    let world = World::new();
    let (at, serving) = replica(&world).await;
    let browser = world.signed_in("ana").await;
    let mut socket = open(at, &browser).await.unwrap();
    socket.send(attach(TICKET)).await.unwrap();
    said(&mut socket).await;
    world.stopping.cancel();
    assert_eq!(closed(&mut socket).await, 1012);
    serving.await.unwrap();
    assert!(TcpStream::connect(at).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn o_17_a_sign_out_on_another_replica_closes_the_socket() {
    let world = World::new();
    let (at, _serving) = replica(&world).await;
    let mut browser = world.signed_in("ana").await;
    let mut socket = open(at, &browser).await.unwrap();
    socket.send(attach(TICKET)).await.unwrap();
    said(&mut socket).await;
    browser.post("/sign-out", &[]).await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(15)).await;
    assert_eq!(closed(&mut socket).await, 4401);
}
