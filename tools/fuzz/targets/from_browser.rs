//! Anything may come over a browser's socket: it is a message, or it is refused.
#![no_main]

use domain::wire::BrowserMessage;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(message) = BrowserMessage::decode(bytes) else { return };
    let written = message.encode();
    assert_eq!(written.len(), bytes.len(), "a message has one length");
    assert_eq!(BrowserMessage::decode(&written), Ok(message));
});
