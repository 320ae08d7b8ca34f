//! What follows a form: the next page, or the same one with what was wrong.

use std::collections::BTreeMap;

use app::Rejected;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::broker::{FieldProblem, Refusal};
use domain::text::sentence;

use super::{Notice, PageRequest};

/// The page a form was on, to be shown again.
pub(crate) struct Redo {
    /// The page.
    pub(crate) page: PageRequest,
    /// Its path.
    pub(crate) path: String,
    /// What was typed.
    pub(crate) values: BTreeMap<String, String>,
}

impl Redo {
    /// Shows the page with what was wrong; nothing that was typed is lost.
    pub(crate) async fn because(self, refusal: Refusal) -> Response {
        let status = status(&refusal);
        match refusal {
            Refusal::Invalid(problems) => self.show(status, problems, None).await,
            other => self.saying(status, &sentence(&other.to_string())).await,
        }
    }

    /// Shows the page with a sentence about the whole of it.
    pub(crate) async fn saying(self, status: StatusCode, message: &str) -> Response {
        self.show(status, Vec::new(), Some(message.to_owned())).await
    }

    async fn show(
        self,
        status: StatusCode,
        problems: Vec<FieldProblem>,
        message: Option<String>,
    ) -> Response {
        let address = self.path.clone();
        let rejected = Rejected { problems, values: self.values, message, address };
        self.page.at(self.path).with_status(status).with_rejected(rejected).show().await
    }
}

/// Leads on to a page that says what was done.
pub(crate) fn done(path: &str, notice: Option<Notice>) -> Response {
    let cookie: Option<[(_, HeaderValue); 1]> =
        notice.map(|notice| [(header::SET_COOKIE, notice.set())]);
    (cookie.map(axum::response::AppendHeaders), Redirect::to(path)).into_response()
}

/// The status that a refusal is sent with.
pub(crate) fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::NotFound => StatusCode::NOT_FOUND,
        Refusal::Forbidden { .. } | Refusal::Denied { .. } => StatusCode::FORBIDDEN,
        Refusal::Conflict { .. } | Refusal::Over { .. } => StatusCode::CONFLICT,
        Refusal::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
    }
}
