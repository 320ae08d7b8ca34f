//! What a viewer is told.

use std::convert::Infallible;
use std::sync::atomic::Ordering;
use std::time::Duration;

use broker::port::{Chunk, Deadline, RecorderError, Stream, ViewerOutput};
use domain::wire::{CloseCode, LARGEST_DRAWING, SPEAKS_EACH, ServerMessage, Size};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};

use super::Left;
use super::place::{Place, Progress};
use crate::roster::{Present, Seat};
use crate::session::{DELIVERY, Session};

/// How often a viewer is asked for a sign of life.
const PING: Duration = Duration::from_secs(5);
/// Who begins anew, or was left behind, gets this much output after a screen, in bytes: what can be
/// scrolled back to, and what programs may still wait for answers to.
const BACK: u64 = 1024 * 1024;
/// Who lags this far behind the shell, in bytes, …
const LAG: u64 = 4 * BACK;
/// … for this long, goes on with a screen: nobody reads that fast. A disk that held everybody up
/// for a moment gives its output all at once, and a viewer that keeps up is soon through with it.
const LAGS_FOR: Duration = Duration::from_millis(250);
/// How often a viewer that lags goes on with a screen at most: each has to be drawn first.
const SKIP: Duration = Duration::from_secs(1);

/// The server's half of a viewer.
pub(super) struct Hears<'a> {
    pub(super) session: &'a Session,
    pub(super) writer: bool,
    pub(super) seat: &'a Seat,
    pub(super) progress: &'a Progress,
    pub(super) place: Place,
    pub(super) output: &'a mut dyn ViewerOutput,
}

/// What a viewer hears of, each from where it is kept.
struct News {
    durable: watch::Receiver<u64>,
    acknowledged: watch::Receiver<u64>,
    present: watch::Receiver<Present>,
    written: watch::Receiver<u64>,
    restart: watch::Receiver<Option<Duration>>,
    size: watch::Receiver<Option<Size>>,
    deadline: watch::Receiver<Deadline>,
    pings: Interval,
    time_left: Interval,
    skips: Interval,
}

