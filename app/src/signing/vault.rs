//! Key containers kept on this device, sealed twice: under a key that the browser made and gives to
//! nobody (so a copy of the storage is useless elsewhere), and under a PIN that is kept nowhere.
//!
//! PBKDF2 with HMAC-SHA-256 and [`ROUNDS`] rounds (OWASP Password Storage Cheat Sheet, 2023), then
//! AES-256-GCM; both by the Web Cryptography API.

use domain::{date, lang::Lang};
use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::CryptoKey;

use super::{CertificateInfo, Kept, SignError, webcrypto};
use crate::{
    document::device::{self, Store},
    tr,
};

const ROUNDS: u32 = 600_000;
/// Characters of the shortest PIN.
pub const MIN_PIN: usize = 6;
/// Before the names of containers in the store of keys.
pub const PREFIX: &str = "container/";

const DEVICE_KEY: &str = "device";
const SEALED: &str = "sealed";
const SALT: &str = "salt";
const OWNER: &str = "owner";
const UNTIL: &str = "until";

/// Keeps a container and its password. One with the same certificate is replaced.
pub async fn keep(
    file: &[u8],
    password: &str,
    pin: &str,
    certificates: &[CertificateInfo],
) -> Result<(), SignError> {
    let own = certificates.first().ok_or(SignError::NoKey)?;
    let salt = webcrypto::random::<16>()?;
    let device_key = webcrypto::device_key().await?;
    let inner = webcrypto::seal(&pin_key(pin, &salt).await?, &plain(file, password)).await?;
    let sealed = webcrypto::seal(&device_key, &inner).await?;
    let record = Object::new();
    let set = |name: &str, value: &JsValue| {
        Reflect::set(&record, &JsValue::from_str(name), value)
            .map_err(|_| SignError::Failed("IndexedDB".to_owned()))
    };
    set(DEVICE_KEY, &device_key)?;
    set(SEALED, &Uint8Array::from(sealed.as_slice()))?;
    set(SALT, &Uint8Array::from(salt.as_slice()))?;
    set(OWNER, &JsValue::from_str(&own.subject))?;
    set(UNTIL, &JsValue::from_str(&date::format_date(date::moscow_date(own.valid_to))))?;
    device::put(Store::Keys, vec![(format!("{PREFIX}{}", own.id), record.into())]).await?;
    Ok(())
}

/// What is kept, without opening anything.
pub async fn kept(lang: Lang) -> Result<Vec<Kept>, SignError> {
    let found = device::with_prefix(Store::Keys, PREFIX).await?;
    Ok(found
        .into_iter()
        .map(|(key, record)| {
            let text = |name: &str| get(&record, name).and_then(|value| value.as_string());
            let (who, until) = (text(OWNER).unwrap_or_default(), text(UNTIL).unwrap_or_default());
            let title =
                tr!(lang, "{who}, до {until}", "{who}, until {until}", who = who, until = until);
            Kept { id: key.strip_prefix(PREFIX).unwrap_or(&key).to_owned(), title }
        })
        .collect())
}

/// The container and its password, when the PIN is right.
pub async fn reveal(id: &str, pin: &str) -> Result<(Vec<u8>, String), SignError> {
    let record =
        device::get(Store::Keys, &format!("{PREFIX}{id}")).await?.ok_or(SignError::NoKey)?;
    let bytes = |name: &str| {
        let value = get(&record, name)?.dyn_into::<Uint8Array>().ok()?;
        Some(value.to_vec())
    };
    let device_key: CryptoKey =
        get(&record, DEVICE_KEY).and_then(|key| key.dyn_into().ok()).ok_or(SignError::NoKey)?;
    let (sealed, salt) = bytes(SEALED).zip(bytes(SALT)).ok_or(SignError::NoKey)?;
    let inner = webcrypto::unseal(&device_key, &sealed).await.map_err(|_| SignError::NoKey)?;
    let plain = webcrypto::unseal(&pin_key(pin, &salt).await?, &inner)
        .await
        .map_err(|_| SignError::WrongPin)?;
    split(&plain).ok_or(SignError::NoKey)
}

pub async fn forget(id: &str) -> Result<(), SignError> {
    device::delete(Store::Keys, vec![format!("{PREFIX}{id}")]).await?;
    Ok(())
}

async fn pin_key(pin: &str, salt: &[u8]) -> Result<CryptoKey, SignError> {
    webcrypto::key_of_pin(pin, salt, ROUNDS).await
}

fn get(record: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(record, &JsValue::from_str(name)).ok()
}

/// Length of the password, the password, the container.
fn plain(file: &[u8], password: &str) -> Vec<u8> {
    let length = u32::try_from(password.len()).unwrap_or_default().to_be_bytes();
    [&length, password.as_bytes(), file].concat()
}

fn split(plain: &[u8]) -> Option<(Vec<u8>, String)> {
    let (length, rest) = plain.split_first_chunk::<4>()?;
    let (password, file) =
        rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    Some((file.to_vec(), String::from_utf8(password.to_vec()).ok()?))
}
