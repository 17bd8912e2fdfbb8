//! The browser's half: storage, clock, randomness, and what pages of this device tell each other.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::view::document::Opened;
use leptos::prelude::*;
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, MessageEvent};

use super::{ChangeKey, DeviceError, Store, database};

/// The device's clock.
pub fn now() -> DateTime<Utc> {
    let milliseconds = js_sys::Date::now();
    #[expect(clippy::cast_possible_truncation, reason = "the clock of JavaScript is whole")]
    DateTime::from_timestamp_millis(milliseconds as i64).unwrap_or_default()
}

/// Whether the device believes to have a network.
pub fn online() -> bool {
    window().navigator().on_line()
}

/// A number that no other page has.
pub fn random() -> u64 {
    let mut bytes = [0u8; 8];
    let crypto = window().crypto();
    match crypto.and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes)) {
        Ok(_) => u64::from_le_bytes(bytes),
        // Without the Web Cryptography API, which every supported browser has.
        Err(_) => js_sys::Math::random().to_bits() ^ js_sys::Date::now().to_bits(),
    }
}

/// Waits.
pub async fn sleep(delay: Duration) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        set_timeout(move || drop(resolve.call0(&JsValue::NULL)), delay);
    });
    drop(JsFuture::from(promise).await);
}

/// Keeps changes until the server confirms them.
pub async fn changes_put(changes: Vec<(ChangeKey, String)>) -> Result<(), DeviceError> {
    let entries = changes
        .into_iter()
        .map(|(key, change)| (key.to_string(), JsValue::from_str(&change)))
        .collect();
    database::put(Store::Changes, entries).await
}

/// Unconfirmed changes whose keys begin with a text.
pub async fn changes_with(prefix: &str) -> Result<Vec<(ChangeKey, String)>, DeviceError> {
    let found = database::with_prefix(Store::Changes, prefix).await?;
    Ok(found
        .into_iter()
        .filter_map(|(key, value)| Some((key.parse().ok()?, value.as_string()?)))
        .collect())
}

/// Forgets changes that the server confirmed.
pub async fn changes_delete(keys: Vec<ChangeKey>) -> Result<(), DeviceError> {
    database::delete(Store::Changes, keys.iter().map(ToString::to_string).collect()).await
}

/// Keeps what is known of a document.
pub async fn draft_put(person: Uuid, opened: &Opened) -> Result<(), DeviceError> {
    let json = serde_json::to_string(opened).map_err(|error| DeviceError(error.to_string()))?;
    let key = ChangeKey::of_document(person, opened.head.id);
    database::put(Store::Drafts, vec![(key, JsValue::from_str(&json))]).await
}

/// What the device knows of a document.
pub async fn draft_get(person: Uuid, document: Uuid) -> Result<Option<Opened>, DeviceError> {
    let key = ChangeKey::of_document(person, document);
    let json = database::get(Store::Drafts, &key).await?.and_then(|value| value.as_string());
    json.map(|json| serde_json::from_str(&json).map_err(|error| DeviceError(error.to_string())))
        .transpose()
}

/// Forgets what the device knows of documents that other persons opened here. Their unconfirmed
/// changes stay until they come back and send them.
pub async fn drafts_of_others_delete(person: Uuid) -> Result<(), DeviceError> {
    let own = ChangeKey::of_person(person);
    let keys: Vec<String> = database::with_prefix(Store::Drafts, "")
        .await?
        .into_iter()
        .map(|(key, _)| key)
        .filter(|key| !key.starts_with(&own))
        .collect();
    if keys.is_empty() { Ok(()) } else { database::delete(Store::Drafts, keys).await }
}

/// Keeps a text beside a document under a name; an empty one is forgotten.
pub async fn note_put(
    person: Uuid,
    document: Uuid,
    name: &str,
    text: &str,
) -> Result<(), DeviceError> {
    let key = ChangeKey::of_document(person, document) + name;
    match text.is_empty() {
        true => database::delete(Store::Notes, vec![key]).await,
        false => database::put(Store::Notes, vec![(key, JsValue::from_str(text))]).await,
    }
}

/// The text kept beside a document; empty when there is none.
pub async fn note_get(person: Uuid, document: Uuid, name: &str) -> Result<String, DeviceError> {
    let key = ChangeKey::of_document(person, document) + name;
    let found = database::get(Store::Notes, &key).await?;
    Ok(found.and_then(|value| value.as_string()).unwrap_or_default())
}

/// Where a component keeps a [`Channel`]: on the browser's one thread.
pub type ChannelStorage = LocalStorage;

/// A line between the pages of this device.
pub struct Channel {
    channel: BroadcastChannel,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Opens the line and hears the other pages' texts. `None` when the browser has no such line.
    pub fn open(name: &str, mut hear: impl FnMut(String) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                hear(text);
            }
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Self { channel, _on_message: on_message })
    }

    /// Says a text to the other pages. A line that is closed takes nothing, which is harmless:
    /// everything said here reaches the others through the server as well.
    pub fn say(&self, text: &str) {
        drop(self.channel.post_message(&JsValue::from_str(text)));
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

/// The bytes of a file that the person chose.
pub async fn read_file(file: &web_sys::File) -> Result<Vec<u8>, DeviceError> {
    let buffer = JsFuture::from(file.array_buffer())
        .await
        .map_err(|_| DeviceError(format!("{} cannot be read", file.name())))?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}
