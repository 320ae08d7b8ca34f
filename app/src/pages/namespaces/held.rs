//! What is held now.

use domain::Action;
use domain::broker::{Held, NamespaceRow};
use leptos::prelude::*;

use crate::parts::{Ago, Countdown, GlassTag, Icon, RiskTag, icon};

/// A grant, first on the page: it is what the person came for.
#[component]
pub(super) fn HeldCard(row: NamespaceRow, held: Held) -> impl IntoView {
    let request = held.request;
    let described = format!("held-{request}");
    let allows_shell = held.role.as_ref().is_some_and(|role| role.actions.contains(&Action::Shell));
    let shell = held.begins.is_none() && allows_shell;
    let (title, guarantee) = match held.role {
        Some(role) => (role.title, role.guarantee.words()),
        None => (held.name.to_string(), "the policy has this role no more"),
    };
    view! {
        <article class="panel grant-card" id=described.clone()>
            <div>
                <h2>
                    {row.place.namespace.to_string()} " " <RiskTag risk=row.risk />
                    {held.broke_glass.then(|| view! { " " <GlassTag /> })}
                </h2>
                <p class="muted">
                    {title} " · " {guarantee} " · "
                    {row.place.cluster.to_string()} " cluster · " {held.scope.words()}
                </p>
            </div>
            <p class="left">
                {icon(Icon::Clock)}
                {match held.begins {
                    Some(at) => view! { "begins " <Ago at /> }.into_any(),
                    None => view! {
                        {held.unclaimed.then_some("to be used within ")}
                        <Countdown left=held.remaining until=held.not_after />
                    }
                    .into_any(),
                }}
            </p>
            <div class="row">
                <a
                    class="button"
                    href=format!("/requests/{request}")
                    aria-describedby=described.clone()
                >
                    "Details"
                </a>
                {shell
                    .then(|| {
                        view! {
                            <a
                                class="button"
                                data-kind="main"
                                href=format!("/requests/{request}/shell")
                                aria-describedby=described.clone()
                            >
                                "Open"
                            </a>
                        }
                    })}
            </div>
        </article>
    }
    .into_any()
}
