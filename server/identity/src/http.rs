//! The one way to the provider: no redirects, a time limit, a size limit.

use std::{
    pin::Pin,
    sync::{Arc, OnceLock},
    time::Duration,
};

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};
use reqwest::redirect::Policy;
use rustls::crypto::CryptoProvider;

use crate::{BadSettings, ProviderTrouble, settings::is_secure};

/// Most bytes of one answer: a hundred times a usual discovery document, and still little memory.
const LONGEST_ANSWER: usize = 512 * 1024;

/// A client that only ever talks to one provider.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    client: reqwest::Client,
    patience: Duration,
}

/// The same for one request, whose answer can be read again as it came.
pub(crate) struct Keeping {
    http: Http,
    answer: OnceLock<Vec<u8>>,
}

type Asking<'c> = Pin<Box<dyn Future<Output = Result<HttpResponse, ProviderTrouble>> + Send + 'c>>;

impl Http {
    pub(crate) fn new(patience: Duration) -> Result<Self, BadSettings> {
        // reqwest would panic.
        if CryptoProvider::get_default().is_none() {
            return Err(BadSettings::NoCryptography);
        }
        let client = reqwest::Client::builder()
            .user_agent(concat!("shorepass/", env!("CARGO_PKG_VERSION")))
            // A provider that redirects could make the portal ask any address (O-07).
            .redirect(Policy::none())
            .referer(false)
            .timeout(patience)
            .build()
            .map_err(BadSettings::Http)?;
        Ok(Self { client, patience })
    }

    pub(crate) fn keeping(&self) -> Keeping {
        Keeping { http: self.clone(), answer: OnceLock::new() }
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, ProviderTrouble> {
        let url = shown(request.uri());
        let trouble = |cause: reqwest::Error| self.trouble(&url, cause);
        let request = reqwest::Request::try_from(request).map_err(trouble)?;
        if !is_secure(request.url()) {
            return Err(ProviderTrouble::NotSecure { url });
        }
        let mut response = self.client.execute(request).await.map_err(trouble)?;
        let status = response.status();
        if status.is_redirection() {
            return Err(ProviderTrouble::Redirected { url });
        }
        // RFC 6749, section 5.2: refusals are 400 or 401. Whatever else is not an answer to us.
        if !matches!(status.as_u16(), 200 | 400 | 401) {
            return Err(ProviderTrouble::Failing { url, status: status.as_u16() });
        }
        let headers = std::mem::take(response.headers_mut());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(trouble)? {
            if body.len() + chunk.len() > LONGEST_ANSWER {
                return Err(ProviderTrouble::TooLarge { url, limit: LONGEST_ANSWER });
            }
            body.extend_from_slice(&chunk);
        }
        let mut answer = HttpResponse::new(body);
        *answer.status_mut() = status;
        *answer.headers_mut() = headers;
        Ok(answer)
    }

    fn trouble(&self, url: &str, cause: reqwest::Error) -> ProviderTrouble {
        let url = url.to_owned();
        if cause.is_timeout() {
            ProviderTrouble::TooSlow { url, limit: self.patience }
        } else {
            ProviderTrouble::Unreachable { url, cause: Arc::new(cause.without_url()) }
        }
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = ProviderTrouble;
    type Future = Asking<'c>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

impl Keeping {
    /// The body of the answer; empty where there was none.
    pub(crate) fn answer(&self) -> &[u8] {
        self.answer.get().map(Vec::as_slice).unwrap_or_default()
    }
}

impl<'c> AsyncHttpClient<'c> for Keeping {
    type Error = ProviderTrouble;
    type Future = Asking<'c>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let answer = self.http.ask(request).await?;
            let _ = self.answer.set(answer.body().clone());
            Ok(answer)
        })
    }
}

fn shown(uri: &http::Uri) -> String {
    format!(
        "{}://{}{}",
        uri.scheme_str().unwrap_or_default(),
        uri.host().unwrap_or_default(),
        uri.path()
    )
}
