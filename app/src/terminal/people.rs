//! Who else is at a terminal, in words.

use domain::wire::Participant;

/// `ben and cleo watch` for who types, `you watch ana, with cleo` for who looks on; none where
/// somebody types and is alone.
pub(crate) fn present(types: bool, others: &[Participant]) -> Option<String> {
    let names = |typing: bool| {
        let those = others.iter().filter(move |other| other.types == typing);
        those.map(|other| other.name.as_str()).collect::<Vec<_>>()
    };
    let watching = names(false);
    if types {
        return match watching.as_slice() {
            [] => None,
            [only] => Some(format!("{only} watches")),
            [all @ .., last] => Some(format!("{} and {last} watch", all.join(", "))),
        };
    }
    let whom = names(true).first().map(|name| format!(" {name}")).unwrap_or_default();
    Some(match watching.as_slice() {
        [] => format!("you watch{whom}"),
        all => format!("you watch{whom}, with {}", all.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_who_watches_and_who_types() {
        let person = |name: &str, types| Participant { name: name.to_owned(), types };
        let [ana, ben, cleo] = [person("ana", true), person("ben", false), person("cleo", false)];
        assert_eq!(present(true, &[]), None);
        assert_eq!(present(true, std::slice::from_ref(&ben)).as_deref(), Some("ben watches"));
        let both = [ben, cleo.clone()];
        assert_eq!(present(true, &both).as_deref(), Some("ben and cleo watch"));
        assert_eq!(present(false, &[]).as_deref(), Some("you watch"));
        assert_eq!(present(false, &[ana, cleo]).as_deref(), Some("you watch ana, with cleo"));
    }
}
