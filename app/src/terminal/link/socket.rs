//! One WebSocket to a session.

use domain::SessionId;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

/// An open or opening socket; closed when it is dropped, and silent from then on.
pub(crate) struct Socket {
    stream: WebSocket,
    _opened: Closure<dyn FnMut()>,
    _received: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Opens a socket to a session of this page's own server.
    pub(crate) fn open(
        session: SessionId,
        opened: impl FnMut() + 'static,
        mut received: impl FnMut(ArrayBuffer) + 'static,
        mut closed: impl FnMut(u16) + 'static,
    ) -> Result<Self, JsValue> {
        let origin = web_sys::window().ok_or(JsValue::NULL)?.location().origin()?;
        // `http` becomes `ws` and `https` becomes `wss`.
        let address =
            format!("ws{}/sessions/{session}/terminal", origin.trim_start_matches("http"));
        let socket = WebSocket::new(&address)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let opened = Closure::new(opened);
        let received = Closure::new(move |event: MessageEvent| {
            // Text is no message of the protocol, and none is sent.
            if let Ok(buffer) = event.data().dyn_into() {
                received(buffer);
            }
        });
        let closed = Closure::new(move |event: CloseEvent| closed(event.code()));
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(received.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Ok(Self { stream: socket, _opened: opened, _received: received, _closed: closed })
    }

    /// Sends a message; one that cannot be sent is lost with the socket, which then closes.
    pub(crate) fn send(&self, message: &[u8]) {
        let _ = self.stream.send_with_js_u8_array(&Uint8Array::from(message));
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.stream.set_onopen(None);
        self.stream.set_onmessage(None);
        self.stream.set_onclose(None);
        let _ = self.stream.close();
    }
}
