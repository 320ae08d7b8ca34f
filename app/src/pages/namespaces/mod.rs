//! Home: what may be requested, and what is held now.

mod held;
mod nothing;
mod rows;

use domain::broker::{ClusterHealth, Home, NamespaceRow};
use leptos::prelude::*;

use super::query;
use crate::PageContext;
use crate::parts::{Ago, Content, Empty, Head, Icon, Search, Tab, icon, page};
use held::HeldCard;
use nothing::Nothing;
use rows::Rows;

/// The namespaces page.
#[component]
pub(crate) fn NamespacesPage() -> impl IntoView {
    let wanted = query("q");
    page(Tab::Namespaces, |broker| async move {
        let home = broker.home().await?;
        Ok(Content {
            title: "Namespaces".to_owned(),
            live: "requests sessions namespaces policy",
            body: view! { <HomeView home wanted /> }.into_any(),
        })
    })
}

#[component]
fn HomeView(home: Home, wanted: Option<String>) -> impl IntoView {
    let Home { mut rows, total, unreachable, nothing } = home;
    let favourites = PageContext::current().favourites;
    // What is held stays first, and the others in their order.
    rows.sort_by_key(|row| (row.held.is_empty(), !favourites.contains(&row.place)));
    let held: Vec<_> = rows
        .iter()
        .flat_map(|row| row.held.iter().map(|held| (row.clone(), held.clone())))
        .collect();
    let requestable = rows.iter().filter(|row| !row.offers.is_empty()).count();
    let matching: Vec<_> = rows
        .into_iter()
        .filter(|row| wanted.as_deref().is_none_or(|wanted| matches(row, wanted)))
        .collect();
    let caption = format!("{requestable} of {total} namespaces can be requested by you");
    let search = wanted.clone();
    view! {
        <Head title="Namespaces" line=|| "What you may ask for, and what you hold now.">
            <Search
                action="/"
                label="Find a namespace"
                placeholder="Namespace, owner or alert link"
                wanted=search
            />
        </Head>
        {unreachable.into_iter().map(|cluster| view! { <Unreachable cluster /> }).collect_view()}
        {(!held.is_empty())
            .then(|| {
                view! {
                    <section class="stack" aria-label="What you hold now">
                        {held
                            .into_iter()
                            .map(|(row, held)| view! { <HeldCard row held /> })
                            .collect_view()}
                    </section>
                }
            })}
        {match (nothing, matching.is_empty(), wanted) {
            (Some(nothing), ..) => view! { <Nothing nothing /> }.into_any(),
            (None, true, Some(wanted)) => view! {
                <Empty picture=Icon::Search title=format!("No namespace matches “{wanted}”")>
                    <p>
                        {caption}
                        ". Those that you may not request are not listed: ask their owners."
                    </p>
                    <p>
                        <a class="button" href="/">
                            "Show all of mine"
                        </a>
                    </p>
                </Empty>
            }
            .into_any(),
            _ => view! { <Rows rows=matching caption /> }.into_any(),
        }}
    }
    .into_any()
}

/// Whether a row is meant by what was typed: a part of a name, an owner, `namespace/pod`, or the
/// address of an alert that names the namespace.
fn matches(row: &NamespaceRow, wanted: &str) -> bool {
    let wanted = wanted.to_lowercase();
    let name = row.place.namespace.as_str();
    name.contains(&wanted)
        || row.place.cluster.as_str().contains(&wanted)
        || row.owner.as_ref().is_some_and(|owner| owner.to_lowercase().contains(&wanted))
        || wanted
            .split(|character: char| !character.is_ascii_alphanumeric() && character != '-')
            .any(|word| word == name)
}

#[component]
fn Unreachable(cluster: ClusterHealth) -> impl IntoView {
    let name = cluster.name.to_string();
    let meanwhile = if cluster.namespaces > 0 {
        "). You can ask and approve; shells and pod health have to wait."
    } else {
        "). Its namespaces are not known: asking, approving and shells have to wait."
    };
    view! {
        <div class="notice" data-tone="warn" id=format!("unreachable-{name}")>
            {icon(Icon::Warning)}
            <p>
                <b>{format!("Cluster {name} does not answer")}</b>
                " since "
                <Ago at=cluster.since />
                " ("
                {cluster.why}
                {meanwhile}
            </p>
        </div>
    }
}
