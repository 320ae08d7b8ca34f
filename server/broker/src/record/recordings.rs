//! The recordings that one person may read.

use std::time::Duration;

use domain::broker::{RecordingFilter, RecordingList, RecordingRow, Refusal, Searched};
use domain::{Fact, SessionState, text};

use super::log;
use super::review::may_review;
use super::transcript::{Sought, shown};
use crate::Bound;
use crate::port::{Recorded, RecorderError};
use crate::portal::unavailable;
use crate::shell::row;

/// Recordings on one page.
const PAGE: usize = 50;
/// How many are read at a time.
const BATCH: u16 = 100;
/// How many are looked at for one page. Whoever may read few of them goes on from there.
const LOOKED_AT: usize = 1_000;
/// How long is looked for a text before the page is shown with what was found.
const LOOKED_FOR: Duration = Duration::from_secs(3);
/// Longest text in the audit log, in characters.
const LONGEST_SEARCH: usize = 200;

pub(crate) async fn recordings(
    bound: &Bound,
    filter: &RecordingFilter,
) -> Result<RecordingList, Refusal> {
    let mut search = match filter.shown.as_deref().and_then(Sought::new) {
        None => None,
        Some(sought) => Some(Search::begin(bound, sought).await?),
    };
    let mut filter = filter.clone();
    let (mut rows, mut looked_at) = (Vec::new(), 0);
    let next = 'pages: loop {
        let batch = bound.portal.store.recordings(&filter, BATCH).await.map_err(unavailable)?;
        let last = batch.len() < usize::from(BATCH);
        for recorded in batch {
            let tired = search.as_ref().is_some_and(|search| search.is_over(bound));
            if rows.len() == PAGE || looked_at == LOOKED_AT || tired {
                break 'pages filter.before;
            }
            looked_at += 1;
            filter.before = Some(recorded.session.id);
            let row = readable(bound, recorded).await?;
            rows.extend(match &mut search {
                None => row,
                Some(search) => search.within(bound, row).await?,
            });
        }
        if last {
            break None;
        }
    };
    Ok(RecordingList { rows, next, searched: search.map(|search| search.searched) })
}

/// A text that is looked for in recordings.
struct Search {
    sought: Sought,
    /// When it must come to its end.
    until: Duration,
    searched: Searched,
}

impl Search {
    /// Nothing is read before the audit log says what is looked for.
    async fn begin(bound: &Bound, sought: Sought) -> Result<Self, Refusal> {
        let portal = &bound.portal;
        let fact = Fact::RecordingsSearched { text: text::seen(sought.text(), LONGEST_SEARCH) };
        portal.note(Some(&bound.person), fact).await?;
        let searched = Searched::default();
        Ok(Self { sought, until: portal.clock.since_boot() + LOOKED_FOR, searched })
    }

    fn is_over(&self, bound: &Bound) -> bool {
        bound.portal.clock.since_boot() > self.until
    }

    /// The recording, if it shows what is looked for. What cannot be read, or not whole, is counted,
    /// as it may show anything; what was removed is not.
    async fn within(
        &mut self,
        bound: &Bound,
        row: Option<RecordingRow>,
    ) -> Result<Option<RecordingRow>, Refusal> {
        let Some(row) = row else { return Ok(None) };
        let id = row.session.session.id;
        let hit = match shown(bound, id).await {
            Ok(shown) => {
                self.searched.read += 1;
                self.searched.shortened += u32::from(shown.missing > 0);
                self.sought.hit(&shown.lines)
            }
            Err(RecorderError::NotFound) if log::removed(bound, id).await? => None,
            Err(_) => {
                self.searched.unread += 1;
                None
            }
        };
        Ok(hit.map(|hit| RecordingRow { hit: Some(hit), ..row }))
    }
}

/// The recording as a row, if this person may read it.
async fn readable(bound: &Bound, recorded: Recorded) -> Result<Option<RecordingRow>, Refusal> {
    let Recorded { session, review } = recorded;
    let SessionState::Ended { at: ended_at, recording: Some(sealed), .. } = session.state.clone()
    else {
        return Ok(None);
    };
    let session = row(bound, session).await?.filter(|row| row.may_replay);
    Ok(session.map(|session| {
        let may_review = may_review(bound, &session, review.as_ref());
        RecordingRow { session, ended_at, sealed, review, may_review, hit: None }
    }))
}
