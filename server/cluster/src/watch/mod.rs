//! What is known of namespaces and pods, kept up to date by watches.
//!
//! The portal's own calls: it reads, and asks who may do what (H-10). Owners of pods are named
//! without reading them: a `ReplicaSet` made by a `Deployment` is called `<deployment>-<hash>`, and
//! its pods carry the hash as their label `pod-template-hash`.

mod catalogue;
mod container;
mod knowledge;
mod namespace;
mod observer;
mod pod;
mod reach;

use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt as _, stream};

pub(crate) use knowledge::Knowledge;
use knowledge::Trouble;
pub(crate) use observer::{NoAnswer, Observer};

/// How often the API server is asked for a sign of life: an idle watch says nothing of it.
const BEAT: Duration = Duration::from_secs(5);

/// Watches until it is dropped.
pub(crate) async fn observe(observer: Observer, knowledge: Arc<Knowledge>) {
    loop {
        // After a silence the watches begin anew: a connection that died without a word would
        // keep them waiting.
        tokio::select! {
            () = follow(&observer, &knowledge) => {}
            () = until_recovered(&observer, &knowledge) => {}
        }
    }
}

async fn follow(observer: &Observer, knowledge: &Knowledge) {
    let namespaces = observer.namespaces().map(|item| knowledge.take_namespace(item)).boxed();
    let pods = observer.pods().map(|item| knowledge.take_pod(item)).boxed();
    stream::select(namespaces, pods).collect::<()>().await;
}

/// Returns when the API server answers again after it did not.
async fn until_recovered(observer: &Observer, knowledge: &Knowledge) {
    let mut silent = false;
    loop {
        match observer.beat().await {
            Ok(()) => {
                knowledge.answers();
                if silent {
                    return;
                }
            }
            Err(cause) => {
                silent = true;
                knowledge.silent(Trouble::of(&cause));
            }
        }
        tokio::time::sleep(BEAT).await;
    }
}
