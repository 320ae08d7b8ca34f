//! What the portal knows of a container.

use std::collections::BTreeMap;

use broker::port::{Container, ContainerKind};
use domain::ContainerName;
use domain::text::seen;
use k8s_openapi::api::core::v1 as api;

/// The most that is kept of an image's name, in characters.
const LONGEST_IMAGE: usize = 300;
/// The most that is kept of a reason, in characters.
const LONGEST_REASON: usize = 80;

/// The statuses of a pod's containers, by name.
pub(super) type Statuses = BTreeMap<String, api::ContainerStatus>;

pub(super) fn by_name(statuses: Option<Vec<api::ContainerStatus>>) -> Statuses {
    statuses.unwrap_or_default().into_iter().map(|status| (status.name.clone(), status)).collect()
}

/// Nothing where the name is not one that can be sent back.
pub(super) fn read(
    name: &str,
    image: Option<&str>,
    kind: ContainerKind,
    statuses: &Statuses,
) -> Option<Container> {
    let state = statuses.get(name).and_then(|status| status.state.as_ref());
    Some(Container {
        name: ContainerName::parse(name).ok()?,
        kind,
        image: seen(image.unwrap_or_default(), LONGEST_IMAGE),
        status: words(state),
        running: state.is_some_and(|state| state.running.is_some()),
    })
}

fn words(state: Option<&api::ContainerState>) -> String {
    let Some(state) = state else { return "Waiting".to_owned() };
    let said = |kind: &str, reason: Option<String>| match reason {
        Some(reason) => format!("{kind}: {reason}"),
        None => kind.to_owned(),
    };
    if state.running.is_some() {
        "Running".to_owned()
    } else if let Some(terminated) = &state.terminated {
        said("Terminated", Some(ending(terminated)))
    } else {
        said("Waiting", waiting(state))
    }
}

/// The reason for waiting, if one is said.
pub(super) fn waiting(state: &api::ContainerState) -> Option<String> {
    let reason = state.waiting.as_ref()?.reason.as_ref()?;
    (!reason.is_empty()).then(|| seen(reason, LONGEST_REASON))
}

/// How a container ended, as kubectl says it.
pub(super) fn ending(terminated: &api::ContainerStateTerminated) -> String {
    match (&terminated.reason, terminated.signal) {
        (Some(reason), _) if !reason.is_empty() => seen(reason, LONGEST_REASON),
        (_, Some(signal)) if signal != 0 => format!("Signal:{signal}"),
        _ => format!("ExitCode:{}", terminated.exit_code),
    }
}
