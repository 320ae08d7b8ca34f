//! Keeps a terminal joined to its session.
//!
//! A socket begins with an attach that says which output is wanted next; input is numbered. So a
//! socket may be lost at any byte: the next one goes on exactly there, in both directions.

mod contact;
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
use domain::wire::{Participant, Size, TICKET_LENGTH};
use futures::future::Abortable;
use leptos::ev;
use leptos::prelude::{set_interval, window_event_listener};
use leptos::task::spawn_local;

use super::emulator::{Emulator, Events};
use super::phase::{Next, Phase};
use crate::api::{TicketRefused, terminal_ticket};
use contact::{Contact, Question};
use intake::Intake;
use outbox::Outbox;
use retry::{Closed, Meanwhile, Retry};
use socket::Socket;
use timer::Timer;
pub(crate) use timer::now;

/// How often the page looks whether its contact is lost. Browsers delay the timers of hidden pages,
/// by a minute at most, and none of what arrives.
const LOOK_EACH: Duration = Duration::from_secs(2);

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
    /// A screen stands for output that this page will not be sent.
    fn skipped(&self);
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
    contact: Contact,
    /// When something was heard last, or the contact became what it is, in time since the page
    /// began.
    heard: Duration,
}

impl State {
    fn enter(&mut self, contact: Contact) {
        self.contact = contact;
        self.heard = now();
    }
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
        let (looks, hurries) = (link.clone(), link.clone());
        set_interval(move || looks.look(), LOOK_EACH);
        window_event_listener(ev::online, move |_| hurries.hurry());
        Ok(link)
    }

    /// The screen, for what is not the session's.
    pub(crate) fn screen(&self) -> &Emulator {
        &self.emulator
    }

    /// Attaches again, after this page stopped following.
    pub(crate) fn join(self: &Rc<Self>) {
        let (question, registration) = Question::new();
        self.state.borrow_mut().enter(Contact::Joining { _question: question });
        let link = self.clone();
        spawn_local(async move {
            let asking = Abortable::new(terminal_ticket(link.session), registration);
            let Ok(ticket) = asking.await else { return };
            match ticket {
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
            Ok(socket) => self.state.borrow_mut().enter(Contact::Opening(socket)),
            Err(_) => self.again(),
        }
    }

    fn closed(self: &Rc<Self>, code: u16) {
        let closed = self.state.borrow_mut().retry.closed(code);
        match closed {
            Closed::Again => self.again(),
            Closed::Over => self.stop(Phase::Ended { why: "the session is over".to_owned() }),
            Closed::TimeIsUp => {
                self.stop(Phase::Ended { why: "the granted time is over".to_owned() });
            }
            Closed::SignedOut => self.signed_out(),
            Closed::Elsewhere => self.taken_over(),
            Closed::Refused => self.stop(Phase::Left {
                why: "the server does not let this page attach".to_owned(),
                next: Next::Reload,
            }),
        }
    }

    fn taken_over(&self) {
        let dropped = self.state.borrow_mut().outbox.give_up();
        self.stop(Phase::Left {
            why: "used in another window now".to_owned(),
            next: Next::TakeBack,
        });
        if dropped {
            self.watch.refused("What you typed here last may not have reached the shell.");
        }
    }

    /// Tries another way where the one that is there leads nowhere.
    fn look(self: &Rc<Self>) {
        let lost = {
            let state = self.state.borrow();
            state.contact.is_lost_after(now().saturating_sub(state.heard))
        };
        if lost {
            self.again();
        }
    }

    /// The network is back.
    fn hurry(self: &Rc<Self>) {
        let sought = {
            let mut state = self.state.borrow_mut();
            state.retry.hurry();
            state.contact.is_sought()
        };
        if sought {
            self.join();
        }
    }

    fn signed_out(&self) {
        self.stop(Phase::Left { why: "you are signed out".to_owned(), next: Next::SignIn });
    }

    /// Attaches again, after a pause, where the last socket stopped.
    fn again(self: &Rc<Self>) {
        let link = self.clone();
        let meanwhile = {
            let mut state = self.state.borrow_mut();
            let pause = state.retry.pause(now(), js_sys::Math::random());
            let until = Timer::after(pause, move || link.join());
            state.enter(Contact::Pausing { _until: until });
            state.retry.meanwhile
        };
        self.watch.phase(match meanwhile {
            Meanwhile::Reconnecting => Phase::Reconnecting,
            Meanwhile::Restarting => Phase::Restarting,
        });
    }

    fn stop(&self, phase: Phase) {
        self.state.borrow_mut().enter(Contact::Over);
        self.emulator.set_writable(false);
        self.watch.phase(phase);
    }
}
