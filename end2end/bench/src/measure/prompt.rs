//! From the click on "Open shell" to a prompt, next to kubectl's way to one.

use client::Stopwatch;

use super::Stage;
use crate::Sample;
use crate::report::{Figure, Target};
use crate::way::Way;

/// What Shorepass may need beyond kubectl, in milliseconds.
const BEYOND: f64 = 300.0;

pub(super) async fn measure(stage: &Stage, shells: u32) -> anyhow::Result<Vec<Figure>> {
    let (mut ours, mut kubectl) = (Sample::default(), Sample::default());
    for number in 0..=shells {
        let began = Stopwatch::start();
        let (session, _screen) = stage.shorepass().await?;
        let taken = began.read();
        // What is left of one must not slow the next.
        stage.ana.end(session).await?;

        let began = Stopwatch::start();
        let opened = stage.ways.open(Way::Kubectl).await?;
        let taken_by_kubectl = began.read();
        opened.screen.leave().await?;

        // The first of each fills caches.
        if number > 0 {
            ours.add(taken);
            kubectl.add(taken_by_kubectl);
        }
    }
    let figure = |what, percent| {
        let (ours, kubectl) = (ours.percentile(percent), kubectl.percentile(percent));
        Figure::of(what, "ms", ours)
            .beside("kubectl exec", kubectl)
            .should(Target::AtMost(kubectl + BEYOND))
    };
    Ok(vec![figure("click to prompt, median", 50), figure("click to prompt, p95", 95)])
}
