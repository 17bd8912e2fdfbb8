//! How much one address or one session may ask for. Each has a bucket of tokens that fills at a
//! steady rate; a process counts for itself, which is what protects it.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use domain::error::ErrorCode;
use http::{HeaderValue, header};
use uuid::Uuid;

use super::{Host, client::Address, fault::Refusal};

/// Buckets remembered before full ones are forgotten.
const REMEMBERED: usize = 100_000;

struct Bucket {
    tokens: f64,
    at: DateTime<Utc>,
}

/// Buckets of one kind.
pub struct Buckets<K> {
    /// Tokens a second; zero means no limit.
    rate: f64,
    /// A minute's worth may be spent at once.
    size: f64,
    buckets: Mutex<HashMap<K, Bucket>>,
}

impl<K: Eq + Hash> Buckets<K> {
    pub fn new(per_minute: u32) -> Self {
        Self {
            rate: f64::from(per_minute) / 60.0,
            size: f64::from(per_minute),
            buckets: Mutex::default(),
        }
    }

    /// Takes a token, or says how long to wait for one.
    pub fn take(&self, key: K, now: DateTime<Utc>) -> Result<(), Duration> {
        if self.rate == 0.0 {
            return Ok(());
        }
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= REMEMBERED {
            buckets.retain(|_, bucket| self.filled(bucket, now) < self.size);
        }
        let bucket = buckets.entry(key).or_insert(Bucket { tokens: self.size, at: now });
        bucket.tokens = self.filled(bucket, now);
        bucket.at = now;
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            Ok(())
        } else {
            Err(Duration::from_secs_f64((1.0 - bucket.tokens) / self.rate))
        }
    }

    fn filled(&self, bucket: &Bucket, now: DateTime<Utc>) -> f64 {
        let seconds = (now - bucket.at).to_std().unwrap_or_default().as_secs_f64();
        seconds.mul_add(self.rate, bucket.tokens).min(self.size)
    }
}

/// All limits of a process.
pub struct Limiter {
    pub address: Buckets<IpAddr>,
    pub session: Buckets<Uuid>,
    pub sign_in: Buckets<IpAddr>,
    pub body_bytes: usize,
    pub upload_bytes: usize,
}

impl Limiter {
    pub fn new(limits: &crate::config::Limits) -> Self {
        Self {
            address: Buckets::new(limits.address_per_minute),
            session: Buckets::new(limits.session_per_minute),
            sign_in: Buckets::new(limits.sign_in_per_minute),
            body_bytes: limits.body_bytes,
            upload_bytes: limits.upload_bytes,
        }
    }
}

/// Paths that begin a sign-in, or verify a signature for who is not signed in.
const SIGN_INS: [&str; 3] =
    ["/sign-in/esia", "/api/session/sign_in_by_signature", "/api/signature/check"];

/// Paths whose body is a file.
const UPLOADS: [&str; 2] = ["/api/statform/upload", "/api/statform/sheet"];

/// Bounds an address's requests and every body.
pub async fn guard(State(host): State<Host>, request: Request, next: Next) -> Response {
    let limiter = host.limiter();
    let address = request.extensions().get::<Address>().copied().unwrap_or_default().0;
    let now = host.backend().now();
    let path = request.uri().path();
    let taken = limiter.address.take(address, now).and_then(|()| {
        if SIGN_INS.contains(&path) { limiter.sign_in.take(address, now) } else { Ok(()) }
    });
    if let Err(wait) = taken {
        return too_many(wait);
    }
    let limit = if UPLOADS.contains(&path) { limiter.upload_bytes } else { limiter.body_bytes };
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Refusal::of(ErrorCode::TooLarge).into_response();
    }
    let request = request.map(|body| Body::new(http_body_util::Limited::new(body, limit)));
    next.run(request).await
}

/// The answer to who asks too often (RFC 6585, section 4).
pub fn too_many(wait: Duration) -> Response {
    let seconds = wait.as_secs_f64().ceil().max(1.0);
    let mut response = Refusal::of(ErrorCode::TooManyRequests).into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("{seconds:.0}")) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minutes_worth_may_be_spent_at_once_and_comes_back_steadily() {
        let buckets = Buckets::new(60);
        let start = DateTime::<Utc>::UNIX_EPOCH;
        for _ in 0..60 {
            assert_eq!(buckets.take("a", start), Ok(()));
        }
        assert_eq!(buckets.take("a", start), Err(Duration::from_secs(1)));
        assert_eq!(buckets.take("b", start), Ok(()), "others are not affected");
        let later = start + Duration::from_secs(2);
        assert_eq!(buckets.take("a", later), Ok(()));
        assert_eq!(buckets.take("a", later), Ok(()));
        assert!(buckets.take("a", later).is_err());
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing() {
        let buckets = Buckets::new(1);
        let start = DateTime::<Utc>::UNIX_EPOCH;
        assert_eq!(buckets.take((), start), Ok(()));
        assert!(buckets.take((), start - Duration::from_secs(3600)).is_err());
    }

    #[test]
    fn zero_means_no_limit() {
        let buckets = Buckets::new(0);
        for _ in 0..1000 {
            assert_eq!(buckets.take((), DateTime::<Utc>::UNIX_EPOCH), Ok(()));
        }
    }

    #[test]
    fn full_buckets_are_forgotten_when_there_are_too_many() {
        let buckets = Buckets::new(60);
        let start = DateTime::<Utc>::UNIX_EPOCH;
        for key in 0..REMEMBERED {
            assert_eq!(buckets.take(key, start), Ok(()));
        }
        assert_eq!(buckets.take(REMEMBERED, start + Duration::from_secs(60)), Ok(()));
        assert_eq!(buckets.buckets.lock().unwrap().len(), 1);
    }
}
