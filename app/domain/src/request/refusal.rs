//! Why a step of a request cannot be taken.

/// Why a step of a request cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefusal {
    /// It was decided before: by whom, and how.
    #[error("the request was {0}")]
    Settled(String),
    /// It lapsed.
    #[error("the request lapsed because nobody decided in time")]
    Lapsed,
    /// Nobody decides on their own request.
    #[error("nobody decides on their own request")]
    OwnRequest,
    /// The person is in none of the approver groups.
    #[error("only members of the approver groups decide on this request")]
    NotAnApprover,
    /// One person counts once.
    #[error("you approved this request already")]
    AlreadyApproved,
    /// The quorum is complete, by these people: the grant is made in a moment.
    #[error("enough people have approved it already ({0}): the grant is made in a moment")]
    Enough(String),
    /// There is nothing to take back, or not enough to make a grant of.
    #[error("it is not approved")]
    NotApproved,
    /// What was approved is not what stands there now.
    #[error("the request changed since it was shown")]
    Changed,
    /// Only the requester can do this.
    #[error("only the requester can do this")]
    NotTheRequester,
    /// Who is asked too often does not listen.
    #[error("it was sent, or they were reminded, less than five minutes ago")]
    Reminded,
    /// An approver may give less than was asked for, never more.
    #[error("only less than was asked for can be approved")]
    NotLess,
    /// Nobody broke the glass.
    #[error("there is nothing to review: the glass was not broken")]
    NothingToReview,
    /// Somebody reviewed it before.
    #[error("it was reviewed already")]
    Reviewed,
    /// The person is in none of the reviewer groups.
    #[error("only members of the reviewer groups review this")]
    NotAReviewer,
}
