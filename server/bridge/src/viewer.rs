//! Serving one viewer.

mod place;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use broker::port::{Attachment, Viewer, ViewerClosed};
use bytes::Bytes;
use domain::wire::{BrowserMessage, CloseCode, LARGEST_FROM_BROWSER, ServerMessage, Size};
use tokio::sync::oneshot;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::roster::{Acceptance, Seat};
use crate::session::{DELIVERY, Session};
use crate::shell::Input;
use place::Place;

/// How often a viewer is told how much time is left.
const TIME_LEFT: Duration = Duration::from_secs(15);
/// How long a viewer may need to take the last message.
const FAREWELL: Duration = Duration::from_millis(500);

/// Serves a viewer until it goes, must go, or the session is over.
pub(crate) async fn serve(
    session: &Session,
    attachment: Attachment,
    viewer: &mut dyn Viewer,
) -> CloseCode {
    let (seat, closed) = session.roster.join(&attachment);
    let durable = *session.tape.durable().borrow();
    let mut audience = Audience {
        session,
        writer: attachment.writer,
        place: Place::at(attachment.offset.min(durable)),
        typed: None,
        seat,
        closed,
        viewer,
    };
    if attachment.writer {
        audience.wants(attachment.size);
    }
    let left = match audience.watch(Until::Over).await {
        Left::Over => {
            audience.typed = None;
            timeout(DELIVERY, audience.watch(Until::Seen)).await.unwrap_or(Left::Over)
        }
        left => left,
    };
    match left {
        Left::Over => audience.farewell().await,
        Left::Must(code) => code,
        Left::Gone => CloseCode::Ended,
    }
}

/// A viewer with everything that is known of it.
struct Audience<'a> {
    session: &'a Session,
    writer: bool,
    place: Place,
    /// Input that waits for room in the inbox. Meanwhile the socket is not read.
    typed: Option<(u64, Bytes)>,
    seat: Seat,
    /// Says that the viewer must go.
    closed: oneshot::Receiver<CloseCode>,
    viewer: &'a mut dyn Viewer,
}

/// How long a viewer is served.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// Until the session is over.
    Over,
    /// Until the viewer has seen everything.
    Seen,
}

/// Why a viewer is not served any more.
enum Left {
    /// The session is over.
    Over,
    /// The viewer must go.
    Must(CloseCode),
    /// It went.
    Gone,
}

impl From<ViewerClosed> for Left {
    fn from(_: ViewerClosed) -> Self {
        Self::Gone
    }
}

