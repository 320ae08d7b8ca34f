//! What the browser loads of the rich pages: their islands, and nothing of the ordinary pages.

// The islands are exported by the crate that they are in.
use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Prepares the page; the script that loaded this module then calls each island on it.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
