//! The software signer: an ECDSA P-256 key made by the browser, kept in IndexedDB as an object
//! that cannot be exported, with the certificate that the authority issued for it.

use domain::{lang::Lang, view::signature::SignatureWay};
use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::CryptoKey;

use super::{
    Availability, CertificateInfo, Content, Holder, Pending, SignError, Signature, Signer, Trouble,
    certificate::Certificate,
    cms::{self, SignedAttributes},
    csr::{self, Subject},
    vault, webcrypto,
};
use crate::{
    document::device::{self, DeviceError, Store},
    tr,
};

const KEY: &str = "key";
const CHAIN: &str = "chain";

pub struct SoftwareSigner {
    /// Before sign-in nobody is known, and every key of the device may be chosen.
    pub holder: Option<Holder>,
    pub lang: Lang,
}

impl From<DeviceError> for SignError {
    fn from(error: DeviceError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Where the key in use is kept, and where a new one waits for its certificate.
fn place(holder: Holder, waiting: bool) -> String {
    let suffix = if waiting { "/new" } else { "" };
    format!("{}/{}{suffix}", holder.person, holder.participant)
}

fn get(record: &JsValue, name: &str) -> Result<JsValue, SignError> {
    Reflect::get(record, &JsValue::from_str(name)).map_err(|_| SignError::NoKey)
}

fn record(key: &CryptoKey, chain: &str) -> Result<JsValue, SignError> {
    let record = Object::new();
    let set = |name: &str, value: &JsValue| {
        Reflect::set(&record, &JsValue::from_str(name), value).map_err(|_| SignError::NoKey)
    };
    set(KEY, key)?;
    set(CHAIN, &JsValue::from_str(chain))?;
    Ok(record.into())
}

/// A key and its chain, the signer's certificate first.
struct Own {
    id: String,
    key: CryptoKey,
    chain: Vec<Certificate>,
}

impl Own {
    async fn read(record: &JsValue) -> Result<Self, SignError> {
        let key: CryptoKey = get(record, KEY)?.dyn_into().map_err(|_| SignError::NoKey)?;
        let pem = get(record, CHAIN)?.as_string().unwrap_or_default();
        let chain = Certificate::chain_from_pem(&pem)?;
        let own = chain.first().ok_or(SignError::NoKey)?;
        Ok(Self { id: hex(&webcrypto::sha256(&own.der).await?), key, chain })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The keys that may be chosen; never an empty list.
async fn kept(holder: Option<Holder>) -> Result<Vec<Own>, SignError> {
    let records = match holder {
        Some(holder) => {
            device::get(Store::Keys, &place(holder, false)).await?.into_iter().collect()
        }
        None => device::with_prefix(Store::Keys, "")
            .await?
            .into_iter()
            .filter(|(key, _)| !key.starts_with(vault::PREFIX) && !key.ends_with("/new"))
            .map(|(_, record)| record)
            .collect::<Vec<_>>(),
    };
    let mut found = Vec::new();
    for record in &records {
        found.push(Own::read(record).await?);
    }
    if found.is_empty() { Err(SignError::NoKey) } else { Ok(found) }
}

pub async fn make_key(holder: Holder, subject: &Subject) -> Result<Vec<u8>, SignError> {
    let pair = webcrypto::generate().await?;
    let public_key = webcrypto::public_key(&pair.get_public_key()).await?;
    let private_key = pair.get_private_key();
    let info = csr::request_info(subject, &public_key);
    let signature = ecdsa(&private_key, &info).await?;
    let entry = (place(holder, true), record(&private_key, "")?);
    device::put(Store::Keys, vec![entry]).await?;
    Ok(csr::request(&info, &signature))
}

pub async fn keep_certificate(holder: Holder, chain: &str) -> Result<(), SignError> {
    let waiting = place(holder, true);
    let found = device::get(Store::Keys, &waiting).await?.ok_or(SignError::NoKey)?;
    let key: CryptoKey = get(&found, KEY)?.dyn_into().map_err(|_| SignError::NoKey)?;
    if Certificate::chain_from_pem(chain)?.is_empty() {
        return Err(SignError::Failed("empty chain".to_owned()));
    }
    device::put(Store::Keys, vec![(place(holder, false), record(&key, chain)?)]).await?;
    device::delete(Store::Keys, vec![waiting]).await?;
    Ok(())
}

async fn ecdsa(key: &CryptoKey, bytes: &[u8]) -> Result<Vec<u8>, SignError> {
    let raw = webcrypto::sign(key, bytes).await?;
    cms::ecdsa_signature(&raw).ok_or_else(|| SignError::Failed("ECDSA".to_owned()))
}

impl Signer for SoftwareSigner {
    fn way(&self) -> SignatureWay {
        SignatureWay::Browser
    }

    fn status(&self) -> Pending<'_, Availability> {
        Box::pin(async {
            match kept(self.holder).await {
                Ok(_) => Availability::Ready,
                Err(SignError::Failed(cause)) => Availability::Impossible(Trouble::new(
                    tr!(
                        self.lang,
                        "Браузер не хранит ключи: {cause}",
                        "The browser keeps no keys: {cause}",
                        cause = cause
                    ),
                    tr!(
                        self.lang,
                        "Откройте кабинет в обычном окне, не в приватном.",
                        "Open the cabinet in an ordinary window, not a private one."
                    ),
                )),
                Err(error) => Availability::NeedsSetup(error.trouble(self.lang)),
            }
        })
    }

    fn certificates(&self) -> Pending<'_, Result<Vec<CertificateInfo>, SignError>> {
        Box::pin(async {
            let found = kept(self.holder).await?.into_iter();
            Ok(found.map(|own| CertificateInfo::of(own.id, &own.chain[0])).collect())
        })
    }

    fn sign<'a>(
        &'a self,
        certificate: &'a str,
        content: &'a Content,
    ) -> Pending<'a, Result<Signature, SignError>> {
        Box::pin(async move {
            let kept = kept(self.holder).await?;
            let Own { key, chain, .. } =
                kept.into_iter().find(|own| own.id == certificate).ok_or(SignError::NoKey)?;
            let own = &chain[0];
            let own_digest = webcrypto::sha256(&own.der).await?;
            let now = device::now();
            if now < own.valid_from || own.valid_to < now {
                return Err(SignError::Expired);
            }
            let digest = webcrypto::sha256(&content.bytes).await?;
            let attributes = SignedAttributes::new(&digest, &own_digest, now);
            let signature = ecdsa(&key, &attributes.to_be_signed()).await?;
            let cms = cms::signed_data(&attributes, &signature, &chain).ok_or(SignError::NoKey)?;
            Ok(Signature { cms })
        })
    }
}
