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
