//! A recorder that keeps nothing and a bridge that only ends.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use broker::port::{
    Attachment, Bridge, Carried, Chunk, Deadline, Line, LiveTerminal, Mark, Outline, Recorder,
    RecorderError, RecordingHeader, Screen, Shortage, Stream, Stretch, Tape, Transcript, Viewer,
    ViewerClosed, ViewerInput, ViewerOutput,
};
use bytes::Bytes;
use domain::wire::CloseCode;
use domain::{LoginId, Sealed, SessionEnd, SessionId};
use futures::stream::BoxStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::sync::watch;

pub struct MemoryRecorder {
    works: Arc<AtomicBool>,
    /// How little room there is, if there is too little.
    pub shortage: Mutex<Option<Shortage>>,
    pub left_open: Mutex<Vec<(SessionId, Sealed)>>,
    /// How often something of a sealed recording was read.
    pub reads: AtomicUsize,
    /// Why no recording can be read.
    pub fails: Mutex<Option<RecorderError>>,
    /// What every recording shows.
    pub shows: Mutex<Vec<Line>>,
    /// About how many lines every recording shows beside those.
    pub missing: Mutex<u64>,
    /// What every recording proves to be.
    pub proves: Mutex<Result<Sealed, RecorderError>>,
    /// The digest of every recording's file, where it is archived.
    pub file: Mutex<Option<String>>,
}

impl MemoryRecorder {
    pub fn new() -> Self {
        Self {
            works: Arc::new(AtomicBool::new(true)),
            shortage: Mutex::default(),
            left_open: Mutex::default(),
            reads: AtomicUsize::default(),
            fails: Mutex::default(),
            shows: Mutex::default(),
            missing: Mutex::default(),
            proves: Mutex::new(Ok(sealed())),
            file: Mutex::default(),
        }
    }

    pub fn break_down(&self) {
        self.works.store(false, Ordering::SeqCst);
    }

    fn read<T>(&self, value: T) -> Result<T, RecorderError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.fails.lock().unwrap().clone().map_or(Ok(value), Err)
    }
}

fn sealed() -> Sealed {
    Sealed { bytes: 0, digest: "sealed".into() }
}

#[async_trait]
impl Recorder for MemoryRecorder {
    async fn begin(&self, _: &RecordingHeader) -> Result<Arc<dyn Tape>, RecorderError> {
        if self.works() {
            Ok(Arc::new(Blank(Arc::clone(&self.works))))
        } else {
            Err(RecorderError::Broken)
        }
    }

    async fn recover(&self) -> Result<Vec<(SessionId, Sealed)>, RecorderError> {
        Ok(std::mem::take(&mut *self.left_open.lock().unwrap()))
    }

    async fn asciicast(
        &self,
        _: SessionId,
    ) -> Result<BoxStream<'static, Result<Bytes, RecorderError>>, RecorderError> {
        Err(RecorderError::NotFound)
    }

    async fn outline(&self, session: SessionId) -> Result<Outline, RecorderError> {
        let began_at = jiff::Timestamp::UNIX_EPOCH;
        let header = RecordingHeader { session, began_at, size: (80, 24), title: String::new() };
        self.read(Outline { header, length_us: 9, bytes: 0, marks: vec![START] })
    }

    async fn stretch(&self, _: SessionId, _: u64) -> Result<Stretch, RecorderError> {
        let screen = Screen { offset: 0, size: (80, 24), drawing: Bytes::new() };
        self.read(Stretch { from: START, screen, events: Vec::new(), next: None })
    }

    async fn transcript(&self, _: SessionId) -> Result<Transcript, RecorderError> {
        let (lines, missing) = (self.shows.lock().unwrap().clone(), *self.missing.lock().unwrap());
        self.read(Transcript { lines, missing })
    }

    async fn prove(&self, _: SessionId) -> Result<(Sealed, Option<String>), RecorderError> {
        self.read(())?;
        let file = self.file.lock().unwrap().clone();
        self.proves.lock().unwrap().clone().map(|sealed| (sealed, file))
    }

    fn works(&self) -> bool {
        self.works.load(Ordering::SeqCst)
    }

    fn shortage(&self) -> Option<Shortage> {
        *self.shortage.lock().unwrap()
    }
}

