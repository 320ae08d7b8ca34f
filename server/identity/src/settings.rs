//! What operators say about their provider.

use std::time::Duration;

use secrecy::SecretString;
use url::{Host, Url};

/// How the portal is registered at an OpenID Connect provider.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The issuer, exactly as the provider announces itself: `https`, or `http` on this machine.
    pub issuer: String,
    /// The portal's client identifier.
    pub client_id: String,
    /// The portal's client secret; none for a public client, which PKCE alone protects.
    pub client_secret: Option<SecretString>,
    /// Where the provider sends browsers back to, absolute, from the portal's own address (O-20).
    pub redirect_uri: Url,
    /// Where the provider sends browsers after a sign-out, absolute.
    pub signed_out_uri: Option<Url>,
    /// Scopes asked for besides `openid`.
    pub scopes: Vec<String>,
    /// The claim that becomes the person's username.
    pub username_claim: String,
    /// The claim that lists the person's groups.
    pub groups_claim: String,
    /// Further claims, whose values become groups named `claim=value`, for policies that speak of
    /// a department or a duty.
    pub further_claims: Vec<String>,
    /// The name shown on the sign-in button.
    pub name: String,
    /// Longest wait for one answer of the provider.
    pub patience: Duration,
}

impl Settings {
    /// Settings with what most providers need; the fields are there to be changed.
    pub fn new(issuer: impl Into<String>, client_id: impl Into<String>, redirect_uri: Url) -> Self {
        Self {
            issuer: issuer.into(),
            client_id: client_id.into(),
            client_secret: None,
            redirect_uri,
            signed_out_uri: None,
            scopes: vec!["profile".to_owned(), "groups".to_owned()],
            username_claim: "preferred_username".to_owned(),
            groups_claim: "groups".to_owned(),
            further_claims: Vec::new(),
            name: "single sign-on".to_owned(),
            patience: Duration::from_secs(10),
        }
    }
}

/// Why settings cannot be used, for operators.
#[derive(Debug, thiserror::Error)]
pub enum BadSettings {
    /// The issuer is no URL.
    #[error("the issuer {issuer:?} is not a URL")]
    Issuer {
        /// The issuer as it was given.
        issuer: String,
        /// What is wrong with it.
        #[source]
        cause: url::ParseError,
    },
    /// An address that others could listen to or redirect.
    #[error("{what} {url:?} is neither https nor http on this machine")]
    NotSecure {
        /// Which setting.
        what: &'static str,
        /// The address as it was given.
        url: String,
    },
    /// A claim without a name.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// The process has no rustls provider installed.
    #[error("no cryptography for TLS is installed in this process")]
    NoCryptography,
    /// The HTTP client cannot be built.
    #[error("the HTTP client cannot be built")]
    Http(#[source] reqwest::Error),
}

/// Whether nobody on the way can read or answer: `https`, or `http` that stays on this machine.
pub(crate) fn is_secure(url: &Url) -> bool {
    let stays_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && stays_here)
}

impl Settings {
    pub(crate) fn check(&self) -> Result<(), BadSettings> {
        let issuer = Url::parse(&self.issuer)
            .map_err(|cause| BadSettings::Issuer { issuer: self.issuer.clone(), cause })?;
        let addresses = [
            ("the issuer", Some(&issuer)),
            ("the redirect address", Some(&self.redirect_uri)),
            ("the address after sign-out", self.signed_out_uri.as_ref()),
        ];
        for (what, url) in addresses {
            if let Some(url) = url.filter(|url| !is_secure(url)) {
                return Err(BadSettings::NotSecure { what, url: url.to_string() });
            }
        }
        let names = [
            ("the client identifier", &self.client_id),
            ("the username claim", &self.username_claim),
            ("the groups claim", &self.groups_claim),
        ];
        match names.into_iter().find(|(_, name)| name.trim().is_empty()) {
            Some((what, _)) => Err(BadSettings::Empty(what)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(issuer: &str, redirect: &str) -> Settings {
        Settings::new(issuer, "shorepass", Url::parse(redirect).unwrap())
    }

    #[test]
    fn addresses_are_https_or_stay_on_this_machine() {
        for (issuer, redirect, good) in [
            ("https://idp.example", "https://portal.example/sign-in/callback", true),
            ("http://127.0.0.1:8089", "http://localhost:8080/sign-in/callback", true),
            ("http://[::1]:8089", "http://localhost:8080/sign-in/callback", true),
            ("http://idp.example", "https://portal.example/sign-in/callback", false),
            ("http://localhost.example", "https://portal.example/sign-in/callback", false),
            ("https://idp.example", "http://portal.example/sign-in/callback", false),
            ("idp.example", "https://portal.example/sign-in/callback", false),
            ("ftp://localhost", "https://portal.example/sign-in/callback", false),
        ] {
            let checked = settings(issuer, redirect).check();
            assert_eq!(checked.is_ok(), good, "{issuer} {redirect}: {checked:?}");
        }
    }

    #[test]
    fn a_claim_without_a_name_is_refused() {
        let mut settings = settings("https://idp.example", "https://portal.example/");
        settings.groups_claim = " ".to_owned();
        assert!(matches!(settings.check(), Err(BadSettings::Empty("the groups claim"))));
    }

    #[test]
    fn the_client_secret_is_not_in_debug_output() {
        let mut settings = settings("https://idp.example", "https://portal.example/");
        settings.client_secret = Some("canary-secret".into());
        assert!(!format!("{settings:?}").contains("canary"));
    }
}
