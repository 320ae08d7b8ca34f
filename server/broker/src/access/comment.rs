//! What people say about a request beside deciding on it.

use domain::broker::{AuditFilter, FieldProblem, Refusal};
use domain::{Fact, FactKind, RequestId, text};

use super::decide::{Step, decide, refused};
use super::view::seen;
use crate::Bound;
use crate::portal::{About, unavailable};

/// Comments on one request: every page that shows it shows all of them.
const MOST_COMMENTS: u16 = 100;
/// Fewest characters of a review: one word is none.
const REVIEW_AT_LEAST: u16 = 10;

pub(crate) async fn comment(bound: &Bound, id: RequestId, words: &str) -> Result<(), Refusal> {
    let words = checked("comment", words, 1)?;
    let request = seen(bound, id).await?;
    let portal = &bound.portal;
    let filter = AuditFilter::of(FactKind::Commented, id);
    let said = portal.store.events(&filter, MOST_COMMENTS).await.map_err(unavailable)?;
    if said.len() >= usize::from(MOST_COMMENTS) {
        let what = format!("there are {MOST_COMMENTS} comments, and no more are taken");
        return Err(Refusal::Conflict { what });
    }
    let fact = Fact::Commented { words };
    portal.write(portal.event(Some(&bound.person), &About::request(&request), fact)).await
}

pub(crate) async fn review_glass(bound: &Bound, id: RequestId, words: &str) -> Result<(), Refusal> {
    let words = checked("words", words, REVIEW_AT_LEAST)?;
    let Bound { portal, person, .. } = bound;
    let policy = bound.policy();
    decide(bound, id, "review broken glass", |request| {
        let about = About::request(&request);
        let now = portal.clock.now();
        let reviewed = request.reviewed(person, words.clone(), policy.aliases(), now);
        let fact = Fact::GlassReviewed { words: words.clone() };
        let event = portal.event(Some(person), &about, fact);
        Ok(Step { request: reviewed.map_err(refused)?, events: vec![event] })
    })
    .await
}

fn checked(field: &'static str, words: &str, at_least: u16) -> Result<String, Refusal> {
    text::reason(words, at_least).map_err(|problem| {
        let problem = format!("Write {problem}.");
        Refusal::Invalid(vec![FieldProblem { field, problem }])
    })
}
