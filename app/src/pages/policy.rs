//! The rules, what they did of late, and what they would say.

use std::sync::Arc;

use domain::RoleName;
use domain::broker::{
    Broker, FieldProblem, Judged, PolicyView, Refusal, RuleRow, Simulated, Simulation,
};
use domain::policy::Decision;
use domain::text::sentence;
use leptos::prelude::*;

use super::query;
use crate::Rejected;
use crate::parts::{
    Content, Head, Icon, Problem, Select, Tab, Tag, Tone, absolute, counted, decides, icon, page,
};

/// The page of the policy: the rules for those who oversee, the simulator for everybody.
#[component]
pub(crate) fn PolicyPage() -> impl IntoView {
    let asked = asked();
    page(Tab::Policy, |broker| async move {
        let view = broker.policy_view().await?;
        let reply = reply(&broker, &asked).await?;
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
fn PolicyBody(view: Option<PolicyView>, asked: Simulation, reply: Reply) -> impl IntoView {
    if let Reply::Wrong(problems) = &reply {
        Rejected { problems: problems.clone(), ..Rejected::default() }.provide();
    }
    let roles = view.as_ref().map(|view| view.roles.clone());
    let stamp = view.as_ref().map(|view| {
        let commit = view.commit.as_ref().map(|commit| format!(", commit {}", commit.short()));
        format!("{}{}", view.digest.short(), commit.unwrap_or_default())
    });
    let line = move || match &stamp {
        Some(stamp) => view! { "In force: " <code>{stamp.clone()}</code> }.into_any(),
        None => "Why can I, why can't I? Ask what the policy says of you.".into_any(),
    };
    view! {
        <Head title="Policy" line />
        <div class="policy">
            <Simulator asked roles />
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
            {view.map(|view| view! { <Rules rules=view.rules /> })}
        </div>
    }
    .into_any()
}

#[component]
fn Simulator(
    asked: Simulation,
    /// The policy's roles, for whoever oversees.
    roles: Option<Vec<RoleName>>,
) -> impl IntoView {
    let Simulation { username, groups, cluster, namespace, role, at, length, break_glass } = asked;
    let oversees = roles.is_some();
    view! {
        <form method="get" action="/policy" class="panel simulator" id="simulator">
            <h2>{if oversees { "Simulator" } else { "Ask the policy" }}</h2>
            <div class="fields">
                {oversees
                    .then(|| {
                        view! {
                            <Field name="person" label="Person" value=username hint="You, if empty" />
                            <Field name="groups" label="Groups" value=groups hint="oncall, platform" />
                        }
                    })}
                <Field name="namespace" label="Namespace" value=namespace hint="payments" />
                {match roles {
                    Some(roles) => view! { <RoleChoice roles chosen=role /> }.into_any(),
                    None => view! {
                        <Field name="role" label="Role" value=role hint="shell" />
                    }
                    .into_any(),
                }}
                <Field name="cluster" label="Cluster" value=cluster hint="The only one, if empty" />
                <Field name="at" label="When" value=at hint="Now, if empty" />
                <Field name="length" label="Length" value=length hint="30m" />
                <label class="tick">
                    <input type="checkbox" name="glass" value="broken" checked=break_glass />
                    "Glass broken"
                </label>
            </div>
            <button class="button" data-kind="main">
                "Ask"
            </button>
        </form>
    }
}

#[component]
fn Field(
    name: &'static str,
    label: &'static str,
    value: String,
    hint: &'static str,
) -> impl IntoView {
    let rejected = Rejected::current();
    let wrong = rejected.problem(name).is_some();
    let id = format!("ask-{name}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                name=name
                value=value
                placeholder=hint
                autocomplete="off"
                aria-invalid=wrong.then_some("true")
                aria-describedby=wrong.then(|| format!("{name}-problem"))
                autofocus=rejected.is_first(name)
            />
            <Problem field=name />
        </div>
    }
}

/// One of the policy's roles.
#[component]
fn RoleChoice(roles: Vec<RoleName>, chosen: String) -> impl IntoView {
    let mut names: Vec<_> = roles.iter().map(ToString::to_string).collect();
    // A role that was removed stays to be seen.
    if !chosen.is_empty() && !names.contains(&chosen) {
        names.insert(0, chosen.clone());
    }
    view! {
        <Select id="ask-role" name="role" label="Role">
                <option value="">"Choose one"</option>
                {names
                    .into_iter()
                    .map(|name| {
                        let selected = name == chosen;
                        view! {
                            <option value=name.clone() selected=selected>
                                {name.clone()}
                            </option>
                        }
                    })
                    .collect_view()}
        </Select>
    }
}

/// The decision, and of each rule why it applied or not.
#[component]
fn Answer(simulated: Simulated) -> impl IntoView {
    let Simulated {
        username,
        account,
        groups,
        groups_missing,
        holds,
        namespace,
        labels,
        at,
        ruling,
        rules,
    } = simulated;
    let given = ruling.decision.is_requestable();
    let asks = matches!(ruling.decision, Decision::Ask(_));
    let groups: Vec<_> = groups.iter().map(ToString::to_string).collect();
    let labels: Vec<_> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let listed =
        |list: Vec<String>| if list.is_empty() { "none".to_owned() } else { list.join(", ") };
    view! {
        <section class="panel" aria-labelledby="answer">
            <h2 id="answer">"Decision"</h2>
            <p class="said">
                {icon(if given { Icon::Check } else { Icon::Cross })}
                <span>
                    {asks.then_some("Asks ")} {sentence(&decides(&ruling))}
                    {ruling.preliminary.then_some(" It may depend on length, reason or ticket.")}
                </span>
            </p>
            <dl class="facts">
                <dt>"Person"</dt>
                <dd>
                    {username.to_string()}
                    {account
                        .map(|key| {
                            view! { <small>{format!("{} at {}", key.subject, key.issuer)}</small> }
                        })}
                </dd>
                <dt>"Groups"</dt>
                <dd>{listed(groups)} <small>{groups_missing}</small></dd>
                {(!holds.is_empty())
                    .then(|| {
                        let holds = holds.into_iter().map(|held| (held.role, held.place.namespace));
                        view! {
                            <dt>"Holds"</dt>
                            <dd>{listed(holds.map(|(role, place)| format!("{role} in {place}")).collect())}</dd>
                        }
                    })}
                <dt>"Namespace"</dt>
                <dd>{namespace.to_string()} <small>{listed(labels)}</small></dd>
                <dt>"When"</dt>
                <dd>{absolute(at)}</dd>
            </dl>
            <table class="judged">
                <caption class="unseen">"Each rule, and why it applies or not"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Rule"</th>
                        <th scope="col">"Says"</th>
                        <th scope="col">"Why"</th>
                    </tr>
                </thead>
                <tbody>{rules.into_iter().map(|rule| view! { <Row rule /> }).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

#[component]
fn Row(rule: Judged) -> impl IntoView {
    let Judged { name, verdict, why, applies, decides } = rule;
    view! {
        <tr data-applies=applies.then_some("")>
            <th scope="row">
                <code>{name.to_string()}</code>
                {decides.then(|| view! { " " <Tag tone=Tone::Accent text="decides" /> })}
            </th>
            <td data-label="Says">
                <span>{verdict}</span>
            </td>
            <td data-label="Why">
                <span>{why}</span>
            </td>
        </tr>
    }
}

#[component]
fn Rules(rules: Vec<RuleRow>) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="rules">
            <h2 id="rules">"Rules"</h2>
            <p class="muted">
                "A deny wins, then the most specific rule; their order decides nothing. What no rule allows is denied."
            </p>
            <table>
                <caption class="unseen">"Rules in force"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Rule"</th>
                        <th scope="col">"When"</th>
                        <th scope="col">"Says"</th>
                        <th scope="col">"In 30 days"</th>
                    </tr>
                </thead>
                <tbody>
                    {rules
                        .into_iter()
                        .map(|rule| {
                            view! {
                                <tr>
                                    <th scope="row">
                                        <code>{rule.name.to_string()}</code>
                                    </th>
                                    <td data-label="When">
                                        {rule
                                            .condition
                                            .into_iter()
                                            .map(|(part, words)| {
                                                view! { <div><small class="inline">{part}</small> " " {words}</div> }
                                            })
                                            .collect_view()}
                                    </td>
                                    <td data-label="Says">
                                        <span>{rule.verdict}</span>
                                    </td>
                                    <td data-label="In 30 days">
                                        <span>{counted(rule.decided)}</span>
                                    </td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </section>
    }
    .into_any()
}
