//! The page's timers and its clock.

use std::time::Duration;

use leptos::prelude::{TimeoutHandle, set_timeout_with_handle};

/// Something that will be done; not any more once this is dropped.
pub(crate) struct Timer(TimeoutHandle);

impl Timer {
    /// Does something once, later.
    pub(crate) fn after(pause: Duration, then: impl FnOnce() + 'static) -> Option<Self> {
        set_timeout_with_handle(then, pause).ok().map(Self)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.0.clear();
    }
}

/// Time since the page began; nobody can step it.
pub(crate) fn now() -> Duration {
    let performance = web_sys::window().and_then(|window| window.performance());
    performance.map_or(Duration::ZERO, |clock| Duration::from_secs_f64(clock.now() / 1_000.0))
}
