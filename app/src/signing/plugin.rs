//! The plug-in's way: «КриптоПро ЭЦП Browser plug-in» through `js/cryptopro.js`.

use domain::{lang::Lang, view::signature::SignatureWay};
use serde::Deserialize;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{
    Availability, CertificateInfo, Content, Pending, SignError, Signature, Signer, base64,
    certificate::Certificate, engine::Engine, plugin_errors,
};

#[wasm_bindgen(module = "/js/cryptopro.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn status() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn certificates() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn sign(thumbprint: &str, content: &str, tsa: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = signHash)]
    async fn sign_hash(
        thumbprint: &str,
        algorithm: &str,
        hash: &str,
        tsa: &str,
    ) -> Result<JsValue, JsValue>;
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
    /// Where the plug-in asks for time-stamps on lasting signatures.
    pub timestamp_url: Option<String>,
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

/// Signs a content as a whole; `None` when it is too large for the plug-in.
async fn whole(name: &str, content: &[u8], tsa: &str) -> Result<Option<JsValue>, SignError> {
    if content.len() > MAX_CONTENT {
        return Ok(None);
    }
    match sign(name, &base64::encode(content), tsa).await.map_err(refused) {
        Ok(signed) => Ok(Some(signed)),
        Err(SignError::Plugin(words)) if plugin_errors::is_too_large(&words) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Signs the hash of a content, by the algorithm that the certificate's key wants.
async fn by_hash(name: &str, content: &[u8], tsa: &str) -> Result<JsValue, SignError> {
    let chosen = listed().await?.into_iter().find(|(known, _)| known == name);
    let (_, certificate) = chosen.ok_or(SignError::NoKey)?;
    let (algorithm, hash) = Engine::start()?.digest(&certificate.der, content).await?;
    sign_hash(name, algorithm.as_str(), &hash, tsa).await.map_err(refused)
}

/// CAdES-T with a time-stamp of the service `tsa`, CAdES-BES where that is empty.
async fn signed(name: &str, content: &[u8], tsa: &str) -> Result<JsValue, SignError> {
    match whole(name, content, tsa).await? {
        Some(signed) => Ok(signed),
        None => by_hash(name, content, tsa).await,
    }
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
            let found = listed().await?.into_iter();
            Ok(found.map(|(name, certificate)| CertificateInfo::of(name, &certificate)).collect())
        })
    }

    fn sign<'a>(
        &'a self,
        certificate: &'a str,
        content: &'a Content,
    ) -> Pending<'a, Result<Signature, SignError>> {
        Box::pin(async move {
            let tsa = self.timestamp_url.as_deref().filter(|_| content.lasting).unwrap_or_default();
            let signed = match signed(certificate, &content.bytes, tsa).await {
                // The server stamps a signature that came without, or says why it does not take it.
                Err(SignError::Plugin(words))
                    if !tsa.is_empty() && plugin_errors::is_of_services(&words) =>
                {
                    signed(certificate, &content.bytes, "").await?
                }
                signed => signed?,
            };
            let cms = base64::decode(&signed.as_string().unwrap_or_default())
                .ok_or_else(|| SignError::Plugin("the signature is not base64".to_owned()))?;
            Ok(Signature { cms })
        })
    }
}
