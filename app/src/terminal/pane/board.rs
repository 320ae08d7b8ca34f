//! What is known about the terminal, as the page shows it.

use std::time::Duration;

use domain::wire::Participant;
use leptos::prelude::*;

use super::notice::Notice;
use crate::parts::Tone;
use crate::terminal::link::{Watch, now};
use crate::terminal::phase::Phase;
use crate::terminal::{left, people};

/// What is known about the terminal.
#[derive(Clone, Copy)]
pub(super) struct Board {
    pub(super) phase: RwSignal<Phase>,
    pub(super) writer: RwSignal<bool>,
    pub(super) notice: RwSignal<Option<Notice>>,
    /// What is left, in whole seconds' steps.
    left: RwSignal<Option<Duration>>,
    /// When nothing will be left, on the page's own clock.
    until: RwSignal<Option<Duration>>,
    present: RwSignal<Vec<Participant>>,
    /// When output was skipped last, on the page's own clock.
    skipped: StoredValue<Option<Duration>>,
}

/// Output that is skipped again within this time belongs to the same flood, which is spoken of
/// once.
const ONE_FLOOD: Duration = Duration::from_mins(1);

impl Board {
    pub(super) fn new() -> Self {
        Self {
            phase: RwSignal::new(Phase::Connecting),
            writer: RwSignal::new(true),
            notice: RwSignal::default(),
            left: RwSignal::new(None),
            until: RwSignal::new(None),
            present: RwSignal::default(),
            skipped: StoredValue::new(None),
        }
    }

    pub(super) fn left_in_words(self) -> Option<String> {
        self.left.get().filter(|_| !self.phase.read().is_final()).map(left::words)
    }

    pub(super) fn left_tone(self) -> &'static str {
        self.left.get().map_or(Tone::Plain, left::tone).word()
    }

    pub(super) fn present_in_words(self) -> Option<String> {
        if self.phase.read().is_final() {
            return None;
        }
        people::present(self.writer.get(), &self.present.read())
    }

    /// The server says now and then how much is left; in between it is counted here.
    pub(super) fn count_down(self) {
        set_interval(
            move || {
                if let Some(until) = self.until.get_untracked() {
                    self.counted(until.saturating_sub(now()));
                }
            },
            Duration::from_secs(1),
        );
    }

    fn counted(self, left: Duration) {
        let before = self.left.get_untracked().unwrap_or(left);
        if !self.phase.read_untracked().is_final()
            && let Some(words) = left::warning(before, left)
        {
            self.notice.set(Some(Notice { tone: left::tone(left), words }));
        }
        self.left.set(Some(left));
    }
}

impl Watch for Board {
    fn phase(&self, phase: Phase) {
        if phase.is_final() {
            // What was said of the time is over with it.
            self.notice.set(None);
        }
        self.phase.set(phase);
    }

    fn writer(&self, writer: bool) {
        self.writer.set(writer);
    }

    fn left(&self, left: Duration) {
        let until = now() + left;
        if let Some(before) = self.until.get_untracked()
            && until > before + left::EXTENDED
        {
            let words = left::extended(left, js_sys::Date::now());
            self.notice.set(Some(Notice { tone: Tone::Good, words }));
            self.left.set(None);
        }
        self.until.set(Some(until));
        self.counted(left);
    }

    fn present(&self, people: Vec<Participant>) {
        self.present.set(people);
    }

    fn restarting(&self, left: Duration) {
        self.notice.set(Some(Notice { tone: Tone::Warn, words: left::restarting(left) }));
    }

    fn skipped(&self) {
        let before = self.skipped.get_value();
        self.skipped.set_value(Some(now()));
        if before.is_none_or(|before| now().saturating_sub(before) > ONE_FLOOD) {
            let words = "Some output was skipped here; the recording has all of it".to_owned();
            self.notice.set(Some(Notice { tone: Tone::Plain, words }));
        }
    }

    fn refused(&self, what: &'static str) {
        self.notice.set(Some(Notice { tone: Tone::Warn, words: what.to_owned() }));
    }
}
