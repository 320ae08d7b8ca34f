//! A browser's socket joins a session.

use domain::wire::{CloseCode, ServerMessage, Size, TICKET_LENGTH};
use domain::{Fact, LoginId, Person, SessionEnd, SessionId};

use super::running::{Run, Stage};
use crate::Portal;
use crate::port::{Attachment, Viewer};
use crate::portal::About;

impl Portal {
    /// Serves one socket to its end. The ticket must be this person's, of this sign-in, for this
    /// session, unused and young (W-03).
    pub async fn attach(
        &self,
        person: &Person,
        login: LoginId,
        session: SessionId,
        first: FirstMessage,
        viewer: &mut dyn Viewer,
    ) -> CloseCode {
        let admission = self.tickets.take(&first.ticket, self.clock.since_boot());
        let Some(admission) = admission.filter(|admission| {
            admission.session == session
                && admission.person == person.key
                && admission.login == login
        }) else {
            return CloseCode::NotAllowed;
        };
        let Some(run) = self.running.get(session) else {
            return CloseCode::Ended;
        };
        if !admission.writer && self.watched(person, &run).await.is_err() {
            return CloseCode::NotAllowed;
        }
        if admission.writer {
            run.begin(first.size);
        }
        let mut stage = run.stage();
        let terminal = loop {
            let now = stage.borrow_and_update().clone();
            match now {
                Stage::Live(terminal) => break terminal,
                Stage::Ended(how) => return told(&how, viewer).await,
                Stage::Waiting | Stage::Opening(_) => {}
            }
            if stage.changed().await.is_err() {
                return CloseCode::Ended;
            }
        };
        let attachment = Attachment {
            name: person.username.to_string(),
            login,
            writer: admission.writer,
            turn: first.turn,
            offset: first.offset,
            size: first.size,
        };
        terminal.attach(attachment, viewer).await
    }

    /// Closes what was opened under a sign-in that is over (O-17).
    pub fn sign_out(&self, login: LoginId) {
        self.running.sign_out(login);
    }

    async fn watched(&self, person: &Person, run: &Run) -> Result<(), domain::broker::Refusal> {
        let about =
            About { session: Some(run.session), ..About::grant(&run.under().borrow().grant) };
        self.write(self.event(Some(person), &about, Fact::Watched)).await
    }
}

/// What the first message of a socket brought.
#[derive(Debug, Clone, Copy)]
pub struct FirstMessage {
    /// The output wanted next.
    pub offset: u64,
    /// The turn at typing that goes on; 0 for a new one.
    pub turn: u64,
    /// The terminal's size.
    pub size: Size,
    /// The ticket's secret.
    pub ticket: [u8; TICKET_LENGTH],
}

async fn told(how: &SessionEnd, viewer: &mut dyn Viewer) -> CloseCode {
    let code = CloseCode::from(how);
    if code != CloseCode::Restarting {
        // The socket closes either way.
        let _ = viewer.halves().1.send(ServerMessage::Ended(how.words()).encode()).await;
    }
    code
}
