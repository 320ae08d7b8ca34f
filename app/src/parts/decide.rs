//! The forms with which people decide on a request, and talk about it.

use domain::broker::RequestView;
use domain::{RequestId, duration};
use leptos::prelude::*;

use super::{Parts, Problem, Select, TextArea};
use crate::Rejected;

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
    if view.standing.may_take_back {
        return view! {
            <p class="muted">"You approved this request."</p>
            <TakeBack id back />
        }
        .into_any();
    }
    if !view.standing.may_decide {
        return view
            .standing
            .why_not
            .map(|why| view! { <p class="notice" data-tone="plain">{why}</p> })
            .into_any();
    }
    view! {
        <div class="decide">
            <form
                method="post"
                action=format!("/requests/{id}/approve")
                id=format!("approve-{id}")
                class="stack"
                novalidate
            >
                <input type="hidden" name="digest" value=view.digest.0.clone() />
                <Back to=back />
                <Less view=view.clone() />
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

/// Think again before the grant is made.
#[component]
pub(crate) fn TakeBack(
    /// The request.
    id: RequestId,
    /// The page to return to, where it is not the request's own.
    #[prop(optional_no_strip)]
    back: Option<&'static str>,
) -> impl IntoView {
    view! {
        <form method="post" action=format!("/requests/{id}/take-back") id=format!("take-back-{id}")>
            <Back to=back />
            <button class="button" data-key="u" aria-keyshortcuts="u">
                "Undo approval"
                <kbd aria-hidden="true">"u"</kbd>
            </button>
        </form>
    }
}

/// What an approver may leave of a request: a shorter time, a smaller role, fewer pods.
#[component]
fn Less(view: RequestView) -> impl IntoView {
    let rejected = Rejected::current();
    let RequestView { request, role, smaller, parts, .. } = view;
    let asked = duration::words(request.length);
    let title = role.map_or_else(|| request.role.to_string(), |role| role.title);
    let chosen = rejected.value("role").unwrap_or_default();
    let wrong = |field| rejected.problem(field).is_some();
    let open = ["role", "scope", "length"].into_iter().any(wrong);
    let too_long = wrong("length");
    let part = rejected.value("scope").unwrap_or_default();
    let all = format!("{}, as asked", request.scope.words());
    view! {
        <details class="less" open=open>
            <summary data-key="e">
                "Give less"
                <kbd aria-hidden="true">"e"</kbd>
            </summary>
            <div class="row">
                {(!smaller.is_empty())
                    .then(|| {
                        view! {
                            <Select id="less-role" name="role" label="Role" more="less-hint">
                                    <option value="">{format!("{title}, as asked")}</option>
                                    {smaller
                                        .into_iter()
                                        .map(|role| {
                                            let name = role.name.to_string();
                                            let selected = name == chosen;
                                            view! {
                                                <option value=name selected=selected>
                                                    {role.title}
                                                </option>
                                            }
                                        })
                                        .collect_view()}
                            </Select>
                        }
                    })}
                {(!parts.is_empty())
                    .then(|| {
                        view! {
                            <Select id="less-scope" name="scope" label="Pods" more="less-hint">
                                <option value="">{all}</option>
                                <Parts parts chosen=part />
                            </Select>
                        }
                    })}
                <div class="field">
                    <label for="less-length">"Length"</label>
                    <input
                        id="less-length"
                        name="length"
                        value=rejected.value("length")
                        placeholder=asked
                        autocomplete="off"
                        aria-invalid=too_long.then_some("true")
                        aria-describedby=if too_long { "length-problem" } else { "less-hint" }
                        autofocus=rejected.is_first("length")
                    />
                    <Problem field="length" />
                </div>
            </div>
            <small id="less-hint">
                "Approvals that were given for more are void, and are asked for again."
            </small>
        </details>
    }
    .into_any()
}

/// Take back one's own request, change it, or remind those who decide on it.
#[component]
pub(crate) fn Withdraw(view: RequestView) -> impl IntoView {
    let id = view.request.id;
    view! {
        <div class="row">
            {view
                .standing
                .may_change
                .then(|| {
                    view! {
                        <a class="button" href=format!("/requests/{id}/change")>
                            "Change"
                        </a>
                    }
                })}
            {view.request.granted_at().is_none().then(|| view! {
                <form method="post" action=format!("/requests/{id}/remind") id=format!("remind-{id}")>
                    <button class="button">"Remind"</button>
                </form>
            })}
            <form
                method="post"
                action=format!("/requests/{id}/withdraw")
                id=format!("withdraw-{id}")
            >
                <button class="button">"Withdraw"</button>
            </form>
        </div>
    }
}

/// Review in writing that the glass was broken.
#[component]
pub(crate) fn ReviewGlass(view: RequestView) -> impl IntoView {
    view.standing.may_review.then(|| {
        view! {
            <Words
                view
                step="review"
                name="words"
                class="decide"
                label="Review"
                hint="Was it needed, and what was done? At least 10 characters; it closes this request."
                hinted="review-hint"
                rows=3
                at_least=10
            >
                <button class="button" data-kind="main">
                    "Close with this review"
                </button>
            </Words>
        }
    })
}

/// Say something about a request.
#[component]
pub(crate) fn Comment(view: RequestView) -> impl IntoView {
    view! {
        <Words
            view
            step="comment"
            name="comment"
            class="comment"
            label="Comment"
            hint="Seen by everybody who may see this request."
            hinted="comment-hint"
            rows=1
            at_least=1
        >
            <button class="button">"Send comment"</button>
        </Words>
    }
}

/// A form of one text about a request.
#[component]
fn Words(
    view: RequestView,
    /// The last part of the address that it is sent to.
    step: &'static str,
    /// The field's name.
    name: &'static str,
    class: &'static str,
    label: &'static str,
    hint: &'static str,
    /// The hint's id.
    hinted: &'static str,
    rows: u16,
    at_least: u16,
    /// Its button.
    children: Children,
) -> impl IntoView {
    let request = view.request.id;
    let (form, field) = (format!("{step}-{request}"), format!("{step}-words-{request}"));
    view! {
        <form
            method="post"
            action=format!("/requests/{request}/{step}")
            id=form.clone()
            class=class
            data-draft=form
            novalidate
        >
            <div class="field">
                <label for=field.clone()>{label}</label>
                <TextArea id=field name=name hint=hinted rows at_least />
                <Problem field=name />
                <small id=hinted>{hint}</small>
            </div>
            {children()}
        </form>
    }
}
