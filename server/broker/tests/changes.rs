//! What open pages hear of, also of what they missed.
#![allow(missing_docs, clippy::unwrap_used)]

mod world;

use broker::{Bound, Change};
use domain::broker::Broker as _;
use domain::{Fact, Person};
use futures::stream::BoxStream;
use futures::{FutureExt as _, StreamExt as _};
use world::World;

const EVERYTHING: usize = 6;

async fn person(bound: &Bound) -> Person {
    bound.frame().await.unwrap().person
}

/// What somebody's page hears that has seen everything up to an event.
fn page(world: &World, of: &Person, after: u64) -> BoxStream<'static, Change> {
    world.portal.changes(of.clone(), after)
}

/// What is there to be heard at this moment.
async fn heard(page: &mut BoxStream<'static, Change>) -> Option<Change> {
    // What is written is told by a task of its own.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    page.next().now_or_never().flatten()
}

#[tokio::test]
async fn a_page_hears_what_concerns_its_person_and_missed_it_too() {
    let world = World::new().await;
    let (ana, eve) = (person(&world.ana()).await, person(&world.eve()).await);
    let mut open = page(&world, &ana, 0);
    let mut strange = page(&world, &eve, 0);
    let mut overseer = page(&world, &person(&world.dora()).await, 0);
    assert_eq!(heard(&mut open).await, None, "the start concerns who oversees");
    assert_eq!(heard(&mut overseer).await.unwrap().number, 1, "operators, too");
    world.asked("payments").await;
    let change = heard(&mut open).await.unwrap();
    assert_eq!((change.number, &*change.topics), (2, &["requests", "audit"][..]));
    assert_eq!(heard(&mut open).await, None, "once");
    assert_eq!(heard(&mut strange).await, None);
    // Who comes back hears what was missed, by the number of the newest.
    world.asked("payments").await;
    let mut back = page(&world, &ana, change.number);
    assert_eq!(heard(&mut back).await.unwrap().number, 3);
    assert_eq!(heard(&mut back).await, None);
    let mut current = page(&world, &ana, 3);
    assert_eq!(heard(&mut current).await, None, "nothing was missed");
}

#[tokio::test]
async fn who_missed_much_or_what_cannot_be_read_hears_that_everything_changed() {
    let world = World::new().await;
    let ana = person(&world.ana()).await;
    let mut slow = page(&world, &ana, 0);
    assert_eq!(heard(&mut slow).await, None);
    for _ in 0..300 {
        world.portal.note(None, Fact::Watched).await.unwrap();
    }
    let mut back = page(&world, &ana, 0);
    assert_eq!(heard(&mut back).await.unwrap().topics.len(), EVERYTHING);
    assert_eq!(heard(&mut slow).await.unwrap().topics.len(), EVERYTHING, "it lags");
    world.store.break_down(true);
    let mut blind = page(&world, &ana, 0);
    let change = heard(&mut blind).await.unwrap();
    assert_eq!((change.number, change.topics.len()), (0, EVERYTHING), "no event was read");
}
