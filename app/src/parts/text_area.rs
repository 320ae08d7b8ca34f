//! A field for several lines, which keeps what was typed when a form is refused.

use leptos::prelude::*;

use crate::Rejected;

/// The field itself; its label names the id, its problem is `<name>-problem`.
#[component]
pub(crate) fn TextArea(
    /// Its id.
    #[prop(into)]
    id: String,
    /// Its name in the form.
    name: &'static str,
    /// The id of its hint.
    hint: &'static str,
    /// How many lines are shown.
    rows: u16,
    /// Fewest characters that are accepted.
    at_least: u16,
    /// What stands there at first.
    #[prop(optional_no_strip)]
    typed: Option<String>,
) -> impl IntoView {
    let rejected = Rejected::current();
    let wrong = rejected.problem(name).is_some();
    let described = if wrong { format!("{name}-problem {hint}") } else { hint.to_owned() };
    view! {
        <textarea
            id=id
            name=name
            rows=rows
            minlength=at_least
            maxlength=domain::text::LONGEST_REASON
            required
            aria-invalid=wrong.then_some("true")
            aria-describedby=described
            autofocus=rejected.is_first(name)
        >
            {rejected.value(name).or(typed).map(|text| escaped(&text))}
        </textarea>
    }
}

/// Leptos writes the children of a `textarea` as they are (tachys 0.2.19, `ESCAPE_CHILDREN`), so
/// whatever was typed has to be escaped here.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
