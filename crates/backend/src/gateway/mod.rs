//! Ways to the outside world. Each speaks the protocol of the real system; where that is not
//! public, the module says so. Pointing a gateway to a real system is configuration.

pub mod customs;
pub mod esia;
pub mod goskey;
pub mod mail;
pub mod revocation;
pub mod tax;
pub mod timestamp;

use std::time::Duration;

/// All gateways of one process.
pub struct Gateways {
    pub esia: esia::Esia,
    pub customs: customs::Customs,
    pub tax: tax::TaxRegister,
    /// The person's telephone, where the operator is connected to it.
    pub goskey: Option<goskey::Goskey>,
    pub mail: Option<mail::Mail>,
    /// Revocation data of certificate authorities.
    pub revocation: revocation::Revocation,
    /// The service that stamps signatures with the time, where the operator has one.
    pub timestamp: Option<timestamp::TimestampService>,
    /// The authority that certifies keys made in the browser, when there is one.
    pub authority: Option<tax::Authority>,
}

/// An HTTP client with time limits; the only way that clients are made.
///
/// # Errors
/// The platform's roots cannot be read.
pub fn http_client(timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(5))
        .timeout(timeout)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
}

/// Sends a request and gives the body of a good answer, of which at most `most` octets are read.
///
/// # Errors
/// In words, without the address.
async fn bounded_body(request: reqwest::RequestBuilder, most: usize) -> Result<Vec<u8>, String> {
    let failed = |error: reqwest::Error| error.without_url().to_string();
    let mut response = request.send().await.map_err(failed)?;
    if !response.status().is_success() {
        return Err(format!("HTTP {}", response.status()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > most {
            return Err(format!("more than {most} octets"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
