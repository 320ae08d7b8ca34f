//! The forms with which people decide on a request.

use domain::broker::RequestView;
use leptos::prelude::*;

use super::{Problem, TextArea};

/// Where a form leads back to.
#[component]
fn Back(to: Option<&'static str>) -> impl IntoView {
    to.map(|to| view! { <input type="hidden" name="back" value=to /> })
}

/// Approve, or deny with a reason; or why neither is possible.
#[component]
pub(crate) fn Decide(
    view: RequestView,
    /// The page to return to, where it is not the request's own.
    #[prop(optional_no_strip)]
    back: Option<&'static str>,
) -> impl IntoView {
    let id = view.request.id;
    if !view.standing.may_decide {
        return view
            .standing
            .why_not
            .map(|why| view! { <p class="notice" data-tone="plain">{why}</p> })
            .into_any();
    }
    view! {
        <div class="decide">
            <form method="post" action=format!("/requests/{id}/approve") id=format!("approve-{id}")>
                <input type="hidden" name="digest" value=view.digest.0 />
                <Back to=back />
                <button class="button" data-kind="main" data-key="a" aria-keyshortcuts="a">
                    "Approve"
                    <kbd aria-hidden="true">"a"</kbd>
                </button>
            </form>
            <form
                method="post"
                action=format!("/requests/{id}/deny")
                id=format!("deny-{id}")
                class="deny"
                data-draft=format!("deny-{id}")
                novalidate
            >
                <Back to=back />
                <div class="field">
                    <label for=format!("why-{id}") data-key="d">
                        "Reason for denying"
                        <kbd aria-hidden="true">"d"</kbd>
                    </label>
                    <TextArea id=format!("why-{id}") name="why" hint="why-hint" rows=1 at_least=3 />
                    <Problem field="why" />
                    <small id="why-hint">
                        "Needed to deny. " {view.request.person.username.to_string()}
                        " and auditors read it."
                    </small>
                </div>
                <button class="button" data-kind="stop">
                    "Deny"
                </button>
            </form>
        </div>
    }
    .into_any()
}

/// Take back one's own request.
#[component]
pub(crate) fn Withdraw(view: RequestView) -> impl IntoView {
    let id = view.request.id;
    view! {
        <form method="post" action=format!("/requests/{id}/withdraw") id=format!("withdraw-{id}")>
            <button class="button">"Withdraw"</button>
        </form>
    }
}
