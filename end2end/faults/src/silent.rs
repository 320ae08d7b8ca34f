//! A browser that stops taking what comes, in the middle of a flood.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use tokio::io::{AsyncReadExt as _, ErrorKind};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::guarded::{Ending, Guarded};
use crate::kernel::{FarEnd, came};
use crate::{eventually, since_boot};

/// How much a browser here has room for, in bytes: less than the portal may send without an answer.
const ROOM: u32 = 16 * 1024;
/// So much of the flood is taken, in bytes.
const TAKEN: usize = 64 * 1024;
/// How long it may take until nothing moves any more.
const FILLS_WITHIN: Duration = Duration::from_secs(2);
/// How long what has come may take to be read.
const READ_WITHIN: Duration = Duration::from_secs(10);

/// A session whose browser takes nothing any more.
pub struct Silent<'a> {
    ending: Ending<'a>,
    stream: TcpStream,
    portal: FarEnd,
}

/// What came of it.
pub struct Held<'a> {
    /// The session's end.
    pub ending: Ending<'a>,
    /// Bytes that had come when the browser took something again.
    pub came: u64,
    /// Bytes that the portal's kernel still held for it then.
    pub queued: u64,
    /// Bytes that it took in all.
    pub taken: u64,
    /// Whether the connection was reset.
    pub reset: bool,
}

/// A connection with little room at this end.
///
/// # Errors
/// When nothing is at the address.
pub async fn narrow(address: SocketAddr) -> anyhow::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(ROOM)?;
    Ok(socket.connect(address).await?)
}

impl<'a> Guarded<'a> {
    /// Begins a flood at a point in time, takes some of it, and then nothing any more. Returns when
    /// the portal's kernel holds what does not come.
    ///
    /// # Errors
    /// When the session ends before, or there is no flood.
    pub async fn falls_silent(self, at: Duration) -> anyhow::Result<Silent<'a>> {
        let enough = |ending: &Ending<'_>| ending.output_since(at) > TAKEN;
        let (ending, terminal) = self.follow(Some(at), enough).await?;
        let stream = terminal.context("the session ended before")?.into_stream();
        let portal = FarEnd::of(&stream)?;
        eventually("a full connection", FILLS_WITHIN, async || {
            let full = u64::from(ROOM) / 2;
            Ok((came(&stream)? > 0 && portal.queued()? > full).then_some(()))
        })
        .await?;
        ensure!(since_boot() < ending.deadline, "the machine was too slow");
        Ok(Silent { ending, stream, portal })
    }
}

impl<'a> Silent<'a> {
    /// Takes what comes, to the end.
    ///
    /// # Errors
    /// When there is none.
    pub async fn takes_again(mut self) -> anyhow::Result<Held<'a>> {
        let (came, queued) = (came(&self.stream)?, self.portal.queued()?);
        let (mut taken, mut buffer) = (0, vec![0; 64 * 1024]);
        let reading = async {
            loop {
                match self.stream.read(&mut buffer).await {
                    Ok(0) => return anyhow::Ok(false),
                    Ok(read) => taken += read as u64,
                    Err(cause) if cause.kind() == ErrorKind::ConnectionReset => return Ok(true),
                    Err(cause) => return Err(cause.into()),
                }
            }
        };
        let reset = timeout(READ_WITHIN, reading).await.context("the connection stays open")??;
        Ok(Held { ending: self.ending, came, queued, taken, reset })
    }
}
