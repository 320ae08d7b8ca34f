//! The half that is written.

use std::sync::Arc;

use async_trait::async_trait;
use broker::port::{ShellCut, ShellInput};
use bytes::{BufMut as _, Bytes, BytesMut};
use domain::wire::Size;
use futures::SinkExt as _;
use futures::stream::SplitSink;
use tokio_tungstenite::tungstenite::Message;

use super::channel::{INPUT, RESIZE, broken};
use super::pulse::Pulse;
use super::upgrade::Socket;

/// The most input in one message, in bytes: well below the bound of the write buffer.
const LARGEST_INPUT: usize = 16 * 1024;

/// What a program reads. It is never closed (v5 `CLOSE`): see `channel`.
pub(crate) struct Input {
    sink: SplitSink<Socket, Message>,
    pulse: Arc<Pulse>,
}

impl Input {
    pub(crate) fn new(sink: SplitSink<Socket, Message>, pulse: Arc<Pulse>) -> Self {
        Self { sink, pulse }
    }

    async fn say(&mut self, message: Message) -> Result<(), ShellCut> {
        self.sink.send(message).await.map_err(|cause| broken(&cause))
    }
}

#[async_trait]
impl ShellInput for Input {
    async fn send(&mut self, mut bytes: Bytes) -> Result<(), ShellCut> {
        while !bytes.is_empty() {
            let part = bytes.split_to(bytes.len().min(LARGEST_INPUT));
            let mut message = BytesMut::with_capacity(1 + part.len());
            message.put_u8(INPUT);
            message.put(part);
            self.say(Message::Binary(message.freeze())).await?;
        }
        Ok(())
    }

    async fn resize(&mut self, size: Size) -> Result<(), ShellCut> {
        let json = format!(r#"{{"Width":{},"Height":{}}}"#, size.columns, size.rows);
        let mut message = vec![RESIZE];
        message.extend_from_slice(json.as_bytes());
        self.say(Message::binary(message)).await
    }

    async fn ping(&mut self) -> Result<(), ShellCut> {
        self.pulse.ask();
        self.say(Message::Ping(Bytes::new())).await
    }
}
