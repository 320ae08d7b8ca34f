//! HTTP with cookies.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use url::Url;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// More redirects than this in a row lead nowhere.
const MOST_REDIRECTS: usize = 10;

/// Keeps cookies by origin, and sends what browsers send.
#[derive(Debug)]
pub struct Browser {
    client: reqwest::Client,
    cookies: Mutex<BTreeMap<(String, String), String>>,
}

/// An answer, as it came over the wire.
#[derive(Debug)]
pub struct Answer {
    /// The address that was asked.
    pub url: Url,
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, in the encoding that the headers name.
    pub body: Bytes,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Where it redirects to, if it does.
    ///
    /// # Errors
    /// When it redirects to what is no address.
    pub fn location(&self) -> anyhow::Result<Option<Url>> {
        let location = self.headers.get(header::LOCATION);
        let Some(location) = location.filter(|_| self.status.is_redirection()) else {
            return Ok(None);
        };
        Ok(Some(self.url.join(location.to_str()?)?))
    }

    /// Refuses answers that are no success.
    ///
    /// # Errors
    /// When this is one.
    pub fn good(self) -> anyhow::Result<Self> {
        let text = || self.text().chars().take(500).collect::<String>();
        ensure!(self.status.is_success(), "{} answered {}: {}", self.url, self.status, text());
        Ok(self)
    }
}

impl Browser {
    /// Without cookies.
    ///
    /// # Errors
    /// When there is no cryptography; `rustls` needs a provider first.
    pub fn new() -> anyhow::Result<Self> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()?;
        Ok(Self { client, cookies: Mutex::default() })
    }

    /// Opens an address, without following redirects.
    pub async fn get(&self, url: Url) -> anyhow::Result<Answer> {
        self.send(self.request(Method::GET, url)).await
    }

    /// Sends a form, without following redirects.
    pub async fn post(&self, url: Url, fields: &[(&str, &str)]) -> anyhow::Result<Answer> {
        self.send(self.request(Method::POST, url).form(fields)).await
    }

    /// Follows redirects to where they end.
    pub async fn follow(&self, mut answer: Answer) -> anyhow::Result<Answer> {
        for _ in 0..MOST_REDIRECTS {
            let Some(next) = answer.location()? else { return Ok(answer) };
            answer = self.get(next).await?;
        }
        bail!("{} redirects again and again", answer.url)
    }

    /// A request with this browser's cookies; the origin goes with everything but `GET`.
    pub fn request(&self, method: Method, url: Url) -> reqwest::RequestBuilder {
        let cookie = self.cookie(&url);
        let origin = url.origin().ascii_serialization();
        let from_page = method != Method::GET;
        let request = self.client.request(method, url).header(header::COOKIE, cookie);
        if from_page { request.header(header::ORIGIN, origin) } else { request }
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> anyhow::Result<Answer> {
        let response = request.send().await?;
        let (url, status) = (response.url().clone(), response.status());
        let headers = response.headers().clone();
        for cookie in headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str()?;
            let pair = cookie.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').context("a cookie has no value")?;
            let key = (url.origin().ascii_serialization(), name.to_owned());
            // Both servers empty a cookie that they take back.
            if value.is_empty() {
                self.cookies().remove(&key);
            } else {
                self.cookies().insert(key, value.to_owned());
            }
        }
        Ok(Answer { url, status, headers, body: response.bytes().await? })
    }

    /// The value of the cookie header for an address.
    pub fn cookie(&self, url: &Url) -> String {
        let origin = url.origin().ascii_serialization();
        let own: Vec<_> = self
            .cookies()
            .iter()
            .filter(|((of, _), _)| *of == origin)
            .map(|((_, name), value)| format!("{name}={value}"))
            .collect();
        own.join("; ")
    }

    fn cookies(&self) -> MutexGuard<'_, BTreeMap<(String, String), String>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
