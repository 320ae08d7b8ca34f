//! From a request for a page to HTML.

use app::{Favourites, Outcome, PageContext, Rejected, Theme, Visit};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};

use super::{LocalPath, Notice};
use crate::http::Shared;
use crate::http::gate::{HttpRequestId, Nonce};
use crate::http::login::{Actor, Presence, cookie};

const THEME: &str = "__Host-shorepass-theme";
const FAVOURITES: &str = "__Host-shorepass-favourites";
const ONE_YEAR: i64 = 365 * 24 * 3_600;

/// Everything of a request that a page depends on.
pub(crate) struct PageRequest {
    visit: Visit,
    path: String,
    status: StatusCode,
}

impl FromRequestParts<Shared> for PageRequest {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        shared: &Shared,
    ) -> Result<Self, Self::Rejection> {
        Ok(Self::of(shared, parts))
    }
}

impl PageRequest {
    pub(crate) fn of(shared: &Shared, parts: &Parts) -> Self {
        let actor = parts.extensions.get::<Actor>();
        let nonce = parts.extensions.get::<Nonce>();
        let id = parts.extensions.get::<HttpRequestId>();
        // A page that refreshes itself must not swallow what the person has not seen.
        let notice = match Presence::of(&parts.headers) {
            Presence::Active => Notice::sentence(&parts.headers),
            Presence::Background => None,
        };
        let page = PageContext {
            assets: shared.assets.clone(),
            theme: Theme::from_word(&cookie::read(&parts.headers, THEME).unwrap_or_default()),
            favourites: favourites(&parts.headers),
            nonce: nonce.map(|Nonce(value)| value.clone()).unwrap_or_default(),
            now: shared.clock.now(),
            provider: shared.provider.name().to_owned(),
            version: shared.version,
            request_id: id.map(|HttpRequestId(id)| id.to_string()).unwrap_or_default(),
            notice: notice.map(str::to_owned),
            sign_in_problem: shared.provider.trouble(),
        };
        let broker = actor.map(|Actor { login, .. }| shared.brokers.bound(&login.person, login.id));
        let visit = Visit { broker, page, rejected: None, outcome: Outcome::default() };
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Self { visit, path, status: StatusCode::OK }
    }

    /// Another page than the one the request is for.
    pub(crate) fn at(mut self, path: String) -> Self {
        self.path = path;
        self
    }

    /// The status the page is sent with, unless it finds a reason for another itself.
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// What was wrong with a form that was sent.
    pub(crate) fn with_rejected(mut self, rejected: Rejected) -> Self {
        self.visit.rejected = Some(rejected);
        self
    }

    /// The page with the way in, which leads on to `to`.
    pub(crate) async fn sign_in(
        mut self,
        to: &LocalPath,
        problem: &str,
        status: StatusCode,
    ) -> Response {
        self.visit.page.sign_in_problem = Some(problem.to_owned());
        self.at(to.sign_in()).with_status(status).show().await
    }

    /// Renders the page.
    pub(crate) async fn show(self) -> Response {
        let (outcome, said) = (self.visit.outcome.clone(), self.visit.page.notice.is_some());
        let html = app::render(&self.path, self.visit).await;
        let found = StatusCode::from_u16(outcome.status()).unwrap_or(StatusCode::OK);
        let status = if found == StatusCode::OK { self.status } else { found };
        let mut response = (status, Html(html)).into_response();
        if said {
            response.headers_mut().append(header::SET_COOKIE, Notice::unset());
        }
        response
    }
}

/// The namespaces that a browser keeps as marked.
pub(crate) fn favourites(headers: &HeaderMap) -> Favourites {
    Favourites::from_cookie(&cookie::read(headers, FAVOURITES).unwrap_or_default())
}

/// The cookie that keeps them.
pub(crate) fn favourites_cookie(favourites: &Favourites) -> (HeaderName, HeaderValue) {
    (header::SET_COOKIE, cookie::set(FAVOURITES, &favourites.to_cookie(), Some(ONE_YEAR)))
}

/// The cookie that keeps a theme.
pub(crate) fn theme_cookie(theme: Theme) -> (HeaderName, HeaderValue) {
    (header::SET_COOKIE, cookie::set(THEME, theme.word(), Some(ONE_YEAR)))
}
