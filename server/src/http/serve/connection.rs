//! The connection under a request.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use rustix::net::{Shutdown, shutdown};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf, copy, sink};
use tokio::net::TcpStream;
use tokio_util::task::TaskTracker;

/// A connection that can still be got hold of while a library reads and writes it: each clone is
/// the same one, and it is closed with the last.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    stream: Arc<TcpStream>,
    /// What runs for connections, and is waited for.
    pub(crate) tasks: TaskTracker,
}

impl Connection {
    pub(super) fn new(stream: TcpStream, tasks: TaskTracker) -> Self {
        Self { stream: Arc::new(stream), tasks }
    }

    /// Makes closing it reset it: what the other side has not taken by then is thrown away, and
    /// never arrives (S-02). That holds for the end of this process, too, whatever ends it.
    pub(crate) fn resets(&self) -> io::Result<()> {
        self.stream.set_zero_linger()
    }

    /// Says that nothing follows, and waits until the other side has closed as well: whoever took
    /// everything and closed is not reset.
    pub(crate) async fn end(mut self) -> io::Result<()> {
        self.shutdown().await?;
        copy(&mut self, &mut sink()).await.map(drop)
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            ready!(self.stream.poll_read_ready(context))?;
            match self.stream.try_read_buf(buffer) {
                Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => {}
                read => return Poll::Ready(read.map(drop)),
            }
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_with(context, |stream| stream.try_write(bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_with(context, |stream| stream.try_write_vectored(slices))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(shutdown(&self.stream, Shutdown::Write).map_err(io::Error::from))
    }
}

impl Connection {
    fn poll_with(
        &self,
        context: &mut Context<'_>,
        write: impl Fn(&TcpStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.stream.poll_write_ready(context))?;
            match write(&self.stream) {
                Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => {}
                written => return Poll::Ready(written),
            }
        }
    }
}
