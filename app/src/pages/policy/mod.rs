//! The rules, what they did of late, and what they would say.

mod answer;
mod rules;
mod simulator;

use std::sync::Arc;

use domain::broker::{Broker, FieldProblem, PolicyView, Refusal, Simulated, Simulation};
use domain::text::sentence;
use leptos::prelude::*;

use super::{is_in_query, query};
use crate::Rejected;
use crate::parts::{Content, Head, Tab, page};
use answer::Answer;
use rules::Rules;
use simulator::Simulator;

/// The page of the policy: the rules for those who oversee, the simulator for everybody.
#[component]
pub(crate) fn PolicyPage() -> impl IntoView {
    let asked = asked();
    // A link may fill in the namespace and leave the role to be chosen.
    let sent = is_in_query("role");
    page(Tab::Policy, move |broker| async move {
        let view = broker.policy_view().await?;
        let reply = if sent { reply(&broker, &asked).await? } else { Reply::Nothing };
        Ok(Content {
            title: "Policy".to_owned(),
            live: "policy",
            body: view! { <PolicyBody view asked reply /> }.into_any(),
        })
    })
}

/// What was typed into the simulator: it is a link that can be shared.
fn asked() -> Simulation {
    let typed = |name| query(name).unwrap_or_default();
    Simulation {
        username: typed("person"),
        groups: typed("groups"),
        cluster: typed("cluster"),
        namespace: typed("namespace"),
        role: typed("role"),
        at: typed("at"),
        length: typed("length"),
        break_glass: query("glass").is_some(),
    }
}

/// What the simulator says to what was typed.
enum Reply {
    /// Nothing was asked.
    Nothing,
    Answer(Simulated),
    /// What is wrong with the question.
    Wrong(Vec<FieldProblem>),
    /// Why the question is not theirs to ask, as a sentence.
    Refused(String),
}

async fn reply(broker: &Arc<dyn Broker>, asked: &Simulation) -> Result<Reply, Refusal> {
    if asked.namespace.is_empty() && asked.role.is_empty() {
        return Ok(Reply::Nothing);
    }
    let missing = missing(asked);
    if !missing.is_empty() {
        return Ok(Reply::Wrong(missing));
    }
    match broker.simulate(asked).await {
        Ok(simulated) => Ok(Reply::Answer(simulated)),
        Err(Refusal::Invalid(problems)) => Ok(Reply::Wrong(problems)),
        Err(Refusal::Forbidden { why }) => Ok(Reply::Refused(sentence(&why))),
        Err(refusal) => Err(refusal),
    }
}

/// The fields without which nothing can be answered.
fn missing(asked: &Simulation) -> Vec<FieldProblem> {
    [("namespace", &asked.namespace, "Name a namespace."), ("role", &asked.role, "Choose a role.")]
        .into_iter()
        .filter(|(_, typed, _)| typed.is_empty())
        .map(|(field, _, problem)| FieldProblem { field, problem: problem.to_owned() })
        .collect()
}

#[component]
fn PolicyBody(view: PolicyView, asked: Simulation, reply: Reply) -> impl IntoView {
    if let Reply::Wrong(problems) = &reply {
        Rejected { problems: problems.clone(), ..Rejected::default() }.provide();
    }
    let PolicyView { digest, commit, rules, roles } = view;
    let commit = commit.map(|commit| format!(", commit {}", commit.short())).unwrap_or_default();
    let stamp = format!("{}{commit}", digest.short());
    let oversees = rules.is_some();
    let line = move || {
        if oversees {
            view! { "In force: " <code>{stamp.clone()}</code> }.into_any()
        } else {
            "Why can I, why can't I? Ask what the policy says of you.".into_any()
        }
    };
    view! {
        <Head title="Policy" line />
        <div class="policy">
            <Simulator asked roles oversees />
            {match reply {
                Reply::Nothing | Reply::Wrong(_) => ().into_any(),
                Reply::Answer(simulated) => view! { <Answer simulated /> }.into_any(),
                Reply::Refused(why) => view! {
                    <p class="notice" data-tone="bad" role="alert">
                        {why}
                    </p>
                }
                .into_any(),
            }}
            {rules.map(|rules| view! { <Rules rules /> })}
        </div>
    }
    .into_any()
}
