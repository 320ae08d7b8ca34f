//! Connections.

mod connection;
mod write_timeout;

pub(crate) use connection::Connection;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use self::write_timeout::WriteTimeout;

/// Connections at once, terminals apart; who comes later waits in the system's own queue.
const MOST_CONNECTIONS: usize = 4_096;
/// The head of a request arrives within this time, or the connection is closed (W-06). It is also
/// how long a connection may be idle.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// What is sent is taken within this time, a part of it each time, or the connection is closed
/// (W-06). Terminals wait no longer for their browsers.
const TAKEN_WITHIN: Duration = Duration::from_secs(30);
/// The largest head of a request, in bytes.
const LARGEST_HEAD: usize = 32 * 1024;
/// Pause after a connection could not be accepted: there are no descriptors left.
const ACCEPTED_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Answers connections until the token of the router's edge is cancelled, and then until the last
/// of them has ended. How long to wait for that is the caller's to decide: the future may be dropped.
pub async fn serve(listener: TcpListener, router: Router, stopping: CancellationToken) {
    serve_at_most(MOST_CONNECTIONS, listener, router, stopping).await;
}

/// The same with room for so many connections.
pub async fn serve_at_most(
    most: usize,
    listener: TcpListener,
    router: Router,
    stopping: CancellationToken,
) {
    let tasks = TaskTracker::new();
    let room = Arc::new(Semaphore::new(most));
    let accepting = async {
        while let Ok(permit) = Arc::clone(&room).acquire_owned().await {
            match listener.accept().await {
                Ok((stream, _)) => {
                    // A key that was typed must not wait for the next one.
                    let _ = stream.set_nodelay(true);
                    let connection = Connection::new(stream, tasks.clone());
                    tasks.spawn(answer(connection, router.clone(), stopping.clone(), permit));
                }
                Err(cause) => {
                    tracing::warn!(error = %domain::text::causes(&cause), "not accepted");
                    tokio::time::sleep(ACCEPTED_AGAIN_AFTER).await;
                }
            }
        }
    };
    stopping.run_until_cancelled(accepting).await;
    tasks.close();
    tasks.wait().await;
}

async fn answer(
    connection: Connection,
    router: Router,
    stopping: CancellationToken,
    _permit: OwnedSemaphorePermit,
) {
    let held = connection.clone();
    let router = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(held.clone());
        request
    });
    let stream = TokioIo::new(WriteTimeout::new(connection, TAKEN_WITHIN));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(stream, TowerToHyperService::new(router))
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(cause) = ended {
        tracing::debug!(error = %domain::text::causes(&cause), "a connection broke");
    }
}
