//! Tokens of ESIA: JSON Web Signatures (RFC 7515) with RS256 and nothing else.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use der::{DecodePem, Encode};
use rsa::{
    RsaPublicKey,
    pkcs1v15::{Signature, VerifyingKey},
    pkcs8::DecodePublicKey,
    signature::Verifier,
};
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;
use x509_cert::Certificate;

use super::{EsiaError, SetupError};

/// How far the clocks of ESIA and of the cabinet may stand apart, seconds.
const SKEW: i64 = 60;

/// Keys with which ESIA may sign tokens.
pub struct TokenKeys(Vec<VerifyingKey<Sha256>>);

/// What a token must say to be meant for this sign-in.
pub(super) struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    pub now: DateTime<Utc>,
}

/// A verified access token, and whose it is.
pub(super) struct Access {
    pub token: String,
    /// Identifier of the person in ESIA.
    pub oid: String,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

/// Claims of both tokens; ESIA writes identifiers as numbers or as strings.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    exp: f64,
    #[serde(default)]
    nbf: Option<f64>,
    iat: f64,
    #[serde(default)]
    aud: Value,
    #[serde(default)]
    client_id: Value,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default, rename = "urn:esia:sbj_id")]
    subject_id: Value,
    #[serde(default, rename = "urn:esia:sbj")]
    subject: Value,
    #[serde(default)]
    sub: Value,
}

impl TokenKeys {
    /// Reads public keys and certificates in PEM, one after another.
    ///
    /// # Errors
    /// There is none, or one is no RSA key.
    pub fn read(pem: &str) -> Result<Self, SetupError> {
        let wrong = |error: &dyn std::fmt::Display| SetupError::TokenKeys(error.to_string());
        let mut keys = Vec::new();
        for block in blocks(pem) {
            let key = if block.starts_with("-----BEGIN CERTIFICATE-----") {
                let spki = Certificate::from_pem(block)
                    .and_then(|found| found.tbs_certificate().subject_public_key_info().to_der())
                    .map_err(|error| wrong(&error))?;
                RsaPublicKey::from_public_key_der(&spki)
            } else {
                RsaPublicKey::from_public_key_pem(block)
            };
            keys.push(VerifyingKey::new(key.map_err(|error| wrong(&error))?));
        }
        if keys.is_empty() {
            return Err(SetupError::TokenKeys(
                "none; give a PEM with a PUBLIC KEY or a CERTIFICATE".to_owned(),
            ));
        }
        Ok(Self(keys))
    }

    /// Verifies both tokens and that they speak of one person.
    pub(super) fn verify(
        &self,
        access_token: String,
        id_token: &str,
        expected: &Expected<'_>,
    ) -> Result<Access, EsiaError> {
        let id = self.claims(id_token, expected)?;
        if id.nonce.as_deref() != Some(expected.nonce) {
            return Err(bad("`nonce` of the token is another one"));
        }
        let access = self.claims(&access_token, expected)?;
        let oid = access.oid().ok_or_else(|| bad("the token names no person"))?;
        if id.oid().is_some_and(|other| other != oid) {
            return Err(bad("the two tokens name different persons"));
        }
        Ok(Access { token: access_token, oid })
    }

    fn claims(&self, jwt: &str, expected: &Expected<'_>) -> Result<Claims, EsiaError> {
        let mut parts = jwt.split('.');
        let (Some(header), Some(claims), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(bad("the token has not three parts"));
        };
        let Header { alg } = json(header)?;
        if alg != "RS256" {
            return Err(bad(&format!("the token is signed with {alg} instead of RS256")));
        }
        let signed = jwt.len() - signature.len() - 1;
        let signature = decode(signature)?;
        let signature = Signature::try_from(signature.as_slice())
            .map_err(|_| bad("the token's signature has a wrong length"))?;
        let signed = &jwt.as_bytes()[..signed];
        if !self.0.iter().any(|key| key.verify(signed, &signature).is_ok()) {
            return Err(bad("the token's signature is wrong"));
        }
        let claims: Claims = json(claims)?;
        claims.check(expected)?;
        Ok(claims)
    }
}

impl Claims {
    fn check(&self, expected: &Expected<'_>) -> Result<(), EsiaError> {
        if self.iss != expected.issuer {
            return Err(bad(&format!("the token is issued by {}", self.iss)));
        }
        if !names(&self.aud, expected.client_id) && !names(&self.client_id, expected.client_id) {
            return Err(bad("the token is meant for another system"));
        }
        let now = seconds(expected.now);
        let skew = seconds_of(SKEW);
        if now > self.exp + skew {
            return Err(bad("the token has expired"));
        }
        if now < self.iat - skew || self.nbf.is_some_and(|from| now < from - skew) {
            return Err(bad("the token is not valid yet; compare the clocks"));
        }
        Ok(())
    }

    /// The person: `urn:esia:sbj_id` of an access token, `urn:esia:sbj` or `sub` of an id token.
    fn oid(&self) -> Option<String> {
        [&self.subject_id, &self.subject["urn:esia:sbj:oid"], &self.sub].into_iter().find_map(text)
    }
}

/// A claim that is the client's name or a list with it.
fn names(claim: &Value, client_id: &str) -> bool {
    match claim {
        Value::String(one) => one == client_id,
        Value::Array(many) => many.iter().any(|one| one == client_id),
        _ => false,
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "seconds of this era fit in 53 bits")]
fn seconds_of(seconds: i64) -> f64 {
    seconds as f64
}

fn seconds(at: DateTime<Utc>) -> f64 {
    seconds_of(at.timestamp())
}

fn decode(part: &str) -> Result<Vec<u8>, EsiaError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| bad("the token is no base64url"))
}

