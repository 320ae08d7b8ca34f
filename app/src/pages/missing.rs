//! Whatever no route is for.

use domain::broker::Refusal;
use leptos::prelude::*;

use crate::parts::{Tab, page};

/// The page of an address that leads nowhere.
#[component]
pub(crate) fn MissingPage() -> impl IntoView {
    page(Tab::Elsewhere, |_| async { Err(Refusal::NotFound) })
}
