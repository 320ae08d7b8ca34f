//! The review of broken glass, in the row of its request.

use domain::{GlassReview, PersonKey, Request, Signer};

use super::Statement;
use crate::column::{Table, Unreadable};

const TABLE: Table = Table("requests");

/// The five columns of the review. A sixth, `owes_review`, is written with them and only asked for:
/// a request knows by itself whether it owes one.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct GlassReviewColumns {
    reviewed_at: Option<i64>,
    review_by_issuer: Option<String>,
    review_by_subject: Option<String>,
    review_by_username: Option<String>,
    review_words: Option<String>,
}

impl GlassReviewColumns {
    pub(crate) fn read(self) -> Result<Option<GlassReview>, Unreadable> {
        let Some(at) = self.reviewed_at else { return Ok(None) };
        let issuer = TABLE.present("review_by_issuer", self.review_by_issuer)?;
        let subject = TABLE.present("review_by_subject", self.review_by_subject)?;
        let username = TABLE.present("review_by_username", self.review_by_username)?;
        Ok(Some(GlassReview {
            by: Signer {
                key: PersonKey { issuer, subject },
                username: TABLE.parse("review_by_username", &username)?,
            },
            at: TABLE.time("reviewed_at", at)?,
            words: TABLE.present("review_words", self.review_words)?,
        }))
    }

    /// Binds `owes_review`, and the five columns in their order.
    pub(crate) fn bind<'q>(statement: Statement<'q>, request: &'q Request) -> Statement<'q> {
        let review = request.review.as_ref();
        statement
            .bind(i32::from(request.owes_review()))
            .bind(review.map(|review| review.at.as_microsecond()))
            .bind(review.map(|review| review.by.key.issuer.as_str()))
            .bind(review.map(|review| review.by.key.subject.as_str()))
            .bind(review.map(|review| review.by.username.as_str()))
            .bind(review.map(|review| review.words.as_str()))
    }
}
