//! Tokens of ESIA: JWT signed by RS256 (RFC 7515, 7519).

use std::{io, path::Path, sync::Arc};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use der::pem::LineEnding;
use rand::{rand_core::UnwrapErr, rngs::SysRng};
use rsa::{
    RsaPrivateKey,
    pkcs1v15::{Signature, SigningKey, VerifyingKey},
    pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey},
    signature::{Keypair, SignatureEncoding, Signer, Verifier},
};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::watch;

use crate::{SandboxError, store};

const BITS: usize = 2048;

/// The signing key; at the very first start it is generated in the background.
pub(super) struct KeyHolder(watch::Receiver<State>);

#[derive(Clone)]
enum State {
    Generating,
    Ready(Arc<TokenKey>),
    Failed(String),
}

impl KeyHolder {
    /// Reads the key from `folder`, or begins to generate it on a thread of its own, which does not
    /// hold up the end of the process: the file is written as a whole or not at all.
    pub(super) fn open(folder: &Path) -> Result<Self, SandboxError> {
        let path = folder.join("token.key.pem");
        match std::fs::read_to_string(&path) {
            Ok(pem) => {
                let key = TokenKey::new(RsaPrivateKey::from_pkcs8_pem(&pem)?);
                Ok(Self(watch::channel(State::Ready(Arc::new(key))).1))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let (sender, receiver) = watch::channel(State::Generating);
                std::thread::spawn(move || {
                    sender.send_replace(match generate(&path) {
                        Ok(key) => State::Ready(Arc::new(key)),
                        Err(error) => State::Failed(error.to_string()),
                    });
                });
                Ok(Self(receiver))
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn get(&self) -> Result<Arc<TokenKey>, SandboxError> {
        let mut receiver = self.0.clone();
        let state = receiver.wait_for(|state| !matches!(state, State::Generating)).await;
        match state.as_deref() {
            Ok(State::Ready(key)) => Ok(key.clone()),
            Ok(State::Failed(what)) => Err(SandboxError::Key(what.clone())),
            Ok(State::Generating) | Err(_) => {
                Err(SandboxError::Key("generation of ESIA's key was interrupted".to_owned()))
            }
        }
    }
}

fn generate(path: &Path) -> Result<TokenKey, SandboxError> {
    let key = RsaPrivateKey::new(&mut UnwrapErr(SysRng), BITS)?;
    store::write_atomically(path, key.to_pkcs8_pem(LineEnding::LF)?.as_bytes())?;
    Ok(TokenKey::new(key))
}

pub(super) struct TokenKey {
    signing: SigningKey<Sha256>,
    verifying: VerifyingKey<Sha256>,
}

impl TokenKey {
    fn new(key: RsaPrivateKey) -> Self {
        let signing = SigningKey::new(key);
        Self { verifying: signing.verifying_key(), signing }
    }

    pub(super) fn public_key_pem(&self) -> Result<String, SandboxError> {
        self.verifying
            .to_public_key_pem(LineEnding::LF)
            .map_err(|error| SandboxError::Key(error.to_string()))
    }

    /// Signs `claims`; `sbt` is the kind of token that ESIA writes into the header: `access` or
    /// `id`.
    pub(super) fn sign(&self, sbt: &str, claims: &Value) -> String {
        let header = json!({ "ver": 1, "typ": "JWT", "sbt": sbt, "alg": "RS256" });
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let signature: Signature = self.signing.sign(signed.as_bytes());
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    /// The claims of an access token that this key signed and that is valid now.
    pub(super) fn access_claims(&self, token: &str, now: DateTime<Utc>) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
        let signature = Signature::try_from(&*signature).ok()?;
        self.verifying.verify(signed.as_bytes(), &signature).ok()?;
        let (header, claims) = signed.split_once('.')?;
        let (header, claims) = (decode(header)?, decode(claims)?);
        let lives = claims["nbf"].as_i64()? <= now.timestamp()
            && now.timestamp() < claims["exp"].as_i64()?;
        (header["sbt"] == "access" && lives).then_some(claims)
    }
}

fn encode(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

fn decode(part: &str) -> Option<Value> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