impl Audience<'_> {
    async fn watch(&mut self, until: Until) -> Left {
        let Err(left) = self.exchange(until).await;
        left
    }

    /// Sends and receives until one of the reasons to leave.
    async fn exchange(&mut self, until: Until) -> Result<std::convert::Infallible, Left> {
        let session = self.session;
        let mut durable = session.tape.durable();
        let (mut present, mut others) = (session.roster.follow(), Vec::new());
        let (mut written, mut known) = (session.written.clone(), self.seat.accepted);
        let mut time_left = interval(TIME_LEFT);
        time_left.reset();
        time_left.set_missed_tick_behavior(MissedTickBehavior::Skip);
        if until == Until::Over {
            self.welcome().await?;
            present.mark_changed();
        }
        loop {
            let end = *durable.borrow_and_update();
            if until == Until::Seen && self.place.is_at(end) {
                return Err(Left::Over);
            }
            let most = self.place.most(end);
            tokio::select! {
                biased;
                () = session.fate.halted() => return Err(Left::Over),
                Ok(code) = &mut self.closed => return Err(Left::Must(code)),
                () = session.fate.over(), if until == Until::Over => return Err(Left::Over),
                message = self.viewer.receive(), if self.typed.is_none() => {
                    self.read(&message?, until)?;
                }
                accepted = hand_over(session, &self.seat, self.typed.as_ref()), if self.typed.is_some() => {
                    self.accepted(accepted)?;
                }
                Ok(()) = written.changed() => {
                    let number = *written.borrow_and_update();
                    if number > known {
                        known = number;
                        self.send(ServerMessage::Taken(number).encode()).await?;
                    }
                }
                Ok(()) = present.changed() => {
                    let now = present.borrow_and_update().others(&self.seat);
                    if now != others {
                        others.clone_from(&now);
                        self.send(ServerMessage::Present(now).encode()).await?;
                    }
                }
                _ = time_left.tick() => {
                    self.send(ServerMessage::TimeLeft(session.fate.left_ms()).encode()).await?;
                }
                chunk = session.tape.read(self.place.next(), most), if most > 0 => {
                    let chunk = chunk.map_err(|cause| {
                        let error = &cause as &dyn std::error::Error;
                        tracing::error!(error, session.id = %session.id, "a tape cannot be read");
                        Left::Must(CloseCode::Restarting)
                    })?;
                    self.place.show(chunk.bytes.len());
                    if self.writer {
                        session.shown.fetch_max(self.place.next(), Ordering::Relaxed);
                    }
                    self.send(ServerMessage::output(chunk.offset, &chunk.bytes)).await?;
                }
                Ok(()) = durable.changed() => {}
            }
        }
    }

    async fn welcome(&mut self) -> Result<(), Left> {
        let opened_ms = u32::try_from(self.session.opened_in.as_millis()).unwrap_or(u32::MAX);
        let welcome = ServerMessage::Attached {
            writer: self.writer,
            offset: self.place.next(),
            shown: self.session.shown.load(Ordering::Relaxed),
            taken: self.seat.accepted,
            left_ms: self.session.fate.left_ms(),
            opened_ms,
        };
        self.send(welcome.encode()).await
    }

    /// Sends a message, unless no byte may pass any more.
    async fn send(&mut self, message: Vec<u8>) -> Result<(), Left> {
        if self.session.fate.is_halted() {
            return Err(Left::Over);
        }
        tokio::select! {
            biased;
            () = self.session.fate.halted() => Err(Left::Over),
            Ok(code) = &mut self.closed => Err(Left::Must(code)),
            sent = self.viewer.send(message) => sent.map_err(Left::from),
        }
    }

    /// Takes a message of the browser.
    fn read(&mut self, message: &Bytes, until: Until) -> Result<(), Left> {
        let malformed = Left::Must(CloseCode::Malformed);
        if message.len() > LARGEST_FROM_BROWSER {
            return Err(malformed);
        }
        match BrowserMessage::decode(message) {
            Ok(BrowserMessage::Input { number, bytes, .. }) if self.writer => {
                if until == Until::Over {
                    self.typed = Some((number, message.slice_ref(bytes)));
                }
            }
            // The emulator of somebody who looks on answers queries by itself (T-01).
            Ok(BrowserMessage::Input { answered: true, .. }) => {}
            Ok(BrowserMessage::Resize(size)) => self.wants(size),
            Ok(BrowserMessage::Acknowledge(offset)) if self.place.acknowledge(offset) => {}
            _ => return Err(malformed),
        }
        Ok(())
    }

    /// The viewer's terminal has this size.
    fn wants(&self, size: Size) {
        if self.writer {
            self.session.size.send_replace(Some(size));
        }
    }

    fn accepted(&mut self, acceptance: Acceptance) -> Result<(), Left> {
        self.typed = None;
        match acceptance {
            Acceptance::Accepted | Acceptance::Known => Ok(()),
            Acceptance::Refused => Err(Left::Must(CloseCode::Malformed)),
        }
    }

    async fn farewell(self) -> CloseCode {
        let (words, code) = self.session.fate.last_words();
        let _ = timeout(FAREWELL, self.viewer.send(ServerMessage::Ended(words).encode())).await;
        code
    }
}

/// Hands input over to the session once there is room for it.
async fn hand_over(session: &Session, seat: &Seat, typed: Option<&(u64, Bytes)>) -> Acceptance {
    let Some((number, bytes)) = typed else { return std::future::pending().await };
    let weight = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let room = Arc::clone(&session.room).acquire_many_owned(weight).await;
    match (room, session.inbox.reserve().await) {
        (Ok(room), Ok(place)) if !session.fate.is_halted() => {
            seat.accept(Input { number: *number, bytes: bytes.clone(), _room: room }, place)
        }
        // The session is over, which the viewer is told in another way.
        _ => std::future::pending().await,
    }
}
