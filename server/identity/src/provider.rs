//! The provider as the rest of the portal knows it.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use jiff::{SignedDuration, Timestamp};
use openidconnect::{
    AuthenticationFlow, ClientId, CsrfToken, LogoutRequest, Nonce, PkceCodeChallenge,
    PostLogoutRedirectUrl, Scope, core::CoreResponseType,
};
use tokio::sync::Mutex;
use url::Url;

use crate::{Attempt, BadSettings, ProviderTrouble, Settings, discovery::Known, http::Http};

/// How long a discovery is believed; keys that were taken back are forgotten then.
const DISCOVERY_LASTS: SignedDuration = SignedDuration::from_hours(1);
/// Shortest time between two discoveries, whether the last one failed or a token names a key that
/// is not known: whoever can cause either must not make the portal hammer the provider.
const DISCOVERY_PAUSES: SignedDuration = SignedDuration::from_secs(5);

/// One OpenID Connect provider and the portal's registration there.
#[derive(Debug)]
pub struct Provider {
    pub(crate) settings: Settings,
    pub(crate) http: Http,
    known: ArcSwapOption<Known>,
    failed: ArcSwapOption<Failed>,
    // Held across an await on purpose: one discovery at a time, and whoever waits gets its result.
    discovering: Mutex<()>,
}

#[derive(Debug)]
struct Failed {
    at: Timestamp,
    trouble: ProviderTrouble,
}

impl Provider {
    /// Takes the settings and asks nobody yet.
    ///
    /// # Errors
    /// Refuses addresses that are not secure, empty names, and a process in which no rustls
    /// provider is installed.
    pub fn new(settings: Settings) -> Result<Self, BadSettings> {
        settings.check()?;
        let http = Http::new(settings.patience)?;
        Ok(Self {
            settings,
            http,
            known: ArcSwapOption::empty(),
            failed: ArcSwapOption::empty(),
            discovering: Mutex::new(()),
        })
    }

    /// The settings it was made from.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Discovers the provider unless it is known; for the start, the readiness probe, a retry.
    ///
    /// # Errors
    /// Says in words for operators why nobody can sign in.
    pub async fn check(&self, now: Timestamp) -> Result<(), ProviderTrouble> {
        self.known(now).await.map(drop)
    }

    /// What was wrong when the provider was last asked, for the sign-in page; nobody is asked.
    pub fn trouble(&self) -> Option<ProviderTrouble> {
        self.failed.load().as_ref().map(|failed| failed.trouble.clone())
    }

    /// Where to send a browser, and what to keep for its return.
    ///
    /// The attempt belongs into the session of exactly this browser, and is used once (O-01).
    ///
    /// # Errors
    /// The provider is not known and cannot be discovered.
    pub async fn begin(&self, now: Timestamp) -> Result<(Url, Attempt), ProviderTrouble> {
        let known = self.known(now).await?;
        // RFC 7636, section 4.2: S256, whether or not the provider announces it (O-04).
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = self.settings.scopes.iter().filter(|scope| *scope != "openid");
        let (url, state, nonce) = known
            .client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(scopes.cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .url();
        Ok((url, Attempt { state, nonce, verifier, began: now }))
    }

    /// Where to send a browser to end its session at the provider too, if the provider offers it.
    ///
    /// It names the client and no ID token, because no token belongs into a URL (W-04).
    pub fn logout_url(&self) -> Option<Url> {
        let known = self.known.load_full()?;
        let end_session = known.metadata.additional_metadata().end_session_endpoint.clone()?;
        let request = LogoutRequest::from(end_session)
            .set_client_id(ClientId::new(self.settings.client_id.clone()));
        let request = match self.settings.signed_out_uri.clone() {
            Some(uri) => request.set_post_logout_redirect_uri(PostLogoutRedirectUrl::from_url(uri)),
            None => request,
        };
        Some(request.http_get_url())
    }

    /// What is known of the provider, asked for where it is not known or too old.
    pub(crate) async fn known(&self, now: Timestamp) -> Result<Arc<Known>, ProviderTrouble> {
        let fresh = |known: &Arc<Known>| within(DISCOVERY_LASTS, known.since, now);
        if let Some(known) = self.known.load_full().filter(fresh) {
            return Ok(known);
        }
        let _alone = self.discovering.lock().await;
        if let Some(known) = self.known.load_full().filter(fresh) {
            return Ok(known);
        }
        self.discover(now).await
    }

    /// What is known of the provider after a token named a key that these do not hold.
    pub(crate) async fn newer_than(
        &self,
        used: &Arc<Known>,
        now: Timestamp,
    ) -> Result<Arc<Known>, ProviderTrouble> {
        let _alone = self.discovering.lock().await;
        match self.known.load_full() {
            Some(known) if !Arc::ptr_eq(&known, used) => Ok(known),
            Some(known) if within(DISCOVERY_PAUSES, known.since, now) => Ok(known),
            _ => self.discover(now).await,
        }
    }

    async fn discover(&self, now: Timestamp) -> Result<Arc<Known>, ProviderTrouble> {
        if let Some(failed) = self.failed.load_full()
            && within(DISCOVERY_PAUSES, failed.at, now)
        {
            return Err(failed.trouble.clone());
        }
        match Known::discover(&self.settings, &self.http, now).await {
            Ok(known) => {
                let known = Arc::new(known);
                self.known.store(Some(known.clone()));
                self.failed.store(None);
                Ok(known)
            }
            Err(trouble) => {
                self.failed.store(Some(Arc::new(Failed { at: now, trouble: trouble.clone() })));
                Err(trouble)
            }
        }
    }
}

/// Whether the two are less than so much apart, in either order: of two requests at once the later
/// one may have read the clock earlier, and a clock that was set back must not make old things new.
fn within(length: SignedDuration, since: Timestamp, now: Timestamp) -> bool {
    now.duration_since(since).abs() < length
}
