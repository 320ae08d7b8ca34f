//! Keeps a terminal joined to its session.
//!
//! A socket begins with an attach that says which output is wanted next; input is numbered. So a
//! socket may be lost at any byte: the next one goes on exactly there, in both directions.

mod intake;
mod outbox;
mod retry;
mod socket;
mod timer;
mod traffic;

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use domain::SessionId;
use domain::wire::{BrowserMessage, Participant, Size, TICKET_LENGTH};
use leptos::task::spawn_local;

use super::emulator::{Emulator, Events};
use super::phase::{Next, Phase};
use crate::api::{TicketRefused, terminal_ticket};
use intake::Intake;
use outbox::Outbox;
use retry::{Closed, Retry};
use socket::Socket;
use timer::Timer;
pub(crate) use timer::now;

/// What the pane is told.
pub(crate) trait Watch {
    /// The terminal stands elsewhere now.
    fn phase(&self, phase: Phase);
    /// Whether this page may type.
    fn writer(&self, writer: bool);
    /// Until the session must end.
    fn left(&self, left: Duration);
    /// Who else is attached.
    fn present(&self, people: Vec<Participant>);
    /// The portal is about to be restarted, and the session ends then.
    fn restarting(&self, left: Duration);
    /// Something was not done, as a sentence.
    fn refused(&self, what: &'static str);
}

/// A terminal's way to its session.
pub(crate) struct Link<W> {
    session: SessionId,
    emulator: Emulator,
    watch: W,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    intake: Intake,
    outbox: Outbox,
    retry: Retry,
    /// What arrived of a screen whose last part did not.
    drawing: Vec<u8>,
    socket: Option<Socket>,
    /// The socket was accepted as the writer's.
    writer: bool,
    attached: bool,
    /// When the last socket was lost, in time since the page began.
    lost_at: Option<Duration>,
    meanwhile: Meanwhile,
    /// Nothing will follow.
    over: bool,
    acknowledge: Option<Timer>,
    again: Option<Timer>,
}

/// What a page without a socket waits for.
#[derive(Default)]
enum Meanwhile {
    /// The network.
    #[default]
    Reconnecting,
    /// The server, which said that it is being restarted.
    Restarting,
}

impl<W: Watch + 'static> Link<W> {
    /// Opens a screen in `host` and joins it to a session for as long as the page lives.
    pub(crate) fn begin(
        session: SessionId,
        host: &web_sys::HtmlElement,
        watch: W,
    ) -> Result<Rc<Self>, wasm_bindgen::JsValue> {
        let cell: Rc<OnceCell<Rc<Self>>> = Rc::default();
        let [typed, parsed, resized] = std::array::from_fn(|_| cell.clone());
        let events = Events::new(
            move |bytes, answered| {
                if let Some(link) = typed.get() {
                    link.typed(&bytes, answered);
                }
            },
            move |end| {
                if let Some(link) = parsed.get() {
                    link.parsed(end);
                }
            },
            move |columns, rows| {
                if let Some(link) = resized.get() {
                    link.resized(Size::clamped(columns, rows));
                }
            },
        );
        let emulator = Emulator::new(host, events)?;
        let link = Rc::new(Self { session, emulator, watch, state: RefCell::default() });
        cell.get_or_init(|| link.clone()).join();
        Ok(link)
    }

    /// The screen, for what is not the session's.
    pub(crate) fn screen(&self) -> &Emulator {
        &self.emulator
    }

    /// Attaches again, after this page stopped following.
    pub(crate) fn join(self: &Rc<Self>) {
        self.state.borrow_mut().over = false;
        let link = self.clone();
        spawn_local(async move {
            match terminal_ticket(link.session).await {
                Ok(ticket) => link.open(ticket.secret),
                Err(TicketRefused::NotNow) => link.again(),
                Err(TicketRefused::Never(why)) => {
                    link.stop(Phase::Left { why, next: Next::Reload });
                }
                Err(TicketRefused::Over(why)) => link.stop(Phase::Ended { why }),
                Err(TicketRefused::Lost) => link.stop(Phase::Left {
                    why: "the shell was lost when the server stopped".to_owned(),
                    next: Next::OpenAnother,
                }),
                Err(TicketRefused::SignedOut) => link.signed_out(),
            }
        });
    }

    fn open(self: &Rc<Self>, ticket: [u8; TICKET_LENGTH]) {
        let (opened, received, closed) = (self.clone(), self.clone(), self.clone());
        let socket = Socket::open(
            self.session,
            move || opened.attach(ticket),
            move |message| received.received(&message),
            move |code| closed.closed(code),
        );
        match socket {
            Ok(socket) => self.state.borrow_mut().socket = Some(socket),
            Err(_) => self.again(),
        }
    }

    fn closed(self: &Rc<Self>, code: u16) {
        if self.state.borrow().over {
            return;
        }
        let closed = self.state.borrow_mut().retry.closed(code);
        match closed {
            Closed::Again => self.again(),
            Closed::Restarting => {
                self.state.borrow_mut().meanwhile = Meanwhile::Restarting;
                self.again();
            }
            Closed::Over => self.stop(Phase::Ended { why: "the session is over".to_owned() }),
            Closed::TimeIsUp => {
                self.stop(Phase::Ended { why: "the granted time is over".to_owned() });
            }
            Closed::SignedOut => self.signed_out(),
            Closed::Elsewhere => self.stop(Phase::Left {
                why: "used in another window now".to_owned(),
                next: Next::TakeBack,
            }),
            Closed::Refused => self.stop(Phase::Left {
                why: "the server does not let this page attach".to_owned(),
                next: Next::Reload,
            }),
        }
    }

    fn signed_out(&self) {
        self.stop(Phase::Left { why: "you are signed out".to_owned(), next: Next::SignIn });
    }

    /// Attaches again, after a pause, where the last socket stopped.
    fn again(self: &Rc<Self>) {
        let (pause, phase) = {
            let mut state = self.state.borrow_mut();
            if state.over {
                return;
            }
            state.detach();
            state.lost_at = state.lost_at.or(Some(now()));
            let phase = match state.meanwhile {
                Meanwhile::Reconnecting => Phase::Reconnecting,
                Meanwhile::Restarting => Phase::Restarting,
            };
            (state.retry.pause(js_sys::Math::random()), phase)
        };
        self.watch.phase(phase);
        let link = self.clone();
        let timer = Timer::after(pause, move || link.join());
        self.state.borrow_mut().again = timer;
    }

    fn stop(&self, phase: Phase) {
        {
            let mut state = self.state.borrow_mut();
            state.over = true;
            state.detach();
        }
        self.emulator.set_writable(false);
        self.watch.phase(phase);
    }
}

impl State {
    fn send(&self, message: &BrowserMessage<'_>) {
        self.send_encoded(&message.encode());
    }

    fn send_encoded(&self, message: &[u8]) {
        if let Some(socket) = &self.socket {
            socket.send(message);
        }
    }

    fn detach(&mut self) {
        self.socket = None;
        self.attached = false;
        self.acknowledge = None;
    }
}
