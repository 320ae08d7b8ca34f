//! Who is signed in, and for how long.
//!
//! A browser holds a random key in a cookie; what it stands for is kept on the server. The library's
//! own layer is left aside: it would write back what it read at the beginning of a request, over a
//! re-check made in the meantime, and its removal of a `__Host-` cookie is ignored by browsers.

mod actor;
mod attempt;
pub(super) mod cookie;
mod guard;
mod logins;
mod openid;
mod provider;
mod record;
mod turns;

pub(crate) use actor::Actor;
pub(crate) use attempt::{Attempt, Attempts};
pub(crate) use guard::{Guard, News};
pub(crate) use logins::{Logins, NotLookedUp};
pub use provider::{RecheckRefused, Rechecked, Secret, SignIn, SignInTrouble, SignedIn};
pub(crate) use record::{Key, Login, Records, StoreAway};

use axum::http::HeaderMap;

/// How a sign-in came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginEnd {
    /// The person signed out.
    SignedOut,
    /// The person signed in anew in the same browser.
    Replaced,
    /// There was no sign of life for too long.
    Idle,
    /// It lasted as long as any may.
    TooLong,
    /// The provider no longer vouches for the person (O-21).
    Gone,
    /// The provider could not be asked for too long.
    Unchecked,
}

impl LoginEnd {
    /// A sentence for the audit log.
    pub fn words(self) -> &'static str {
        match self {
            Self::SignedOut => "signed out",
            Self::Replaced => "signed in anew in the same browser",
            Self::Idle => "there was no sign of life for too long",
            Self::TooLong => "the sign-in lasted as long as any may",
            Self::Gone => "the identity provider no longer vouches for the person",
            Self::Unchecked => "the identity provider could not be asked about the person",
        }
    }
}

/// Whether a request is a sign of life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// A person did something.
    Active,
    /// A page refreshed itself.
    Background,
}

impl Presence {
    /// Pages say so when they fetch something by themselves; that must not keep a sign-in alive.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let by_itself = ["shorepass-refresh", "sec-purpose"];
        if by_itself.iter().any(|name| headers.contains_key(*name)) {
            Self::Background
        } else {
            Self::Active
        }
    }
}
