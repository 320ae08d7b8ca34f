//! What a closed socket means, and when to try again.

use std::time::Duration;

use domain::wire::CloseCode;

/// The first pause; each later one is twice as long, up to [`LONGEST`].
const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(5);
/// Refused this often in a row, it is not the network.
const REFUSALS: u32 = 3;

/// What to do after a socket was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    /// Attach again, with a new ticket.
    Again,
    /// The session is over.
    Over,
    /// The granted time is over.
    TimeIsUp,
    /// Nobody is signed in any more.
    SignedOut,
    /// The terminal is used in another window.
    Elsewhere,
    /// The server does not want this page.
    Refused,
}

/// What a page that is not attached waits for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meanwhile {
    /// The network.
    #[default]
    Reconnecting,
    /// The server, which said that it is being restarted: then it tells what became of the session.
    Restarting,
}

/// What happened since a socket was attached last.
#[derive(Debug, Default)]
pub(crate) struct Retry {
    /// When that one was lost, in time since the page began.
    lost_at: Option<Duration>,
    pub(crate) meanwhile: Meanwhile,
    tries: u32,
    refusals: u32,
}

impl Retry {
    /// Reads the code with which a socket was closed.
    pub(crate) fn closed(&mut self, code: u16) -> Closed {
        let is = |known: CloseCode| code == known as u16;
        if is(CloseCode::Ended) {
            Closed::Over
        } else if is(CloseCode::Restarting) {
            self.meanwhile = Meanwhile::Restarting;
            Closed::Again
        } else if is(CloseCode::TimeIsUp) {
            Closed::TimeIsUp
        } else if is(CloseCode::SignedOut) {
            Closed::SignedOut
        } else if is(CloseCode::TakenOver) {
            Closed::Elsewhere
        } else if is(CloseCode::NotAllowed) || is(CloseCode::Malformed) {
            self.refusals += 1;
            if self.refusals < REFUSALS { Closed::Again } else { Closed::Refused }
        } else {
            Closed::Again
        }
    }

    /// The pause before the next try; `chance` from 0 to 1 spreads many browsers.
    pub(crate) fn pause(&mut self, now: Duration, chance: f64) -> Duration {
        self.lost_at.get_or_insert(now);
        let pause = FIRST.saturating_mul(1 << self.tries.min(8)).min(LONGEST);
        self.tries += 1;
        pause.mul_f64(0.75 + chance.clamp(0.0, 1.0) / 2.0)
    }

    /// How long nothing has been attached.
    pub(crate) fn lasts(&self, now: Duration) -> Duration {
        self.lost_at.map_or(Duration::ZERO, |lost| now.saturating_sub(lost))
    }

    /// The network is back: pauses begin anew.
    pub(crate) fn hurry(&mut self) {
        self.tries = 0;
    }

    /// A socket is attached: all is well.
    pub(crate) fn attached(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit_and_begin_anew_after_success() {
        let mut retry = Retry::default();
        let pauses: Vec<_> =
            (0..7).map(|at| retry.pause(Duration::from_secs(at), 0.5).as_millis()).collect();
        assert_eq!(pauses, [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
        assert_eq!(retry.lasts(Duration::from_secs(9)), Duration::from_secs(9), "since the first");
        retry.attached();
        assert_eq!(retry.lasts(Duration::from_secs(9)), Duration::ZERO);
        assert_eq!(retry.pause(Duration::ZERO, 0.0).as_millis(), 187);
    }

    #[test]
    fn with_the_network_pauses_are_short_again_and_the_loss_is_not_forgotten() {
        let mut retry = Retry::default();
        for at in 0..7 {
            retry.pause(Duration::from_secs(at), 0.5);
        }
        retry.hurry();
        assert_eq!(retry.pause(Duration::from_secs(9), 0.5), FIRST);
        assert_eq!(retry.lasts(Duration::from_secs(9)), Duration::from_secs(9));
    }

    #[test]
    fn each_close_code_is_understood() {
        for (code, closed) in [
            (1000, Closed::Over),
            (1006, Closed::Again),
            (1011, Closed::Again),
            (1012, Closed::Again),
            (4401, Closed::SignedOut),
            (4408, Closed::TimeIsUp),
            (4409, Closed::Elsewhere),
        ] {
            assert_eq!(Retry::default().closed(code), closed, "{code}");
        }
    }

    #[test]
    fn a_restart_is_waited_for_until_a_socket_is_attached() {
        let mut retry = Retry::default();
        retry.closed(1012);
        retry.closed(1006);
        assert_eq!(retry.meanwhile, Meanwhile::Restarting);
        retry.attached();
        assert_eq!(retry.meanwhile, Meanwhile::Reconnecting);
    }

    #[test]
    fn a_page_that_is_refused_again_and_again_gives_up() {
        let mut retry = Retry::default();
        let seen: Vec<_> = (0..3).map(|_| retry.closed(4403)).collect();
        assert_eq!(seen, [Closed::Again, Closed::Again, Closed::Refused]);
    }
}
