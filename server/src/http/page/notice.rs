//! What was just done, said once on the next page.
//!
//! A word in a short-lived cookie stands for it, never the sentence itself: whoever could plant a
//! cookie cannot make the portal say anything else.

use axum::http::{HeaderMap, HeaderValue};

use crate::http::login::cookie;

const COOKIE: &str = "__Host-shorepass-notice";
const SECONDS: i64 = 60;

/// Something that was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    Sent,
    Changed,
    Commented,
    GlassReviewed,
    Withdrawn,
    Reminded,
    Approved,
    TakenBack,
    Denied,
    AccessEnded,
    SessionEnded,
    Reviewed,
    SignedOut,
}

impl Notice {
    const ALL: [(Self, &'static str, &'static str); 13] = [
        (Self::Sent, "sent", "Your request was sent."),
        (Self::Changed, "changed", "Your request was changed."),
        (Self::Commented, "commented", "Your comment was sent."),
        (Self::GlassReviewed, "glass-reviewed", "You reviewed that the glass was broken."),
        (Self::Withdrawn, "withdrawn", "Your request was withdrawn."),
        (Self::Reminded, "reminded", "Those who decide were reminded."),
        (Self::Approved, "approved", "You approved the request."),
        (Self::TakenBack, "taken-back", "You took your approval back."),
        (Self::Denied, "denied", "You denied the request."),
        (Self::AccessEnded, "access-ended", "The access was ended."),
        (Self::SessionEnded, "session-ended", "The session was ended."),
        (Self::Reviewed, "reviewed", "You marked the recording as reviewed."),
        (Self::SignedOut, "signed-out", "You are signed out."),
    ];

    /// The cookie that carries it to the next page.
    pub(crate) fn set(self) -> HeaderValue {
        let word = Self::ALL.iter().find(|(notice, ..)| *notice == self);
        cookie::set(COOKIE, word.map_or("", |(_, word, _)| word), Some(SECONDS))
    }

    /// The cookie that takes it back.
    pub(super) fn unset() -> HeaderValue {
        cookie::set(COOKIE, "", Some(0))
    }

    /// The sentence for the word that a request carries.
    pub(super) fn sentence(headers: &HeaderMap) -> Option<&'static str> {
        let carried = cookie::read(headers, COOKIE)?;
        Self::ALL.iter().find(|(_, word, _)| *word == carried).map(|(.., sentence)| *sentence)
    }
}
