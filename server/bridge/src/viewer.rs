//! Serving one viewer: what comes from it and what it is told, neither waiting for the other.

mod hears;
mod place;
mod says;

use std::time::Duration;

use broker::port::{Attachment, LETS_GO_WITHIN, Viewer, ViewerClosed, ViewerOutput};
use domain::SessionEnd;
use domain::wire::{CloseCode, ServerMessage};
use tokio::time::timeout;

use crate::session::Session;
use crate::watchdog::TICK;
use hears::Hears;
use place::{Place, Progress};
use says::Says;

/// How long a viewer may need to take the last message.
const FAREWELL: Duration = Duration::from_millis(300);
const _: () = assert!(TICK.as_millis() + FAREWELL.as_millis() <= LETS_GO_WITHIN.as_millis());

/// Serves a viewer until it goes, must go, or the session is over.
pub(crate) async fn serve(
    session: &Session,
    attachment: Attachment,
    viewer: &mut dyn Viewer,
) -> CloseCode {
    let Some((seat, mut closed)) = session.roster.join(&attachment) else {
        return CloseCode::TakenOver;
    };
    let writer = attachment.writer;
    if writer {
        session.size.send_replace(Some(attachment.size));
    }
    let offset = attachment.offset.min(*session.tape.durable().borrow());
    let (place, progress) = (Place::at(offset), Progress::at(offset));
    let (input, output) = viewer.halves();
    let says = Says { session, writer, seat: &seat, progress: &progress, input };
    let hears = Hears { session, writer, seat: &seat, progress: &progress, place, output };
    // Halves that wait for the browser are dropped here, wherever they are.
    let left = tokio::select! {
        biased;
        () = session.fate.halted() => Left::Over,
        Ok(code) = &mut closed => Left::Must(code),
        left = says.until_it_leaves() => left,
        left = hears.until_the_end() => left,
    };
    match left {
        Left::Over => farewell(session, output).await,
        Left::Must(code) => code,
        Left::Gone => CloseCode::Ended,
    }
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

async fn farewell(session: &Session, output: &mut dyn ViewerOutput) -> CloseCode {
    let how = session.fate.how().unwrap_or(&SessionEnd::PortalStopped);
    let code = CloseCode::from(how);
    // A browser that hears of a restart comes back and asks what became of the session.
    if code != CloseCode::Restarting {
        let words = ServerMessage::Ended(how.words());
        let _ = timeout(FAREWELL, output.send(words.encode())).await;
    }
    code
}
