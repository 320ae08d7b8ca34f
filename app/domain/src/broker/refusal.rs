//! Why something is not done, in words that may be shown.

use crate::{RuleName, SessionEnd, Stamp};

/// What a person is told instead of a result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such thing, or not for this person.
    #[error("there is no such thing here, or it is not yours to see")]
    NotFound,
    /// It exists and is not allowed.
    #[error("{why}")]
    Forbidden {
        /// A sentence.
        why: String,
    },
    /// Policy denies it.
    #[error("{why}")]
    Denied {
        /// A sentence.
        why: String,
        /// The rule that says so; none where no rule allows it.
        rule: Option<RuleName>,
        /// The policy that it stands in.
        stamp: Stamp,
    },
    /// Things changed in the meantime.
    #[error("{what}")]
    Conflict {
        /// What stands there now, as a sentence.
        what: String,
    },
    /// The session is over.
    #[error("the session is over: {}", how.words())]
    Over {
        /// How it ended.
        how: SessionEnd,
    },
    /// Something in a form is wrong.
    #[error("the form has mistakes")]
    Invalid(Vec<FieldProblem>),
    /// A part that is needed does not work.
    #[error("{part} cannot be reached")]
    Unavailable {
        /// Which one.
        part: Part,
    },
}

/// What is wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's name in the form.
    pub field: &'static str,
    /// What to do, as a sentence.
    pub problem: String,
}

/// A part that can be out of order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The database, or the audit log in it.
    Store,
    /// The cluster's API server.
    Cluster,
    /// The journal of recordings.
    Recorder,
}

impl std::fmt::Display for Part {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Store => "the database",
            Self::Cluster => "the cluster",
            Self::Recorder => "the recorder",
        })
    }
}
