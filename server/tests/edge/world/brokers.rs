//! The use cases behind the edge, scripted.

use std::sync::{Arc, Mutex};

use ::broker::port::{Mark, Outline, RecordingHeader, Screen, Stream, Stretch, Viewer};
use ::broker::{Change, Download, FirstMessage};
use async_trait::async_trait;
use bytes::Bytes;
use domain::broker::{Broker, Part, Refusal};
use domain::wire::{BrowserMessage, CloseCode, ServerMessage, TICKET_LENGTH};
use domain::{LoginId, Person, SessionId};
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use server::http::{Brokers, LoginEnd};
use tokio::sync::broadcast;

use super::broker::{Script, ScriptedBroker};

/// The only ticket that is good.
pub const TICKET: [u8; TICKET_LENGTH] = [7; TICKET_LENGTH];

pub struct ScriptedBrokers {
    script: Arc<Script>,
    /// What was noted, such as `ana signed in`.
    pub notes: Mutex<Vec<String>>,
    /// Nothing can be written.
    pub broken: Mutex<bool>,
    /// What open pages hear.
    pub changes: broadcast::Sender<Change>,
    /// The event numbers with which pages began to listen.
    pub listened_after: Mutex<Vec<u64>>,
}

impl ScriptedBrokers {
    pub fn new(script: Arc<Script>) -> Self {
        Self {
            script,
            notes: Mutex::default(),
            broken: Mutex::default(),
            changes: broadcast::Sender::new(8),
            listened_after: Mutex::default(),
        }
    }

    pub fn notes(&self) -> Vec<String> {
        self.notes.lock().unwrap().clone()
    }

    fn note(&self, note: String) {
        self.notes.lock().unwrap().push(note);
    }

    fn works(&self) -> Result<(), Refusal> {
        if *self.broken.lock().unwrap() {
            Err(Refusal::Unavailable { part: Part::Store })
        } else {
            Ok(())
        }
    }
}

/// Only auditors read recordings here.
fn replays(person: &Person) -> Result<(), Refusal> {
    if person.username.as_str() == "cleo" { Ok(()) } else { Err(Refusal::NotFound) }
}

#[async_trait]
impl Brokers for ScriptedBrokers {
    fn bound(&self, person: &Person, _: LoginId) -> Arc<dyn Broker> {
        Arc::new(ScriptedBroker { script: Arc::clone(&self.script), person: person.clone() })
    }

    async fn signed_in(&self, person: &Person, _: LoginId) -> Result<(), Refusal> {
        self.works()?;
        self.note(format!("{} signed in", person.username));
        Ok(())
    }

    async fn sign_in_refused(&self, why: &str) {
        self.note(format!("refused: {why}"));
    }

    async fn signed_out(&self, person: &Person, _: LoginId, how: LoginEnd) {
        self.note(format!("{}: {}", person.username, how.words()));
    }

    /// Echoes what is typed.
    async fn attach(
        &self,
        person: &Person,
        _: LoginId,
        _: SessionId,
        first: FirstMessage,
        viewer: &mut dyn Viewer,
    ) -> CloseCode {
        if first.ticket != TICKET {
            return CloseCode::NotAllowed;
        }
        self.note(format!("{} attached at {}", person.username, first.offset));
        let (input, output) = viewer.halves();
        let (mut offset, mut taken) = (first.offset, 0);
        let attached = ServerMessage::Attached {
            writer: true,
            turn: first.turn,
            offset,
            shown: offset,
            taken,
            left_ms: 60_000,
            opened_ms: 5,
        };
        if output.send(attached.encode()).await.is_err() {
            return CloseCode::Ended;
        }
        while let Ok(message) = input.receive().await {
            let Ok(BrowserMessage::Input { number, bytes, .. }) = BrowserMessage::decode(&message)
            else {
                return CloseCode::Malformed;
            };
            if bytes == b"exit" {
                return CloseCode::Ended;
            }
            taken = taken.max(number);
            if output.send(ServerMessage::output(offset, bytes)).await.is_err() {
                break;
            }
            offset += bytes.len() as u64;
        }
        self.note(format!("{} is gone", person.username));
        CloseCode::Ended
    }

    async fn recording(
        &self,
        person: &Person,
        _: LoginId,
        _: SessionId,
    ) -> Result<Download, Refusal> {
        replays(person)?;
        let lines = ["{\"version\":3}\n", "[0.1,\"o\",\"hello\"]\n"];
        let lines = stream::iter(lines.map(|line| Ok(Bytes::from_static(line.as_bytes())))).boxed();
        Ok(Download { name: "payments-web-1.cast".into(), lines })
    }

    async fn outline(
        &self,
        person: &Person,
        _: LoginId,
        session: SessionId,
    ) -> Result<Outline, Refusal> {
        replays(person)?;
        let began_at = jiff::Timestamp::UNIX_EPOCH;
        let header = RecordingHeader { session, began_at, size: (80, 24), title: String::new() };
        let marks = vec![Mark { at_us: 0, offset: 0 }, Mark { at_us: 500, offset: 5 }];
        Ok(Outline { header, length_us: 1_000, bytes: 9, marks })
    }

    async fn stretch(
        &self,
        person: &Person,
        _: LoginId,
        _: SessionId,
        at_us: u64,
    ) -> Result<Stretch, Refusal> {
        replays(person)?;
        let from = Mark { at_us, offset: 0 };
        let screen = Screen { offset: 0, size: (80, 24), drawing: Bytes::new() };
        let events = vec![(at_us, Stream::Output, Bytes::from_static(b"hello"))];
        Ok(Stretch { from, screen, events, next: None })
    }

    fn changes(&self, _: &Person, after: u64) -> BoxStream<'static, Change> {
        self.listened_after.lock().unwrap().push(after);
        let changes = self.changes.subscribe();
        stream::unfold(changes, |mut changes| async move {
            changes.recv().await.ok().map(|change| (change, changes))
        })
        .boxed()
    }

    async fn ready(&self) -> Result<(), Refusal> {
        self.works()
    }
}
