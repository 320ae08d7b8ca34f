//! A text in which what was looked for stands out.

use leptos::prelude::*;

/// A text; each place where it contains `sought`, in any case, is marked.
#[component]
pub(crate) fn Marked(
    text: String,
    /// What was looked for.
    sought: String,
) -> impl IntoView {
    pieces(&text, &sought)
        .into_iter()
        .map(|(piece, found)| {
            let piece = piece.to_owned();
            if found { view! { <mark>{piece}</mark> }.into_any() } else { piece.into_any() }
        })
        .collect_view()
}

/// A text cut where it begins and ceases to be what was looked for.
fn pieces<'a>(text: &'a str, sought: &str) -> Vec<(&'a str, bool)> {
    let sought: Vec<char> = sought.chars().flat_map(char::to_lowercase).collect();
    let (mut pieces, mut done, mut at) = (Vec::new(), 0, 0);
    while let Some(first) = text[at..].chars().next() {
        match match_at(&text[at..], &sought) {
            Some(length) => {
                if done < at {
                    pieces.push((&text[done..at], false));
                }
                at += length;
                pieces.push((&text[at - length..at], true));
                done = at;
            }
            None => at += first.len_utf8(),
        }
    }
    if done < text.len() {
        pieces.push((&text[done..], false));
    }
    pieces
}

/// How many bytes at the beginning of a text are what was looked for.
fn match_at(text: &str, sought: &[char]) -> Option<usize> {
    let mut left = sought.iter();
    let mut length = 0;
    for character in text.chars() {
        for lower in character.to_lowercase() {
            if left.next() != Some(&lower) {
                return None;
            }
        }
        length += character.len_utf8();
        if left.as_slice().is_empty() {
            return Some(length);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_found_whatever_its_case() {
        let found = |text, sought| {
            pieces(text, sought)
                .into_iter()
                .map(|(piece, found)| if found { format!("[{piece}]") } else { piece.to_owned() })
                .collect::<String>()
        };
        assert_eq!(found("Error: no ERROR", "error"), "[Error]: no [ERROR]");
        assert_eq!(found("aaa", "aa"), "[aa]a");
        assert_eq!(found("straße ÄÖ", "äö"), "straße [ÄÖ]");
        assert_eq!(found("nothing here", "x"), "nothing here");
        assert_eq!(found("", "x"), "");
        assert_eq!(found("text", ""), "text");
    }
}
