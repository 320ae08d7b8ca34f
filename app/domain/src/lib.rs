//! What Shorepass is about, without IO, clock, async runtime, cluster or database.
//!
//! The way through: a [`Person`] asks for a role in a [`Place`]; [`policy::Policy::decide`] rules;
//! a [`Request`] collects approvals until it becomes a [`Grant`]; a [`Session`] runs under a grant;
//! each step is an [`Event`]. The pages reach all of it through the [`broker::Broker`].
//!
//! Time is an argument everywhere. A new noun gets a file here, a table in `store`, a use case in
//! `broker` and a page in `app`.

pub mod broker;
pub mod document;
pub mod duration;
mod event;
mod grant;
mod id;
mod name;
mod person;
pub mod policy;
pub mod rbac;
mod request;
mod review;
mod scope;
mod session;
mod target;
#[cfg(test)]
mod testing;
pub mod text;
pub mod wire;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

pub use event::{Event, Fact, FactKind, Stamp};
pub use grant::{Grant, GrantEnd, GrantRefusal, GrantState, Unclaimed, kubernetes_group};
pub use id::{EventId, GrantId, LoginId, RequestId, SessionId};
pub use name::{
    BadName, ClusterName, CommandName, ContainerName, GroupName, Namespace, PodName, RoleName,
    RuleName, Username,
};
pub use person::{Person, PersonKey};
pub use request::{
    Approval, Change, Extension, GlassReview, Narrowing, Request, RequestDigest, RequestRefusal,
    RequestState, Signer, UNDO,
};
pub use review::Review;
pub use scope::{Scope, Workload};
pub use session::{LeftBehind, Sealed, Session, SessionEnd, SessionState};
pub use target::{Action, Place, Risk, Target};

/// The instant this long after another; the end of time where there is none.
pub fn later(from: Timestamp, length: Duration) -> Timestamp {
    SignedDuration::try_from(length)
        .ok()
        .and_then(|length| from.checked_add(length).ok())
        .unwrap_or(Timestamp::MAX)
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
