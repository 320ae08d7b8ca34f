//! What somebody else finds after the glass was broken.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Request, RequestRefusal, Signer};
use crate::Person;
use crate::policy::{Aliases, Decision};

/// A written review of broken glass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlassReview {
    /// Who reviewed it.
    pub by: Signer,
    /// When.
    pub at: Timestamp,
    /// What they found.
    pub words: String,
}

impl Request {
    /// Whether the glass was broken for it.
    pub fn broke_glass(&self) -> bool {
        matches!(self.ruling.decision, Decision::BreakGlass { .. })
    }

    /// Whether a review of it is still owed.
    pub fn owes_review(&self) -> bool {
        self.broke_glass() && self.review.is_none()
    }

    /// Closes it with a review by somebody else.
    ///
    /// # Errors
    /// When this person may not, or there is nothing to review.
    pub fn reviewed(
        mut self,
        by: &Person,
        words: String,
        aliases: &Aliases,
        now: Timestamp,
    ) -> Result<Self, RequestRefusal> {
        self.may_be_reviewed_by(by, aliases)?;
        self.review = Some(GlassReview { by: Signer::from(by), at: now, words });
        Ok(self)
    }

    /// Whether this person may review it.
    ///
    /// # Errors
    /// The reason they may not.
    pub fn may_be_reviewed_by(
        &self,
        person: &Person,
        aliases: &Aliases,
    ) -> Result<(), RequestRefusal> {
        let Decision::BreakGlass { reviewers, .. } = &self.ruling.decision else {
            return Err(RequestRefusal::NothingToReview);
        };
        if self.review.is_some() {
            Err(RequestRefusal::Reviewed)
        } else if aliases.are_one(&(&self.person).into(), &person.into()) {
            Err(RequestRefusal::OwnRequest)
        } else if person.is_in_any(reviewers) {
            Ok(())
        } else {
            Err(RequestRefusal::NotAReviewer)
        }
    }
}
