//! The tax service's registers, and the authority that certifies keys.
//!
//! The real registers (ЕГРЮЛ, ЕГРИП, register of payers of the professional income tax) answer
//! with signed extracts over the government's exchange of messages, which is not public. Here they
//! are JSON over HTTP: `GET {url}/egr/organisations/{inn or ogrn}`, `GET {url}/npd/{inn}`.

use std::time::Duration;

use domain::view::profile::Address;
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use thiserror::Error;

const TIME_LIMIT: Duration = Duration::from_secs(8);

#[derive(Debug, Error)]
pub enum RegisterError {
    /// Worth another attempt later.
    #[error("the register cannot be reached: {0}")]
    Down(String),
    #[error("the register answered something else than expected: {0}")]
    Garbled(String),
}

/// An organisation or sole trader as the register has it today.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub inn: String,
    /// Absent for sole traders.
    pub kpp: Option<String>,
    /// ОГРН or ОГРНИП.
    pub ogrn: String,
    pub full_name: String,
    pub short_name: String,
    pub address: Address,
    /// What the head is called: «Генеральный директор».
    pub head_post: Option<String>,
    /// ИНН of the head.
    pub head_inn: Option<String>,
}

/// The address as the register writes it: it knows no country and no room.
#[derive(Default, Deserialize)]
#[serde(default)]
struct RegisterAddress {
    postal_code: String,
    region: String,
    city: String,
    street: String,
    house: String,
    room: String,
    okato: String,
    oktmo: String,
}

#[derive(Deserialize)]
struct EntryAnswer {
    inn: String,
    kpp: Option<String>,
    ogrn: String,
    full_name: String,
    short_name: String,
    #[serde(default)]
    address: RegisterAddress,
    #[serde(default)]
    head: Head,
}

#[derive(Default, Deserialize)]
struct Head {
    post: Option<String>,
    inn: Option<String>,
}

#[derive(Deserialize)]
struct SelfEmployedAnswer {
    status: bool,
}

/// The registers of the tax service.
pub struct TaxRegister {
    url: String,
    http: reqwest::Client,
}

impl TaxRegister {
    /// `url` without a slash at the end.
    ///
    /// # Errors
    /// The HTTP client cannot be built.
    pub fn new(url: String) -> Result<Self, reqwest::Error> {
        Ok(Self { url, http: super::http_client(TIME_LIMIT)? })
    }

    /// The entry of an ИНН, ОГРН or ОГРНИП; `None` when there is none.
    ///
    /// # Errors
    /// The register is down or answers otherwise.
    pub async fn organisation(&self, number: &str) -> Result<Option<Entry>, RegisterError> {
        let found: Option<EntryAnswer> =
            self.get(&format!("{}/egr/organisations/{number}", self.url)).await?;
        Ok(found.map(EntryAnswer::entry))
    }

    /// Whether the person pays the professional income tax («самозанятый») today.
    ///
    /// # Errors
    /// The register is down or answers otherwise.
    pub async fn is_self_employed(&self, inn: &str) -> Result<bool, RegisterError> {
        let found: Option<SelfEmployedAnswer> =
            self.get(&format!("{}/npd/{inn}", self.url)).await?;
        Ok(found.is_some_and(|answer| answer.status))
    }

    async fn get<T: for<'de> Deserialize<'de>>(
        &self,
        url: &str,
    ) -> Result<Option<T>, RegisterError> {
        let down = |error: reqwest::Error| RegisterError::Down(error.without_url().to_string());
        let response = self.http.get(url).send().await.map_err(down)?;
        match response.status() {
            StatusCode::NOT_FOUND => Ok(None),
            status if status.is_success() => {
                let body = response.bytes().await.map_err(down)?;
                serde_json::from_slice(&body)
                    .map(Some)
                    .map_err(|error| RegisterError::Garbled(error.to_string()))
            }
            status if status.is_server_error() => {
                Err(RegisterError::Down(format!("HTTP {status}")))
            }
            status => Err(RegisterError::Garbled(format!("HTTP {status}"))),
        }
    }
}

impl EntryAnswer {
    fn entry(self) -> Entry {
        let RegisterAddress { postal_code, region, city, street, house, room, okato, oktmo } =
            self.address;
        let country = "RU".to_owned();
        Entry {
            inn: self.inn,
            kpp: self.kpp,
            ogrn: self.ogrn,
            full_name: self.full_name,
            short_name: self.short_name,
            head_inn: self.head.inn,
            head_post: self.head.post.filter(|post| !post.is_empty()),
            address: Address {
                postal_code,
                country,
                region,
                city,
                street,
                house,
                room,
                okato,
                oktmo,
            },
        }
    }
}

/// Why no certificate was issued.
#[derive(Debug, Error)]
pub enum AuthorityError {
    #[error("the authority cannot be reached: {0}")]
    Down(String),
    /// The request itself is not acceptable to it.
    #[error("the authority refused: {0}")]
    Refused(String),
}

/// A certificate authority that certifies keys made in the browser. Only the sandbox has one: a
/// qualified certificate is never issued over the net alone.
pub struct Authority {
    url: String,
    http: reqwest::Client,
}

#[derive(Serialize)]
struct CertificateRequest<'a> {
    csr: &'a str,
    snils: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation_inn: Option<&'a str>,
}

#[derive(Deserialize)]
struct CertificateAnswer {
    certificate_pem: String,
    chain_pem: String,
}

impl Authority {
    /// `url` without a slash at the end.
    ///
    /// # Errors
    /// The HTTP client cannot be built.
    pub fn new(url: String) -> Result<Self, reqwest::Error> {
        Ok(Self { url, http: super::http_client(TIME_LIMIT)? })
    }

    /// Certifies the key of a PKCS#10 request (base64 of DER) for a person, who signs for the
    /// organisation when its ИНН is given. Returns the certificate and its issuers, PEM.
    ///
    /// # Errors
    /// The authority is down or refuses.
    pub async fn certify(
        &self,
        csr: &str,
        snils: &str,
        organisation_inn: Option<&str>,
    ) -> Result<String, AuthorityError> {
        let down = |error: reqwest::Error| AuthorityError::Down(error.without_url().to_string());
        let ask = CertificateRequest { csr, snils, organisation_inn };
        let url = format!("{}/ca/certificates", self.url);
        let response = self.http.post(url).json(&ask).send().await.map_err(down)?;
        let status = response.status();
        let body = response.bytes().await.map_err(down)?;
        if status.is_server_error() {
            return Err(AuthorityError::Down(format!("HTTP {status}")));
        }
        if !status.is_success() {
            return Err(AuthorityError::Refused(String::from_utf8_lossy(&body).into_owned()));
        }
        let CertificateAnswer { certificate_pem, chain_pem } = serde_json::from_slice(&body)
            .map_err(|error| AuthorityError::Refused(error.to_string()))?;
        Ok(format!("{}\n{}", certificate_pem.trim_end(), chain_pem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_of_a_sole_trader_has_no_kpp_and_a_russian_address() {
        let answer: EntryAnswer = serde_json::from_str(
            r#"{"inn":"779990000460","kpp":null,"ogrn":"325779900000014","full_name":"ИП К",
                "short_name":"ИП К","address":{"postal_code":"140000","city":"ЛЮБЕРЦЫ"},
                "head":{"post":""},"status":"active"}"#,
        )
        .unwrap();
        let entry = answer.entry();
        assert_eq!((entry.kpp, entry.head_post), (None, None));
        assert_eq!(entry.address.country, "RU");
        assert_eq!(entry.address.city, "ЛЮБЕРЦЫ");
        assert_eq!(entry.address.house, "");
    }
}
