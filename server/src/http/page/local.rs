//! Addresses inside the portal.

use serde::{Deserialize, Serialize};
use url::Url;

/// Longest address that is kept, in bytes.
const LONGEST: usize = 2_000;

/// A path with its query, that leads nowhere but to this portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LocalPath(String);

impl Default for LocalPath {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl LocalPath {
    /// Reads a path. Browsers read `\` as `/` and skip tabs and line ends, so `/\host` and
    /// `/<tab>/host` lead elsewhere: only visible ASCII without `\` is taken.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        if !visible || text.len() > LONGEST || !text.starts_with('/') || text.starts_with("//") {
            return None;
        }
        let base = Url::parse("https://portal.invalid/").ok()?;
        let url = base.join(text).ok()?;
        (url.origin() == base.origin()).then(|| Self(text.to_owned()))
    }

    /// The path with its query.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Where to sign in to come back here.
    pub(crate) fn sign_in(&self) -> String {
        if self.0 == "/" {
            return "/sign-in".to_owned();
        }
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("to", &self.0)
            .finish();
        format!("/sign-in?{query}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_portal_are_taken() {
        for text in ["/", "/inbox", "/audit?q=a%20b&before=3", "/requests/1#detail", "/a//b"] {
            assert_eq!(LocalPath::parse(text).as_ref().map(LocalPath::as_str), Some(text));
        }
        for text in [
            "",
            "inbox",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/a b",
            "/\r\nSet-Cookie: a=b",
            "/é",
        ] {
            assert_eq!(LocalPath::parse(text), None, "{text:?}");
        }
        assert_eq!(LocalPath::parse(&format!("/{}", "a".repeat(LONGEST))), None);
    }

    #[test]
    fn the_way_back_is_kept_while_signing_in() {
        let path = LocalPath::parse("/audit?q=a&kind=b").unwrap();
        assert_eq!(path.sign_in(), "/sign-in?to=%2Faudit%3Fq%3Da%26kind%3Db");
        assert_eq!(LocalPath::default().sign_in(), "/sign-in");
    }
}
