//! The engine's face for `worker.js`: messages as JSON, bytes beside them.

use std::convert::Infallible;

use js_sys::Uint8Array;
use rand_core::{TryCryptoRng, TryRng};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::engine::{Engine, Reply};
use crate::protocol::{Answer, Code};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &Uint8Array);
}

/// The browser's generator (W3C Web Cryptography API, `getRandomValues`).
struct BrowserRng;

impl BrowserRng {
    fn bytes<const N: usize>() -> [u8; N] {
        let mut bytes = [0; N];
        Self::fill(&mut bytes);
        bytes
    }

    fn fill(bytes: &mut [u8]) {
        /// The browser refuses to give more at once.
        const QUOTA: usize = 65_536;
        for piece in bytes.chunks_mut(QUOTA) {
            #[expect(clippy::cast_possible_truncation, reason = "at most 65 536")]
            let random = Uint8Array::new_with_length(piece.len() as u32);
            get_random_values(&random);
            random.copy_to(piece);
        }
    }
}

impl TryRng for BrowserRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(Self::bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(Self::bytes()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        Self::fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for BrowserRng {}

/// The engine of one worker.
#[wasm_bindgen]
#[derive(Default)]
pub struct Desk(Engine);

/// What goes back to the page.
#[wasm_bindgen]
pub struct Parcel {
    answer: String,
    bytes: Option<Vec<u8>>,
}

#[wasm_bindgen]
impl Parcel {
    /// The message, JSON.
    #[wasm_bindgen(getter)]
    pub fn answer(&self) -> String {
        self.answer.clone()
    }

    /// What travels beside; it can be taken once.
    pub fn take(&mut self) -> Option<Vec<u8>> {
        self.bytes.take()
    }
}

impl From<Reply> for Parcel {
    fn from(reply: Reply) -> Self {
        // An enum of strings and numbers always has a JSON form.
        let answer = serde_json::to_string(&reply.answer).unwrap_or_default();
        Self { answer, bytes: reply.bytes }
    }
}

#[wasm_bindgen]
impl Desk {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Does a task that comes whole.
    pub fn reply(&mut self, request: &str, bytes: Vec<u8>) -> Parcel {
        match serde_json::from_str(request) {
            Ok(request) => self.0.reply(request, bytes, &mut BrowserRng).into(),
            Err(_) => Reply { answer: Answer::Failed { code: Code::Protocol }, bytes: None }.into(),
        }
    }

    pub fn hash_begin(&mut self) {
        self.0.hash_begin();
    }

    pub fn hash_update(&mut self, piece: &[u8]) {
        self.0.hash_update(piece);
    }

    pub fn hash_end(&mut self) -> Parcel {
        self.0.hash_end().unwrap_or_else(Reply::from).into()
    }
}
