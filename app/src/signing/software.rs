//! The software signer: an ECDSA P-256 key made by the browser, kept in IndexedDB as an object
//! that cannot be exported, with the certificate that the authority issued for it.

use domain::lang::Lang;
use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::CryptoKey;

use super::{
    Availability, CertificateInfo, Content, Holder, Pending, SignError, Signature, Signer,
    certificate::Certificate,
    cms::{self, SignedAttributes},
    csr::{self, Subject},
    webcrypto,
};
use crate::document::device::{self, DeviceError, Store};

const KEY: &str = "key";
const CHAIN: &str = "chain";

pub struct SoftwareSigner {
    pub holder: Holder,
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

/// The key and its chain, the signer's certificate first.
async fn kept(holder: Holder) -> Result<(CryptoKey, Vec<Certificate>), SignError> {
    let found = device::get(Store::Keys, &place(holder, false)).await?.ok_or(SignError::NoKey)?;
    let key: CryptoKey = get(&found, KEY)?.dyn_into().map_err(|_| SignError::NoKey)?;
    let pem = get(&found, CHAIN)?.as_string().unwrap_or_default();
    let chain = Certificate::chain_from_pem(&pem)?;
    if chain.is_empty() { Err(SignError::NoKey) } else { Ok((key, chain)) }
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
    fn name(&self, lang: Lang) -> String {
        lang.pick("Подпись на этом устройстве", "Signature on this device").to_owned()
    }

    fn status(&self) -> Pending<'_, Availability> {
        Box::pin(async {
            match kept(self.holder).await {
                Ok(_) => Availability::Ready,
                Err(SignError::Failed(cause)) => Availability::Impossible(cause),
                Err(error) => Availability::NeedsSetup(error.text(self.lang)),
            }
        })
    }

    fn certificates(&self) -> Pending<'_, Result<Vec<CertificateInfo>, SignError>> {
        Box::pin(async {
            let (_, chain) = kept(self.holder).await?;
            let own = &chain[0];
            let digest = webcrypto::sha256(&own.der).await?;
            let id = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            Ok(vec![CertificateInfo::of(id, own)])
        })
    }

    fn sign<'a>(
        &'a self,
        certificate: &'a str,
        content: &'a Content,
    ) -> Pending<'a, Result<Signature, SignError>> {
        Box::pin(async move {
            let (key, chain) = kept(self.holder).await?;
            let own = &chain[0];
            let own_digest = webcrypto::sha256(&own.der).await?;
            let id: String = own_digest.iter().map(|byte| format!("{byte:02x}")).collect();
            if id != certificate {
                return Err(SignError::NoKey);
            }
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