impl Hears<'_> {
    /// Tells everything until the session is over, and then the rest of what the shell wrote.
    pub(super) async fn until_the_end(mut self) -> Left {
        let mut news = self.news();
        match self.live(&mut news).await {
            Err(Left::Over) => {
                let rest = timeout(DELIVERY, self.rest(&mut news));
                rest.await.map_or(Left::Over, |Err(left)| left)
            }
            Err(left) => left,
        }
    }

    fn news(&self) -> News {
        let session = self.session;
        let (mut pings, mut skips) = (interval(PING), interval(SKIP));
        let mut time_left = interval(SPEAKS_EACH);
        time_left.reset();
        for interval in [&mut pings, &mut time_left, &mut skips] {
            interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        }
        let mut present = session.roster.follow();
        present.mark_changed();
        let (durable, acknowledged) = (session.tape.durable(), self.progress.acknowledged());
        let (written, mut restart) = (session.written.clone(), session.restart.subscribe());
        restart.mark_changed();
        let mut size = session.size.subscribe();
        size.mark_changed();
        News {
            durable,
            acknowledged,
            present,
            written,
            restart,
            size,
            deadline: session.fate.deadline(),
            pings,
            time_left,
            skips,
        }
    }

    async fn live(&mut self, news: &mut News) -> Result<Infallible, Left> {
        let session = self.session;
        let (mut others, mut known) = (Vec::new(), self.seat.accepted);
        self.welcome().await?;
        if self.place.next() == 0 {
            self.skip().await?;
        }
        loop {
            let most = self.most(news);
            let lags = self.lags(news);
            if !lags {
                news.skips.reset_after(LAGS_FOR);
            }
            tokio::select! {
                biased;
                () = session.fate.over() => return Err(Left::Over),
                Ok(()) = news.written.changed() => {
                    let number = *news.written.borrow_and_update();
                    if number > known {
                        known = number;
                        self.send(ServerMessage::Taken(number).encode()).await?;
                    }
                }
                Ok(()) = news.present.changed() => {
                    let now = news.present.borrow_and_update().others(self.seat);
                    if now != others {
                        others.clone_from(&now);
                        self.send(ServerMessage::Present(now).encode()).await?;
                    }
                }
                Ok(()) = news.size.changed(), if !self.writer => {
                    let size = *news.size.borrow_and_update();
                    if let Some(size) = size {
                        self.send(ServerMessage::Resized(size).encode()).await?;
                    }
                }
                Ok(()) = news.restart.changed() => {
                    let at = *news.restart.borrow_and_update();
                    if let Some(at) = at {
                        let left = session.fate.until_ms(at);
                        self.send(ServerMessage::Restarting(left).encode()).await?;
                    }
                }
                _ = news.pings.tick() => self.output.ping().await?,
                Ok(()) = news.deadline.changed() => {
                    self.send(ServerMessage::TimeLeft(session.fate.left_ms()).encode()).await?;
                }
                _ = news.time_left.tick() => {
                    self.send(ServerMessage::TimeLeft(session.fate.left_ms()).encode()).await?;
                }
                _ = news.skips.tick(), if lags && most > 0 => {
                    self.skip().await?;
                }
                chunk = session.tape.read(self.place.next(), most), if most > 0 => {
                    self.show(chunk).await?;
                }
                Ok(()) = news.durable.changed() => {}
                Ok(()) = news.acknowledged.changed() => {}
            }
        }
    }

    /// Sends what is durable and was not seen.
    async fn rest(&mut self, news: &mut News) -> Result<Infallible, Left> {
        loop {
            let most = self.most(news);
            if self.place.is_at(*news.durable.borrow()) {
                return Err(Left::Over);
            }
            if most > 0 && self.lags(news) && self.skip().await? {
                continue;
            }
            if most > 0 {
                let chunk = self.session.tape.read(self.place.next(), most).await;
                self.show(chunk).await?;
            } else if news.acknowledged.changed().await.is_err() {
                return Err(Left::Gone);
            }
        }
    }

    /// How much the viewer may be shown now.
    fn most(&mut self, news: &mut News) -> usize {
        self.place.acknowledge(*news.acknowledged.borrow_and_update());
        self.place.most(*news.durable.borrow_and_update(), self.output.round_trip())
    }

    /// Whether the viewer is so far behind that a screen serves it better, once it takes output.
    fn lags(&self, news: &News) -> bool {
        self.place.lag(*news.durable.borrow()) > LAG
    }

    async fn show(&mut self, chunk: Result<Chunk, RecorderError>) -> Result<(), Left> {
        let chunk = chunk.map_err(|cause| {
            let error = domain::text::causes(&cause);
            tracing::error!(error, session.id = %self.session.id, "a tape cannot be read");
            Left::Must(CloseCode::Failed)
        })?;
        self.place.show(chunk.bytes.len());
        self.showed();
        self.send(match chunk.stream {
            Stream::Error => ServerMessage::error(chunk.offset, &chunk.bytes),
            _ => ServerMessage::output(chunk.offset, &chunk.bytes),
        })
        .await
    }

    /// Notes what the viewer is about to be shown.
    fn showed(&self) {
        self.progress.sent(self.place);
        if self.writer {
            self.session.shown.fetch_max(self.place.next(), Ordering::Relaxed);
        }
    }

    /// Goes on with the screen that lies a little before the end, where there is one that is ahead.
    async fn skip(&mut self) -> Result<bool, Left> {
        let screen = match self.session.tape.screen(BACK).await {
            Ok(Some(screen)) if screen.offset > self.place.next() => screen,
            Ok(_) => return Ok(false),
            Err(cause) => {
                let (error, session) = (domain::text::causes(&cause), self.session.id);
                tracing::warn!(error, session.id = %session, "a screen cannot be drawn");
                return Ok(false);
            }
        };
        self.place.skip_to(screen.offset);
        self.showed();
        let size = Size::clamped(screen.size.0, screen.size.1);
        let mut drawing = screen.drawing;
        loop {
            let part = drawing.split_to(drawing.len().min(LARGEST_DRAWING));
            let last = drawing.is_empty();
            self.send(ServerMessage::screen(screen.offset, size, last, &part)).await?;
            if last {
                return Ok(true);
            }
        }
    }

    async fn welcome(&mut self) -> Result<(), Left> {
        let opened_ms = u32::try_from(self.session.opened_in.as_millis()).unwrap_or(u32::MAX);
        let welcome = ServerMessage::Attached {
            writer: self.writer,
            turn: self.seat.turn,
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
        Ok(self.output.send(message).await?)
    }
}
