//! Cookies. All carry the prefix `__Host-`: only this host, over TLS, can set them
//! (RFC 6265bis, 4.1.3.2).

use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use identity::ATTEMPT_LASTS;

use super::Key;

const LOGIN: &str = "__Host-shorepass";
const ATTEMPT: &str = "__Host-shorepass-attempt";

/// The key of the sign-in a request carries.
pub(crate) fn login(headers: &HeaderMap) -> Option<Key> {
    read(headers, LOGIN).and_then(|value| value.parse().ok())
}

/// The key of the attempt to sign in that a request carries.
pub(crate) fn attempt(headers: &HeaderMap) -> Option<Key> {
    read(headers, ATTEMPT).and_then(|value| value.parse().ok())
}

/// The value of a cookie.
pub(crate) fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    CookieJar::from_headers(headers).get(name).map(|cookie| cookie.value().to_owned())
}

/// Hands a sign-in to a browser, until the browser is closed.
pub(crate) fn set_login(key: &Key) -> HeaderValue {
    set(LOGIN, &key.to_string(), None)
}

/// Hands an attempt to a browser, for as long as it is kept.
pub(crate) fn set_attempt(key: &Key) -> HeaderValue {
    set(ATTEMPT, &key.to_string(), Some(ATTEMPT_LASTS.as_secs()))
}

/// Takes the sign-in back.
pub(crate) fn remove_login() -> HeaderValue {
    set(LOGIN, "", Some(0))
}

/// Takes the attempt back.
pub(crate) fn remove_attempt() -> HeaderValue {
    set(ATTEMPT, "", Some(0))
}

/// A cookie that no script reads and no other site sends along, except by a link; for this many
/// seconds, or until the browser is closed.
pub(crate) fn set(name: &'static str, value: &str, seconds: Option<i64>) -> HeaderValue {
    let mut cookie = Cookie::build((name, value))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .build();
    cookie.set_max_age(seconds.map(time::Duration::seconds));
    // The values are this program's own: base64 and words.
    HeaderValue::from_str(&cookie.to_string()).unwrap_or(HeaderValue::from_static(""))
}