const START: Mark = Mark { at_us: 0, offset: 0 };

/// It can be sealed while its recorder works.
struct Blank(Arc<AtomicBool>);

#[async_trait]
impl Tape for Blank {
    async fn append(&self, _: Stream, bytes: Bytes) -> Result<u64, RecorderError> {
        Ok(bytes.len() as u64)
    }

    fn durable(&self) -> watch::Receiver<u64> {
        watch::channel(0).1
    }

    async fn read(&self, offset: u64, _: usize) -> Result<Chunk, RecorderError> {
        Ok(Chunk { offset, stream: Stream::Output, bytes: Bytes::new() })
    }

    async fn screen(&self, _: u64) -> Result<Option<Screen>, RecorderError> {
        Ok(None)
    }

    async fn seal(&self) -> Result<Sealed, RecorderError> {
        if self.0.load(Ordering::SeqCst) { Ok(sealed()) } else { Err(RecorderError::Broken) }
    }
}

#[derive(Default)]
pub struct ScriptedBridge {
    pub deadlines: Mutex<Vec<Deadline>>,
    pub graces: Mutex<Vec<Duration>>,
    /// The restarts that terminals heard of.
    pub restarts: Arc<Mutex<Vec<Deadline>>>,
    prolonged: Arc<AtomicUsize>,
}

impl ScriptedBridge {
    /// How often a deadline was moved.
    pub fn prolonged(&self) -> usize {
        self.prolonged.load(Ordering::SeqCst)
    }
}

impl Bridge for ScriptedBridge {
    fn carry(&self, carried: Carried) -> Arc<dyn LiveTerminal> {
        self.deadlines.lock().unwrap().push(carried.deadline);
        self.graces.lock().unwrap().push(carried.grace);
        Arc::new(ScriptedTerminal {
            _shell: Mutex::new(carried),
            restarts: Arc::clone(&self.restarts),
            prolonged: Arc::clone(&self.prolonged),
            end: watch::Sender::new(None),
        })
    }
}

struct ScriptedTerminal {
    _shell: Mutex<Carried>,
    restarts: Arc<Mutex<Vec<Deadline>>>,
    prolonged: Arc<AtomicUsize>,
    end: watch::Sender<Option<SessionEnd>>,
}

#[async_trait]
impl LiveTerminal for ScriptedTerminal {
    async fn attach(&self, _: Attachment, _: &mut dyn Viewer) -> CloseCode {
        self.ended().await;
        CloseCode::Ended
    }

    fn end(&self, how: SessionEnd) {
        self.end.send_if_modified(|end| {
            let first = end.is_none();
            if first {
                *end = Some(how);
            }
            first
        });
    }

    fn prolong(&self, _: Deadline) {
        self.prolonged.fetch_add(1, Ordering::SeqCst);
    }

    fn announce_restart(&self, at: Deadline) {
        self.restarts.lock().unwrap().push(at);
    }

    fn sign_out(&self, _: LoginId) {}

    async fn ended(&self) -> SessionEnd {
        let mut end = self.end.subscribe();
        let how = end.wait_for(Option::is_some).await.unwrap().clone();
        how.unwrap()
    }
}

/// A browser that never says anything.
pub struct QuietViewer(Silence, Silence);

struct Silence;

impl QuietViewer {
    pub fn new() -> Self {
        Self(Silence, Silence)
    }
}

impl Viewer for QuietViewer {
    fn halves(&mut self) -> (&mut dyn ViewerInput, &mut dyn ViewerOutput) {
        (&mut self.0, &mut self.1)
    }
}

#[async_trait]
impl ViewerInput for Silence {
    async fn receive(&mut self) -> Result<Bytes, ViewerClosed> {
        std::future::pending().await
    }
}

#[async_trait]
impl ViewerOutput for Silence {
    async fn send(&mut self, _: Vec<u8>) -> Result<(), ViewerClosed> {
        Ok(())
    }

    async fn ping(&mut self) -> Result<(), ViewerClosed> {
        Ok(())
    }

    fn round_trip(&self) -> Option<Duration> {
        None
    }
}
