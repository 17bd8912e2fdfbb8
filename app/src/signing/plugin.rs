//! The plug-in's way: «КриптоПро ЭЦП Browser plug-in» through `js/cryptopro.js`.

use domain::{lang::Lang, view::signature::SignatureWay};
use serde::Deserialize;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{
    Availability, CertificateInfo, Content, Pending, SignError, Signature, Signer, base64,
    certificate::Certificate, plugin_errors,
};
use crate::document::device;

#[wasm_bindgen(module = "/js/cryptopro.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn status() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn certificates() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn sign(thumbprint: &str, content: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = signHash)]
    async fn sign_hash(thumbprint: &str, algorithm: &str, hash: &str) -> Result<JsValue, JsValue>;
}

/// A longer content does not pass between browser and plug-in; its hash is signed instead.
const MAX_CONTENT: usize = 25 << 20;

#[derive(Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
enum Status {
    Ready,
    Missing { cause: String, detail: String },
}

#[derive(Deserialize)]
struct Entry {
    thumbprint: String,
    der: String,
}

pub struct PluginSigner {
    pub lang: Lang,
}

fn refused(error: JsValue) -> SignError {
    let message = js_sys::Reflect::get(&error, &JsValue::from_str("message"));
    let words = message.ok().and_then(|message| message.as_string());
    SignError::Plugin(words.unwrap_or_else(|| format!("{error:?}")))
}

fn read<T: for<'a> Deserialize<'a>>(value: &JsValue) -> Result<T, SignError> {
    serde_json::from_str(&value.as_string().unwrap_or_default())
        .map_err(|error| SignError::Plugin(error.to_string()))
}

/// What the plug-in has: its own names beside the certificates.
async fn listed() -> Result<Vec<(String, Certificate)>, SignError> {
    let entries: Vec<Entry> = read(&certificates().await.map_err(refused)?)?;
    Ok(entries
        .into_iter()
        // One certificate that nobody can read must not hide the others.
        .filter_map(|entry| {
            let der = base64::decode(&entry.der)?;
            Some((entry.thumbprint, Certificate::from_der(&der).ok()?))
        })
        .collect())
}

impl Signer for PluginSigner {
    fn way(&self) -> SignatureWay {
        SignatureWay::Plugin
    }

    fn status(&self) -> Pending<'_, Availability> {
        Box::pin(async {
            let found = status().await.map_err(refused).and_then(|value| read(&value));
            match found {
                Ok(Status::Ready) => Availability::Ready,
                Ok(Status::Missing { cause, detail }) => {
                    let trouble = plugin_errors::missing(&cause, &detail, self.lang);
                    match cause.as_str() {
                        "device" => Availability::Impossible(trouble),
                        _ => Availability::NeedsSetup(trouble),
                    }
                }
                Err(error) => Availability::NeedsSetup(error.trouble(self.lang)),
            }
        })
    }

    fn certificates(&self) -> Pending<'_, Result<Vec<CertificateInfo>, SignError>> {
        Box::pin(async {
            let now = device::now();
            let mut found: Vec<CertificateInfo> = listed()
                .await?
                .into_iter()
                .map(|(thumbprint, certificate)| CertificateInfo::of(thumbprint, &certificate))
                .collect();
            found.sort_by_key(|certificate| !certificate.is_valid(now));
            Ok(found)
        })
    }

    fn sign<'a>(
        &'a self,
        certificate: &'a str,
        content: &'a Content,
    ) -> Pending<'a, Result<Signature, SignError>> {
        Box::pin(async move {
            let signed = if content.bytes.len() <= MAX_CONTENT {
                sign(certificate, &base64::encode(&content.bytes)).await
            } else {
                let hashes = super::hashes(&content.bytes).await?;
                let chosen = listed().await?.into_iter().find(|(name, _)| name == certificate);
                let (_, chosen) = chosen.ok_or(SignError::NoKey)?;
                let (algorithm, hash) = match chosen.algorithm.contains("34.10") {
                    true => ("gost256", hashes.gost),
                    false => ("sha256", hashes.sha256),
                };
                sign_hash(certificate, algorithm, &hash).await
            };
            let text = signed.map_err(refused)?.as_string().unwrap_or_default();
            let cms = base64::decode(&text)
                .ok_or_else(|| SignError::Plugin("the signature is not base64".to_owned()))?;
            Ok(Signature { cms })
        })
    }
}
