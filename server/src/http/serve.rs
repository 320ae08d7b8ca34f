//! Connections.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use super::{Edge, Shared, State, routes};

/// Connections at once, terminals apart; who comes later waits in the system's own queue.
const MOST_CONNECTIONS: usize = 4_096;
/// The head of a request arrives within this time, or the connection is closed (W-06). It is also
/// how long a connection may be idle.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// The largest head of a request, in bytes.
const LARGEST_HEAD: usize = 32 * 1024;
/// Pause after a connection could not be accepted: there are no descriptors left.
const ACCEPTED_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Answers connections until `edge.stopping` is cancelled, and then until the last of them has
/// ended. How long to wait for that is the caller's to decide: the future may be dropped.
pub async fn serve(listener: TcpListener, edge: Edge) {
    let shared: Shared = Arc::new(State::from(edge));
    let (stopping, tasks) = (shared.stopping.clone(), shared.tasks.clone());
    let router = routes(shared);
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let accepting = async {
        while let Ok(permit) = Arc::clone(&room).acquire_owned().await {
            match listener.accept().await {
                Ok((stream, _)) => {
                    tasks.spawn(answer(stream, router.clone(), stopping.clone(), permit));
                }
                Err(cause) => {
                    tracing::warn!(error = &cause as &dyn std::error::Error, "not accepted");
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
    stream: TcpStream,
    router: Router,
    stopping: CancellationToken,
    _permit: OwnedSemaphorePermit,
) {
    // A key that was typed must not wait for the next one.
    let _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
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
        tracing::debug!(error = &cause as &dyn std::error::Error, "a connection broke");
    }
}
