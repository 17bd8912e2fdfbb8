//! The server's half: nothing is kept, nobody listens. None of it is called while a page is
//! rendered; it lets handlers that only the browser runs compile.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::view::document::Opened;
use leptos::prelude::SyncStorage;
use uuid::Uuid;

use super::{ChangeKey, DeviceError};

pub fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

pub fn online() -> bool {
    true
}

pub fn random() -> u64 {
    0
}

pub async fn sleep(_delay: Duration) {}

pub async fn changes_put(_changes: Vec<(ChangeKey, String)>) -> Result<(), DeviceError> {
    Ok(())
}

pub async fn changes_with(_prefix: &str) -> Result<Vec<(ChangeKey, String)>, DeviceError> {
    Ok(Vec::new())
}

pub async fn changes_delete(_keys: Vec<ChangeKey>) -> Result<(), DeviceError> {
    Ok(())
}

pub async fn draft_put(_person: Uuid, _opened: &Opened) -> Result<(), DeviceError> {
    Ok(())
}

pub async fn draft_get(_person: Uuid, _document: Uuid) -> Result<Option<Opened>, DeviceError> {
    Ok(None)
}

pub async fn drafts_of_others_delete(_person: Uuid) -> Result<(), DeviceError> {
    Ok(())
}

pub async fn note_put(
    _person: Uuid,
    _document: Uuid,
    _name: &str,
    _text: &str,
) -> Result<(), DeviceError> {
    Ok(())
}

pub async fn note_get(_person: Uuid, _document: Uuid, _name: &str) -> Result<String, DeviceError> {
    Ok(String::new())
}

/// A page is rendered on many threads, and dropped on any of them.
pub type ChannelStorage = SyncStorage;

pub struct Channel;

impl Channel {
    pub fn open(_name: &str, _hear: impl FnMut(String) + 'static) -> Option<Self> {
        None
    }

    pub fn say(&self, _text: &str) {}
}

pub async fn read_file(_file: &web_sys::File) -> Result<Vec<u8>, DeviceError> {
    Ok(Vec::new())
}
