//! Where to open the shell: pods by workload, and their containers.

use domain::broker::{ContainerRow, PodRow, ShellChoice, WorkloadRows};
use domain::{RequestId, later};
use leptos::prelude::*;

use super::param;
use crate::PageContext;
use crate::parts::{
    Ago, Content, Countdown, Empty, GlassTag, Head, Icon, Problem, RiskTag, Tab, Tone, icon, page,
};
use crate::terminal::Preload;

/// The page that asks for pod and container.
#[component]
pub(crate) fn ShellPage() -> impl IntoView {
    let id = param::<RequestId>("id");
    page(Tab::Elsewhere, |broker| async move {
        let choice = broker.shell_choice(id?).await?;
        Ok(Content {
            title: format!("Open a shell in {}", choice.request.place.namespace),
            live: "requests namespaces",
            body: view! { <Choice choice /> }.into_any(),
        })
    })
}

#[component]
fn Choice(choice: ShellChoice) -> impl IntoView {
    let ShellChoice { request, risk, broke_glass, remaining, refused_group, workloads } = choice;
    let until = later(PageContext::current().now, remaining);
    let id = request.id;
    let cluster = request.place.cluster.to_string();
    let line = move || {
        view! {
            <RiskTag risk />
            {broke_glass.then(|| view! { " " <GlassTag /> })}
            " "
            {format!("{cluster} cluster")}
            " · "
            <Countdown left=remaining until />
            " · what is shown is recorded"
        }
        .into_any()
    };
    view! {
        <Head title=format!("Open a shell in {}", request.place.namespace) line>
            <a class="button" href=format!("/requests/{id}")>
                "Back to the request"
            </a>
        </Head>
        {refused_group
            .map(|group| {
                view! {
                    <p class="notice" data-tone="warn">
                        {icon(Icon::Warning)}
                        <span>
                            "The cluster will refuse a shell here: its RBAC gives the group "
                            <code>{group}</code>
                            " no right to open one. The people who run Shorepass can onboard the namespace."
                        </span>
                    </p>
                }
            })}
        <Problem field="pod" />
        <Problem field="container" />
        {if workloads.is_empty() {
            view! {
                <Empty picture=Icon::Namespaces title="No pods here">
                    <p>
                        "The namespace runs nothing at the moment. This page changes by itself when a pod appears."
                    </p>
                </Empty>
            }
            .into_any()
        } else {
            view! {
                <div class="workloads">
                    {workloads
                        .into_iter()
                        .map(|workload| view! { <Workload workload request=id /> })
                        .collect_view()}
                    <Preload />
                </div>
            }
            .into_any()
        }}
    }
    .into_any()
}

#[component]
fn Workload(workload: WorkloadRows, request: RequestId) -> impl IntoView {
    let WorkloadRows { kind, name, pods } = workload;
    let id = format!("workload-{kind}-{name}");
    view! {
        <section class="workload" id=id>
            <h2>
                {name} " " <small>{kind}</small>
            </h2>
            <ul class="list" data-list>
                {pods.into_iter().map(|pod| view! { <Pod pod request /> }).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn Pod(pod: PodRow, request: RequestId) -> impl IntoView {
    let tone = match (pod.ready, pod.restarts) {
        (true, _) => Tone::Good,
        (false, 0..3) => Tone::Warn,
        (false, _) => Tone::Bad,
    };
    let restarts = match pod.restarts {
        0 => None,
        1 => Some("1 restart".to_owned()),
        count => Some(format!("{count} restarts")),
    };
    let name = pod.name.to_string();
    view! {
        <li class="pod" id=format!("pod-{name}")>
            <div class="spread">
                <h3 class="mono">{name.clone()}</h3>
                <p class="row">
                    <span class="health" data-tone=tone.word()>
                        {pod.status}
                    </span>
                    {restarts.map(|restarts| view! { <small>{restarts}</small> })}
                    {pod
                        .created_at
                        .map(|at| {
                            view! {
                                <small>"created " <Ago at /></small>
                            }
                        })}
                </p>
            </div>
            {pod
                .containers
                .into_iter()
                .map(|container| view! { <Container container pod=name.clone() request /> })
                .collect_view()}
        </li>
    }
    .into_any()
}

#[component]
fn Container(container: ContainerRow, pod: String, request: RequestId) -> impl IntoView {
    let name = container.name.to_string();
    view! {
        <div class="container" data-item>
            <div>
                <b>{name.clone()}</b>
                <small class="inline">" " {container.status}</small>
                <small class="mono clip">{container.image}</small>
            </div>
            {match container.no_shell {
                Some(why) => view! { <p class="muted no-shell">{why}</p> }.into_any(),
                None => view! {
                    <form
                        method="post"
                        action=format!("/requests/{request}/shell")
                        id=format!("open-{pod}-{name}")
                    >
                        <input type="hidden" name="pod" value=pod.clone() />
                        <input type="hidden" name="container" value=name.clone() />
                        <button class="button" data-kind="main">
                            "Open shell"
                            <span class="unseen">{format!(" in {name} of {pod}")}</span>
                        </button>
                    </form>
                }
                .into_any(),
            }}
        </div>
    }
    .into_any()
}
