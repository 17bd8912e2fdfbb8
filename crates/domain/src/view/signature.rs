//! What passes between browser and server about electronic signatures.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::lang::Lang;

/// A text in both languages of the cabinet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    pub ru: String,
    pub en: String,
}

impl Bilingual {
    pub fn new(ru: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ru: ru.into(), en: en.into() }
    }

    pub fn text(&self, lang: Lang) -> &str {
        lang.pick(&self.ru, &self.en)
    }
}

/// A way of signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureWay {
    /// CryptoPro CAdES plug-in.
    Plugin,
    /// A key container file (PFX) opened in the browser.
    Container,
    /// A key that the browser made and keeps.
    Browser,
    /// «Госключ» on the phone.
    Mobile,
    /// A signature file that was made elsewhere.
    File,
}

impl SignatureWay {
    pub const ALL: [Self; 5] =
        [Self::Plugin, Self::Container, Self::Browser, Self::Mobile, Self::File];
}

/// Which ways of signing the operator offers, and which of them count as qualified.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureWays {
    /// In no particular order: the page knows which works on its device.
    pub offered: Vec<SignatureWay>,
    pub qualified: Vec<SignatureWay>,
}

impl SignatureWays {
    pub fn offers(&self, way: SignatureWay) -> bool {
        self.offered.contains(&way)
    }

    pub fn is_qualified(&self, way: SignatureWay) -> bool {
        self.qualified.contains(&way)
    }
}

/// What signing goes by: the operator's terms, and who the reader is once he has signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningTerms {
    pub ways: SignatureWays,
    /// Names of the algorithms that are taken, such as `gost-r-34.10-2012 streebog-256`; all that
    /// are supported when there are none.
    pub algorithms: Vec<String>,
    /// Where a plug-in asks for time-stamps; it asks for none when absent.
    pub plugin_timestamp_url: Option<String>,
    /// СНИЛС of the reader, digits.
    pub snils: Option<String>,
    /// ИНН of the cabinet that he has entered.
    pub inn: Option<String>,
}

/// Something to sign, to prove that one holds a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// The exact bytes to sign, Base64: a text in UTF-8 that a person can read.
    pub content: String,
    /// Goes back with the signature.
    pub token: String,
    /// When the token is no longer taken.
    pub expires: DateTime<Utc>,
}

/// Frozen bytes, by what names them; see [`super::document::Frozen`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenBytes {
    pub document: Uuid,
    pub version: i64,
    /// Lower-case hexadecimal digits.
    pub sha256: String,
}

/// Where a request to sign on the telephone stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MobileState {
    /// Kept here, not with «Госключ» yet.
    Created,
    /// The telephone shows it.
    Sent,
    /// The signature has come and was verified.
    Signed,
    /// By the person, by «Госключ», or because the signature was found wrong.
    Refused,
    /// Nobody signed in time.
    Expired,
    /// Taken back by the person here.
    Cancelled,
}

impl MobileState {
    pub const ALL: [Self; 6] =
        [Self::Created, Self::Sent, Self::Signed, Self::Refused, Self::Expired, Self::Cancelled];

    /// The name in storage and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Sent => "sent",
            Self::Signed => "signed",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether the telephone may still answer.
    pub const fn waits(self) -> bool {
        matches!(self, Self::Created | Self::Sent)
    }
}

/// A request to sign frozen bytes on the telephone («Госключ»).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MobileRequest {
    pub id: Uuid,
    pub state: MobileState,
    /// Until it expires: counted by the server's clock, since the device's may be wrong.
    pub seconds_left: u32,
    /// «Госуслуги» did not answer the last time.
    pub delayed: bool,
    /// Key of the words that say why there is no signature, where the state does not say it.
    pub cause: Option<String>,
    /// Detached CMS SignedData, DER, Base64; once it is signed.
    pub signature: Option<String>,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineOutcome {
    Ok,
    /// Not as it should be, and no ground to refuse.
    Warning,
    Failed,
}

/// One check, as «Проверить ЭП» shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Stable name of the check: `signature`, `dates`, `chain`, `revocation`, `owner`,
    /// `algorithm`, `issuer`, `purpose`, `timestamp`, `fitness`.
    pub code: String,
    pub title: Bilingual,
    pub outcome: LineOutcome,
    /// What was found.
    pub text: Bilingual,
    /// What to do, when something is wrong.
    pub remedy: Option<Bilingual>,
}

/// Whose certificate it is. Identifiers are digits without punctuation, except СНИЛС
/// («112-233-445 95»).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Surname, name and patronymic; the common name where there are none.
    pub name: Option<String>,
    pub organisation: Option<String>,
    pub snils: Option<String>,
    /// ИНН of the person.
    pub inn: Option<String>,
    /// ИНН of the organisation.
    pub inn_le: Option<String>,
    pub ogrn: Option<String>,
    pub ogrnip: Option<String>,
}

/// What is known of a certificate of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateState {
    /// Valid now and not revoked, or a root.
    Valid,
    Expired,
    NotYetValid,
    Revoked,
    /// Valid by its dates; whether it is revoked is not known.
    Unknown,
}

/// A certificate of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainCertificate {
    pub subject: String,
    pub issuer: String,
    /// Upper-case hexadecimal digits.
    pub serial: String,
    pub valid_from: DateTime<Utc>,
    pub valid_to: DateTime<Utc>,
    pub state: CertificateState,
}

/// What «Проверить ЭП» found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// The signature and its certificate are valid.
    pub valid: bool,
    /// Its owner may sign for customs here with it.
    pub fit: bool,
    pub owner: Owner,
    /// Such as `gost-r-34.10-2012 streebog-256`; empty when it could not be told.
    pub algorithm: String,
    /// The signer's first, the root last.
    pub certificates: Vec<ChainCertificate>,
    pub lines: Vec<Line>,
    /// The whole as text, for support.
    pub report: String,
}

/// The stamp of the signature under a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureStamp {
    /// Whom the certificate was issued to.
    pub owner: String,
    pub signed_at: DateTime<Utc>,
    /// When a time-stamp service saw the signature, if one did.
    pub timestamped_at: Option<DateTime<Utc>>,
    /// SHA-256 of the document, lower-case hexadecimal digits.
    pub sha256: String,
    /// Absent of documents signed before certificates were kept.
    pub certificate: Option<StampCertificate>,
}

/// What the stamp says of the certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StampCertificate {
    /// Upper-case hexadecimal digits.
    pub serial: String,
    pub valid_from: DateTime<Utc>,
    pub valid_to: DateTime<Utc>,
    /// Such as `gost-r-34.10-2012 streebog-256`.
    pub algorithm: String,
}

/// Where to go after a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// A path of this site.
    pub return_to: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_back_as_they_are_written() {
        for state in MobileState::ALL {
            assert_eq!(MobileState::parse(state.name()), Some(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
        }
        assert_eq!(MobileState::parse("draft"), None);
    }
}
