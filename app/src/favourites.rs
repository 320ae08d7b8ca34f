//! The namespaces that somebody marked, as their browser keeps them.

use domain::{ClusterName, Namespace, Place};

/// So many that a cookie holds them (RFC 6265, section 6.1: 4,096 bytes).
const MOST: usize = 30;

/// The namespaces that somebody marked, the latest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Favourites(Vec<Place>);

impl Favourites {
    /// Reads a cookie; what is no place is not there.
    pub fn from_cookie(text: &str) -> Self {
        Self(text.split('.').filter_map(place).take(MOST).collect())
    }

    /// The cookie: `cluster/namespace`, with full stops between.
    pub fn to_cookie(&self) -> String {
        self.0.iter().map(Place::to_string).collect::<Vec<_>>().join(".")
    }

    /// Whether a place is marked.
    pub fn contains(&self, place: &Place) -> bool {
        self.0.contains(place)
    }

    /// Marks a place, or takes its mark away; the oldest mark goes where there are too many.
    #[must_use]
    pub fn with(mut self, marked: &str, is_favourite: bool) -> Self {
        let Some(marked) = place(marked) else { return self };
        self.0.retain(|known| *known != marked);
        if is_favourite {
            self.0.insert(0, marked);
            self.0.truncate(MOST);
        }
        self
    }
}

fn place(text: &str) -> Option<Place> {
    let (cluster, namespace) = text.split_once('/')?;
    let cluster = ClusterName::parse(cluster).ok()?;
    Some(Place { cluster, namespace: Namespace::parse(namespace).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_kept_the_latest_first_and_never_too_many() {
        let marked = |text: &str| Favourites::from_cookie(text);
        let two = Favourites::default().with("main/payments", true).with("main/staging", true);
        assert_eq!(two.to_cookie(), "main/staging.main/payments");
        assert_eq!(marked(&two.to_cookie()), two);
        assert!(two.contains(&place("main/payments").unwrap()));
        assert_eq!(two.clone().with("main/staging", true), two, "once");
        assert_eq!(two.clone().with("main/staging", false).to_cookie(), "main/payments");
        let long = format!("{}/{}", "c".repeat(63), "n".repeat(62));
        let many = (0..100).fold(two, |marks, place| {
            marks.with(&format!("{long}{}", char::from(b'a' + place % 26)), true)
        });
        let cookie = many.with("main/last", true).to_cookie();
        assert!(cookie.starts_with("main/last.") && cookie.len() < 3_900, "{}", cookie.len());
    }

    #[test]
    fn what_is_no_place_is_not_marked() {
        for text in ["", "payments", "main/", "/payments", "main/Pay", "main/a;b", "main/a/b"] {
            assert_eq!(Favourites::default().with(text, true), Favourites::default(), "{text}");
            assert_eq!(Favourites::from_cookie(text), Favourites::default(), "{text}");
        }
    }
}
