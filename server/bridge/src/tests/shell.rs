//! A shell in memory.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use broker::port::{ShellCut, ShellEvent, ShellInput, ShellOutput};
use bytes::Bytes;
use domain::wire::Size;
use tokio::sync::{mpsc, watch};

use crate::lock;

/// What a shell does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    /// What the test says.
    Told,
    /// `yes`: it never pauses and never ends.
    Flood,
}

/// The container's end of the shell.
pub(crate) struct Pod {
    says: Option<mpsc::Sender<Result<ShellEvent, ShellCut>>>,
    pub(crate) wire: Arc<Wire>,
}

/// What arrives in the container.
#[derive(Default)]
pub(crate) struct Wire {
    typed: Mutex<Vec<u8>>,
    pub(crate) sizes: Mutex<Vec<Size>>,
    pub(crate) largest: AtomicUsize,
    pub(crate) pings: AtomicUsize,
    stuck: AtomicBool,
    broken: AtomicBool,
    input_gone: AtomicBool,
    output_gone: AtomicBool,
    changed: watch::Sender<()>,
}

impl Pod {
    pub(crate) fn new(script: Script) -> (Self, Box<dyn ShellOutput>) {
        let wire = Arc::new(Wire::default());
        let (says, told) = mpsc::channel(1_024);
        let output = TestOutput { told, script, wire: Arc::clone(&wire) };
        (Self { says: Some(says), wire }, Box::new(output))
    }

    /// The shell writes.
    pub(crate) async fn say(&self, bytes: impl Into<Bytes>) {
        self.tell(Ok(ShellEvent::Output(bytes.into()))).await;
    }

    /// Something happens to the shell.
    pub(crate) async fn tell(&self, event: Result<ShellEvent, ShellCut>) {
        self.says.as_ref().unwrap().send(event).await.unwrap();
    }

    /// What the shell was typed.
    pub(crate) fn typed(&self) -> Vec<u8> {
        lock(&self.wire.typed).clone()
    }

    /// Waits until the shell was typed this much.
    pub(crate) async fn typed_to(&self, length: usize) -> Vec<u8> {
        let mut changed = self.wire.changed.subscribe();
        while self.typed().len() < length {
            changed.changed().await.unwrap();
        }
        self.typed()
    }

    /// Makes the API server take no more input, or take it again.
    pub(crate) fn stick(&self, stuck: bool) {
        self.wire.stuck.store(stuck, Ordering::SeqCst);
        self.wire.changed.send_replace(());
    }

    /// Makes the next input fail.
    pub(crate) fn break_input(&self) {
        self.wire.broken.store(true, Ordering::SeqCst);
    }

    /// Whether both halves were dropped.
    pub(crate) fn is_reset(&self) -> bool {
        let Wire { input_gone, output_gone, .. } = self.wire.as_ref();
        input_gone.load(Ordering::SeqCst) && output_gone.load(Ordering::SeqCst)
    }
}

struct TestOutput {
    told: mpsc::Receiver<Result<ShellEvent, ShellCut>>,
    script: Script,
    wire: Arc<Wire>,
}

#[async_trait]
impl ShellOutput for TestOutput {
    async fn next(&mut self) -> Result<ShellEvent, ShellCut> {
        if self.script == Script::Flood {
            return Ok(ShellEvent::Output(Bytes::from_static(&[b'y'; 4_096])));
        }
        match self.told.recv().await {
            Some(event) => event,
            None => std::future::pending().await,
        }
    }
}

impl Drop for TestOutput {
    fn drop(&mut self) {
        self.wire.output_gone.store(true, Ordering::SeqCst);
    }
}

/// The half that is written.
pub(crate) struct TestInput(Arc<Wire>);

impl TestInput {
    pub(crate) fn of(pod: &Pod) -> Self {
        Self(Arc::clone(&pod.wire))
    }

    async fn ready(&self) -> Result<(), ShellCut> {
        let mut changed = self.0.changed.subscribe();
        while self.0.stuck.load(Ordering::SeqCst) {
            changed.changed().await.unwrap();
        }
        if self.0.broken.load(Ordering::SeqCst) {
            return Err(ShellCut { what: "broken pipe".to_owned() });
        }
        Ok(())
    }
}

#[async_trait]
impl ShellInput for TestInput {
    async fn send(&mut self, bytes: Bytes) -> Result<(), ShellCut> {
        self.ready().await?;
        self.0.largest.fetch_max(bytes.len(), Ordering::SeqCst);
        lock(&self.0.typed).extend_from_slice(&bytes);
        self.0.changed.send_replace(());
        Ok(())
    }

    async fn resize(&mut self, size: Size) -> Result<(), ShellCut> {
        self.ready().await?;
        lock(&self.0.sizes).push(size);
        Ok(())
    }

    async fn ping(&mut self) -> Result<(), ShellCut> {
        self.ready().await?;
        self.0.pings.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

impl Drop for TestInput {
    fn drop(&mut self) {
        self.0.input_gone.store(true, Ordering::SeqCst);
    }
}
