//! Reading the portal's own HTML, whose values all stand in double quotes.

/// The elements of one kind, each as its attributes.
pub fn elements<'a>(html: &'a str, element: &str) -> Vec<&'a str> {
    let start = format!("<{element} ");
    html.split(start.as_str()).skip(1).map(end_of_tag).collect()
}

/// Up to the `>` that stands in no value.
fn end_of_tag(text: &str) -> &str {
    let mut quoted = false;
    let end = text.find(|letter| {
        quoted ^= letter == '"';
        letter == '>' && !quoted
    });
    &text[..end.unwrap_or(text.len())]
}

/// The value of one of an element's attributes.
pub fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let start = format!("{name}=\"");
    let begins = |at: &usize| *at == 0 || attributes.as_bytes()[at - 1] == b' ';
    let at = attributes.match_indices(start.as_str()).map(|(at, _)| at).find(begins)?;
    attributes[at + start.len()..].split('"').next()
}

/// What can be read in a piece of a page.
pub fn words(html: &str) -> String {
    let mut within = false;
    let words = html.chars().map(|letter| match letter {
        '<' => {
            within = true;
            ' '
        }
        '>' => {
            within = false;
            ' '
        }
        _ if within => ' ',
        letter => letter,
    });
    words.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_by_their_whole_name() {
        let html = r#"<p><input data-value="a>b" value="1"><input name="x"/></p><inputs>"#;
        let [first, second] = elements(html, "input")[..] else { panic!("two inputs") };
        assert_eq!(attribute(first, "value"), Some("1"));
        assert_eq!(attribute(second, "name"), Some("x"));
        assert_eq!(attribute(second, "value"), None);
    }
}
