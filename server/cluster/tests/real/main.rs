//! The cluster crate against a real API server and kubelet.
//!
//! `SHOREPASS_TEST_KUBECONFIG` names the kubeconfig of an administrator, and
//! `SHOREPASS_TEST_AUDIT_LOG` the API server's audit log; `end2end/cluster/up` starts such a
//! cluster. Each test lives in a namespace of its own.

#[cfg(test)]
mod audit;
#[cfg(test)]
mod clean_up;
#[cfg(test)]
mod onboarding;
#[cfg(test)]
mod shells;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod thief;
