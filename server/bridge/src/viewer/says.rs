//! What comes from a viewer.

use std::sync::Arc;

use broker::port::ViewerInput;
use bytes::Bytes;
use domain::wire::{BrowserMessage, CloseCode, LARGEST_FROM_BROWSER};

use super::Left;
use super::place::Progress;
use crate::roster::{Acceptance, Seat};
use crate::session::Session;
use crate::shell::Input;

/// The browser's half of a viewer.
pub(super) struct Says<'a> {
    pub(super) session: &'a Session,
    pub(super) writer: bool,
    pub(super) seat: &'a Seat,
    pub(super) progress: &'a Progress,
    pub(super) input: &'a mut dyn ViewerInput,
}

impl Says<'_> {
    /// Reads until the browser is gone or says what it must not.
    pub(super) async fn until_it_leaves(mut self) -> Left {
        loop {
            let read = match self.input.receive().await {
                Ok(message) => self.read(&message).await,
                Err(gone) => Err(gone.into()),
            };
            if let Err(left) = read {
                return left;
            }
        }
    }

    async fn read(&mut self, message: &Bytes) -> Result<(), Left> {
        let malformed = Left::Must(CloseCode::Malformed);
        if message.len() > LARGEST_FROM_BROWSER {
            return Err(malformed);
        }
        match BrowserMessage::decode(message) {
            Ok(BrowserMessage::Input { number, bytes, .. }) if self.writer => {
                self.types(number, message.slice_ref(bytes)).await
            }
            // The emulator of somebody who looks on answers queries by itself (T-01).
            Ok(BrowserMessage::Input { answered: true, .. }) => Ok(()),
            Ok(BrowserMessage::Resize(size)) => {
                if self.writer {
                    self.session.size.send_replace(Some(size));
                }
                Ok(())
            }
            Ok(BrowserMessage::Acknowledge(offset)) if self.progress.acknowledge(offset) => Ok(()),
            _ => Err(malformed),
        }
    }

    /// Hands input over to the session. While there is no room for it the socket is not read; once
    /// the session is over nobody takes it.
    async fn types(&mut self, number: u64, bytes: Bytes) -> Result<(), Left> {
        tokio::select! {
            biased;
            () = self.session.fate.over() => Ok(()),
            acceptance = self.hand_over(number, bytes) => match acceptance {
                Acceptance::Accepted | Acceptance::Known => Ok(()),
                Acceptance::Refused => Err(Left::Must(CloseCode::Malformed)),
            },
        }
    }

    async fn hand_over(&mut self, number: u64, bytes: Bytes) -> Acceptance {
        let session = self.session;
        let weight = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let room = Arc::clone(&session.room).acquire_many_owned(weight).await;
        match (room, session.inbox.reserve().await) {
            (Ok(room), Ok(place)) if !session.fate.is_halted() => {
                self.seat.accept(Input { number, bytes, _room: room }, place)
            }
            // The session is over, which the viewer is told in another way.
            _ => std::future::pending().await,
        }
    }
}
