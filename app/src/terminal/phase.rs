//! Where a terminal stands, in words.

use std::time::Duration;

use domain::duration;
use domain::wire::Participant;

/// Where a terminal stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Phase {
    /// On its way to the first prompt.
    Connecting,
    /// Attached.
    Ready {
        /// How long the shell took to open, in milliseconds.
        opened_ms: u32,
    },
    /// The socket was lost; the session goes on.
    Reconnecting,
    /// The portal is being restarted, and the session ended.
    Restarting,
    /// The session is over.
    Ended {
        /// Why, as the server said it.
        why: String,
    },
    /// This page does not follow it any more; the session may go on.
    Left {
        /// Why.
        why: String,
        /// What helps.
        next: Next,
    },
}

/// What helps a page that stopped following its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Open the page again.
    Reload,
    /// Use the terminal in this window again.
    TakeBack,
    /// Sign in again.
    SignIn,
    /// Open another shell under the same grant.
    OpenAnother,
}

impl Phase {
    /// The word for style sheets and tests.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Ready { .. } => "ready",
            Self::Reconnecting => "reconnecting",
            Self::Restarting => "restarting",
            Self::Ended { .. } => "ended",
            Self::Left { .. } => "left",
        }
    }

    /// What people read.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Connecting => "connecting".to_owned(),
            Self::Ready { opened_ms } => format!("ready in {opened_ms} ms"),
            Self::Reconnecting => "reconnecting, the session goes on".to_owned(),
            Self::Restarting => "the portal is being restarted".to_owned(),
            Self::Ended { why } => format!("ended: {why}"),
            Self::Left { why, .. } => why.clone(),
        }
    }

    /// Nothing will follow.
    pub(crate) fn is_final(&self) -> bool {
        matches!(self, Self::Ended { .. } | Self::Left { .. })
    }
}

impl Next {
    /// What the link says.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Reload => "Try again",
            Self::TakeBack => "Use it here",
            Self::SignIn => "Sign in",
            Self::OpenAnother => "Open another",
        }
    }
}

/// People are told when this much time is left.
const WARNINGS: [Duration; 3] =
    [Duration::from_mins(10), Duration::from_mins(5), Duration::from_mins(1)];

/// What to say when the time left went from one length to another; none where nothing is new.
pub(crate) fn warning(before: Duration, now: Duration) -> Option<String> {
    let crossed = WARNINGS.into_iter().rfind(|mark| *mark < before && now <= *mark)?;
    Some(format!("{} left", duration::words(crossed)))
}

/// `12 min left`; seconds only in the last two minutes, so that nothing moves all the time.
pub(crate) fn left(left: Duration) -> String {
    let whole = match left.as_secs() {
        0..=120 => Duration::from_secs(left.as_secs()),
        more => Duration::from_mins(more.div_ceil(60)),
    };
    format!("{} left", duration::words(whole))
}

/// What to say when the portal is about to be restarted.
pub(crate) fn restarting(left: Duration) -> String {
    let left = duration::words(Duration::from_secs(left.as_secs()));
    format!("The portal restarts, this terminal ends in {left}")
}

/// `with ana (types), ben`; none where nobody else is there.
pub(crate) fn others(people: &[Participant]) -> Option<String> {
    let name = |person: &Participant| {
        if person.types { format!("{} (types)", person.name) } else { person.name.clone() }
    };
    let names: Vec<_> = people.iter().map(name).collect();
    (!names.is_empty()).then(|| format!("with {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_is_said_in_seconds_only_at_the_end() {
        for (seconds, said) in
            [(702, "12 min left"), (3_600, "1 h left"), (119, "1 min 59 s left"), (0, "0 s left")]
        {
            assert_eq!(left(Duration::from_secs(seconds)), said);
        }
    }

    #[test]
    fn it_is_said_who_types() {
        let person = |name: &str, types| Participant { name: name.to_owned(), types };
        assert_eq!(others(&[]), None);
        let both = [person("ana", true), person("ben", false)];
        assert_eq!(others(&both).as_deref(), Some("with ana (types), ben"));
    }

    #[test]
    fn a_restart_is_announced_in_words() {
        let said = "The portal restarts, this terminal ends in 30 s";
        assert_eq!(restarting(Duration::from_secs(30)), said);
    }

    #[test]
    fn people_are_warned_once_at_each_mark() {
        let at = Duration::from_secs;
        assert_eq!(warning(at(601), at(600)), Some("10 min left".to_owned()));
        assert_eq!(warning(at(600), at(599)), None);
        assert_eq!(warning(at(900), at(30)), Some("1 min left".to_owned()));
    }
}
