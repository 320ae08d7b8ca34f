//! What a page reads from the server: it is a message, or it is refused.
#![no_main]

use domain::wire::ServerMessage;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(message) = ServerMessage::decode(bytes) else { return };
    assert_eq!(message.encode(), bytes);
});