fn json<T: for<'de> Deserialize<'de>>(part: &str) -> Result<T, EsiaError> {
    serde_json::from_slice(&decode(part)?)
        .map_err(|error| bad(&format!("the token cannot be read: {error}")))
}

fn bad(what: &str) -> EsiaError {
    EsiaError::BadAnswer(what.to_owned())
}

/// The PEM blocks of a text.
fn blocks(pem: &str) -> impl Iterator<Item = &str> {
    let starts: Vec<usize> = pem.match_indices("-----BEGIN ").map(|(at, _)| at).collect();
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([pem.len()]).collect();
    starts.into_iter().zip(ends).map(|(from, to)| pem[from..to].trim())
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use chrono::{TimeDelta, TimeZone};
    use rand::{rand_core::UnwrapErr, rngs::SysRng};
    use rsa::{
        RsaPrivateKey,
        pkcs1v15::SigningKey,
        pkcs8::{EncodePublicKey, LineEnding},
        signature::{SignatureEncoding, Signer},
    };
    use serde_json::json;

    use super::*;

    /// An ESIA with a key of its own. Two are enough for all tests: making one takes long.
    struct Stand {
        key: SigningKey<Sha256>,
        pem: String,
        keys: TokenKeys,
    }

    static STAND: LazyLock<Stand> = LazyLock::new(Stand::new);
    static OTHER: LazyLock<Stand> = LazyLock::new(Stand::new);

    impl Stand {
        fn new() -> Self {
            let private = RsaPrivateKey::new(&mut UnwrapErr(SysRng), 1024).unwrap();
            let pem = private.to_public_key().to_public_key_pem(LineEnding::LF).unwrap();
            let keys = TokenKeys::read(&pem).unwrap();
            Self { key: SigningKey::new(private), pem, keys }
        }
    }

    fn now() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 22, 9, 0, 0).unwrap()
    }

    fn expected() -> Expected<'static> {
        Expected { issuer: "http://esia/", client_id: "CABINET", nonce: "n-1", now: now() }
    }

    fn claims() -> Value {
        let now = now().timestamp();
        json!({
            "iss": "http://esia/", "aud": "CABINET", "exp": now + 600, "nbf": now, "iat": now,
            "nonce": "n-1", "urn:esia:sbj_id": 1000, "urn:esia:sbj": {"urn:esia:sbj:oid": 1000},
        })
    }

    fn jwt(stand: &Stand, alg: &str, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&json!({ "alg": alg })), part(claims));
        let signature = stand.key.sign(signed.as_bytes()).to_bytes();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn verify(stand: &Stand, alg: &str, claims: &Value) -> Result<String, String> {
        let token = jwt(stand, alg, claims);
        stand
            .keys
            .verify(token.clone(), &token, &expected())
            .map(|access| access.oid)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_token_is_taken_only_when_everything_fits() {
        assert_eq!(verify(&STAND, "RS256", &claims()).as_deref(), Ok("1000"));
        let refused = |field: &str, value: Value, why: &str| {
            let mut claims = claims();
            claims[field] = value;
            let error = verify(&STAND, "RS256", &claims).unwrap_err();
            assert!(error.contains(why), "{field}: {error}");
        };
        let at = now().timestamp();
        refused("iss", json!("http://other/"), "issued by http://other/");
        refused("aud", json!("OTHER"), "another system");
        refused("nonce", json!("n-2"), "`nonce`");
        refused("exp", json!(at - 61), "expired");
        refused("nbf", json!(at + 61), "not valid yet");
        refused("iat", json!(at + 61), "not valid yet");
    }

    #[test]
    fn both_tokens_name_the_same_person() {
        let mut other = claims();
        other["urn:esia:sbj_id"] = json!(1001);
        let mut nobody = claims();
        nobody["urn:esia:sbj_id"] = Value::Null;
        nobody["urn:esia:sbj"] = Value::Null;
        let id = jwt(&STAND, "RS256", &claims());
        for (access, why) in [(other, "different persons"), (nobody, "names no person")] {
            let access = jwt(&STAND, "RS256", &access);
            let error = STAND.keys.verify(access, &id, &expected()).err().unwrap();
            assert!(error.to_string().contains(why), "{error}");
        }
    }

    #[test]
    fn clocks_may_differ_by_a_minute() {
        let mut early = claims();
        let at = (now() + TimeDelta::seconds(60)).timestamp();
        early["nbf"] = json!(at);
        early["iat"] = json!(at);
        assert!(verify(&STAND, "RS256", &early).is_ok());
    }

    #[test]
    fn other_algorithms_and_other_keys_are_refused() {
        assert!(verify(&STAND, "none", &claims()).unwrap_err().contains("none instead of RS256"));
        let token = jwt(&OTHER, "RS256", &claims());
        let error = STAND.keys.verify(token.clone(), &token, &expected()).err().unwrap();
        assert!(error.to_string().contains("signature is wrong"));
        for rubbish in ["", "a", "a.b", "a.b.c", "a.b.c.d", "..", "é.é.é"] {
            assert!(STAND.keys.verify(rubbish.to_owned(), rubbish, &expected()).is_err());
        }
    }

    #[test]
    fn an_old_key_stays_valid_beside_the_new_one() {
        let keys = TokenKeys::read(&[STAND.pem.as_str(), &OTHER.pem].concat()).unwrap();
        for stand in [&*STAND, &*OTHER] {
            let token = jwt(stand, "RS256", &claims());
            assert!(keys.verify(token.clone(), &token, &expected()).is_ok());
        }
        assert!(TokenKeys::read("").is_err());
    }
}
