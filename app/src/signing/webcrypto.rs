//! The few calls of the Web Cryptography API that the software signer needs.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, CryptoKeyPair, SubtleCrypto};

use super::SignError;

fn subtle() -> Result<SubtleCrypto, SignError> {
    web_sys::window()
        .and_then(|window| window.crypto().ok())
        .map(|crypto| crypto.subtle())
        .filter(|subtle| !subtle.is_undefined())
        .ok_or_else(|| SignError::Failed("Web Cryptography API".to_owned()))
}

fn failed(error: JsValue) -> SignError {
    let message = Reflect::get(&error, &JsValue::from_str("message"));
    let text = message.ok().and_then(|message| message.as_string());
    SignError::Failed(text.unwrap_or_else(|| format!("{error:?}")))
}

fn algorithm(fields: &[(&str, &str)]) -> Result<Object, SignError> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value))
            .map_err(failed)?;
    }
    Ok(object)
}

/// A new ECDSA P-256 key pair; the private half cannot be read out by anybody.
pub async fn generate() -> Result<CryptoKeyPair, SignError> {
    let algorithm = algorithm(&[("name", "ECDSA"), ("namedCurve", "P-256")])?;
    let usages = Array::of2(&JsValue::from_str("sign"), &JsValue::from_str("verify"));
    let promise = subtle()?.generate_key_with_object(&algorithm, false, &usages).map_err(failed)?;
    Ok(JsFuture::from(promise).await.map_err(failed)?.unchecked_into())
}

/// The public key as `SubjectPublicKeyInfo`, DER.
pub async fn public_key(key: &CryptoKey) -> Result<Vec<u8>, SignError> {
    let promise = subtle()?.export_key("spki", key).map_err(failed)?;
    Ok(Uint8Array::new(&JsFuture::from(promise).await.map_err(failed)?).to_vec())
}

/// ECDSA with SHA-256: r and s, 32 bytes each.
pub async fn sign(key: &CryptoKey, bytes: &[u8]) -> Result<Vec<u8>, SignError> {
    let algorithm = algorithm(&[("name", "ECDSA"), ("hash", "SHA-256")])?;
    let promise =
        subtle()?.sign_with_object_and_u8_array(&algorithm, key, bytes).map_err(failed)?;
    Ok(Uint8Array::new(&JsFuture::from(promise).await.map_err(failed)?).to_vec())
}

/// SHA-256.
pub async fn sha256(bytes: &[u8]) -> Result<[u8; 32], SignError> {
    let promise = subtle()?.digest_with_str_and_u8_array("SHA-256", bytes).map_err(failed)?;
    let digest = Uint8Array::new(&JsFuture::from(promise).await.map_err(failed)?).to_vec();
    digest.try_into().map_err(|_| SignError::Failed("SHA-256".to_owned()))
}

/// Random bytes.
pub fn random<const N: usize>() -> Result<[u8; N], SignError> {
    let mut bytes = [0; N];
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    crypto
        .ok_or_else(|| SignError::Failed("Web Cryptography API".to_owned()))?
        .get_random_values_with_u8_array(&mut bytes)
        .map_err(failed)?;
    Ok(bytes)
}

fn both_ways() -> Array {
    Array::of2(&JsValue::from_str("encrypt"), &JsValue::from_str("decrypt"))
}

/// A new AES-256-GCM key that nobody can read out.
pub async fn device_key() -> Result<CryptoKey, SignError> {
    let algorithm = algorithm(&[("name", "AES-GCM")])?;
    set(&algorithm, "length", &256.into())?;
    let promise =
        subtle()?.generate_key_with_object(&algorithm, false, &both_ways()).map_err(failed)?;
    Ok(JsFuture::from(promise).await.map_err(failed)?.unchecked_into())
}

/// The AES-256-GCM key of a PIN: PBKDF2 with HMAC-SHA-256.
pub async fn key_of_pin(pin: &str, salt: &[u8], rounds: u32) -> Result<CryptoKey, SignError> {
    let subtle = subtle()?;
    let usages = Array::of1(&JsValue::from_str("deriveKey"));
    let pin: Object = Uint8Array::from(pin.as_bytes()).unchecked_into();
    let promise =
        subtle.import_key_with_str("raw", &pin, "PBKDF2", false, &usages).map_err(failed)?;
    let base: CryptoKey = JsFuture::from(promise).await.map_err(failed)?.unchecked_into();
    let derivation = algorithm(&[("name", "PBKDF2"), ("hash", "SHA-256")])?;
    set(&derivation, "salt", &Uint8Array::from(salt))?;
    set(&derivation, "iterations", &rounds.into())?;
    let kind = algorithm(&[("name", "AES-GCM")])?;
    set(&kind, "length", &256.into())?;
    let promise = subtle
        .derive_key_with_object_and_object(&derivation, &base, &kind, false, &both_ways())
        .map_err(failed)?;
    Ok(JsFuture::from(promise).await.map_err(failed)?.unchecked_into())
}

/// Bytes of the nonce before what is sealed.
const NONCE: usize = 12;

/// AES-GCM (NIST SP 800-38D) under a fresh random nonce, which goes before the result.
pub async fn seal(key: &CryptoKey, plain: &[u8]) -> Result<Vec<u8>, SignError> {
    let nonce = random::<NONCE>()?;
    let algorithm = algorithm(&[("name", "AES-GCM")])?;
    set(&algorithm, "iv", &Uint8Array::from(nonce.as_slice()))?;
    let promise =
        subtle()?.encrypt_with_object_and_u8_array(&algorithm, key, plain).map_err(failed)?;
    let sealed = Uint8Array::new(&JsFuture::from(promise).await.map_err(failed)?).to_vec();
    Ok([nonce.as_slice(), &sealed].concat())
}

/// What was sealed, when the key is the right one and nothing was changed.
pub async fn unseal(key: &CryptoKey, sealed: &[u8]) -> Result<Vec<u8>, SignError> {
    let (nonce, sealed) =
        sealed.split_at_checked(NONCE).ok_or_else(|| SignError::Failed("AES-GCM".to_owned()))?;
    let algorithm = algorithm(&[("name", "AES-GCM")])?;
    set(&algorithm, "iv", &Uint8Array::from(nonce))?;
    let promise =
        subtle()?.decrypt_with_object_and_u8_array(&algorithm, key, sealed).map_err(failed)?;
    Ok(Uint8Array::new(&JsFuture::from(promise).await.map_err(failed)?).to_vec())
}

fn set(object: &Object, name: &str, value: &JsValue) -> Result<(), SignError> {
    Reflect::set(object, &JsValue::from_str(name), value).map(drop).map_err(failed)
}
