//! xterm, as `js/emulator.ts` wraps it.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, HtmlTextAreaElement};

#[wasm_bindgen(raw_module = "shorepass-emulator")]
extern "C" {
    /// A screen inside an element of the page.
    #[derive(Clone)]
    pub(crate) type Emulator;

    /// Opens a screen, or throws where xterm is not the version it was made for.
    #[wasm_bindgen(constructor, catch)]
    pub(crate) fn new(host: &HtmlElement, events: Events) -> Result<Emulator, JsValue>;

    /// Shows output without copying it. The first `quiet` bytes were shown before: queries in them
    /// stay unanswered. `end` comes back when the piece was parsed.
    #[wasm_bindgen(method)]
    pub(crate) fn write(this: &Emulator, bytes: &Uint8Array, quiet: usize, end: f64);

    /// Shows what a terminal of that size held, instead of everything that was written, and takes
    /// this screen's own size again. Queries in it stay unanswered; it is not told when it was
    /// parsed.
    #[wasm_bindgen(method)]
    pub(crate) fn draw(this: &Emulator, drawing: &Uint8Array, columns: u16, rows: u16);

    /// Keeps to a size, whatever room there is: somebody else's terminal is looked at.
    #[wasm_bindgen(method)]
    pub(crate) fn hold(this: &Emulator, columns: u16, rows: u16);

    /// Clears the screen and what was scrolled away, after everything that was written.
    #[wasm_bindgen(method)]
    pub(crate) fn clear(this: &Emulator);

    /// Whether typing does anything.
    #[wasm_bindgen(method, js_name = setWritable)]
    pub(crate) fn set_writable(this: &Emulator, writable: bool);

    /// The session is over: keys are for what comes next.
    #[wasm_bindgen(method)]
    pub(crate) fn end(this: &Emulator);

    /// Writes what is shown into a field too, and has it read out; into none ends both.
    #[wasm_bindgen(method)]
    pub(crate) fn transcribe(this: &Emulator, area: Option<&HtmlTextAreaElement>);

    /// Calls a function (see [`found`]) when the number of matches, or the one shown, changed.
    #[wasm_bindgen(method, js_name = onFound)]
    pub(crate) fn on_found(this: &Emulator, tell: &JsValue);

    /// Shows a match and marks all.
    #[wasm_bindgen(method)]
    pub(crate) fn find(this: &Emulator, text: &str, place: Where);

    /// Marks nothing any more, and takes the focus.
    #[wasm_bindgen(method, js_name = endFind)]
    pub(crate) fn end_find(this: &Emulator);

    /// Makes the text larger by so many CSS pixels, and remembers it.
    #[wasm_bindgen(method, js_name = changeFontSize)]
    pub(crate) fn change_font_size(this: &Emulator, by: f64);

    /// Presses a key that a phone has not got: `Ctrl`, for the next letter, and what `js/` names.
    #[wasm_bindgen(method)]
    pub(crate) fn press(this: &Emulator, key: &str);

    /// The name of the colours.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn colours(this: &Emulator) -> String;

    /// Takes the next colours, remembers them and returns their name.
    #[wasm_bindgen(method, js_name = changeColours)]
    pub(crate) fn change_colours(this: &Emulator) -> String;

    /// The width in characters.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn columns(this: &Emulator) -> u16;

    /// The height in characters.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn rows(this: &Emulator) -> u16;

    /// Takes the focus, where nothing else on the page has it.
    #[wasm_bindgen(method, js_name = offerFocus)]
    pub(crate) fn offer_focus(this: &Emulator);
}

/// Which match to show.
#[wasm_bindgen]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// The latest one.
    Latest = "latest",
    /// The next one.
    Next = "next",
    /// The one before.
    Before = "before",
}

/// A function for [`Emulator::on_found`] that lives as long as the page.
pub(crate) fn found(tell: impl FnMut(u32, u32) + 'static) -> JsValue {
    Closure::<dyn FnMut(u32, u32)>::new(tell).into_js_value()
}

/// What the emulator tells.
#[wasm_bindgen(getter_with_clone)]
pub struct Events {
    /// Input, and whether the emulator made it by itself (T-01): `(Uint8Array, boolean)`.
    pub input: JsValue,
    /// A piece was parsed: `(number)`.
    pub parsed: JsValue,
    /// The size changed: `(columns, rows)`.
    pub resized: JsValue,
}

impl Events {
    /// The functions live as long as the page.
    pub(crate) fn new(
        input: impl FnMut(Vec<u8>, bool) + 'static,
        parsed: impl FnMut(f64) + 'static,
        resized: impl FnMut(u16, u16) + 'static,
    ) -> Self {
        Self {
            input: Closure::<dyn FnMut(Vec<u8>, bool)>::new(input).into_js_value(),
            parsed: Closure::<dyn FnMut(f64)>::new(parsed).into_js_value(),
            resized: Closure::<dyn FnMut(u16, u16)>::new(resized).into_js_value(),
        }
    }
}
