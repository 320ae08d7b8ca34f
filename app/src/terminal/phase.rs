//! Where a terminal stands, in words.

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

    /// The session is over, not only for this page.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self, Self::Ended { .. } | Self::Left { next: Next::OpenAnother, .. })
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
