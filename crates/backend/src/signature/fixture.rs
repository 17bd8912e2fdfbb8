//! An authority for tests: a root, an issuing authority, people with keys, and its services over
//! HTTP on loopback.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use rand::{SeedableRng, rngs::StdRng};
use signature::{
    asn1::Oid,
    certificate::{Certificate, KeyUsage},
    digest::ContentDigests,
    issue::{
        Authority, CertificateTemplate, CrlTemplate, Extension, NameBuilder, OcspRequest,
        OcspTemplate, RevokedEntry, TimestampQuery, TimestampTemplate,
    },
    key::{KeyKind, PrivateKey},
    oid,
    path::TrustStore,
    pem,
    revocation::{RevocationReason, ocsp::CertStatus},
    sign::Signer,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// A key with its certificate.
#[derive(Clone)]
pub struct Identity {
    pub key: PrivateKey,
    pub certificate: Certificate,
}

/// The authority.
pub struct Pki {
    pub root: Identity,
    pub issuing: Identity,
    /// The time-stamp service.
    pub stamping: Identity,
    pub now: DateTime<Utc>,
    /// Written into certificates; nothing when absent.
    pub url: Option<String>,
    serial: AtomicUsize,
}

pub fn rng() -> StdRng {
    StdRng::seed_from_u64(5)
}

/// The owner of [`crate::storage::testing::somebody`], as head of his company.
pub const HEAD: [(Oid, &str); 6] = [
    (oid::ID_AT_COMMON_NAME, "ООО «Пример»"),
    (oid::ID_AT_ORGANIZATION, "ООО «Пример»"),
    (oid::ID_AT_SURNAME, "Тестова"),
    (oid::ID_AT_GIVEN_NAME, "Анна Петровна"),
    (oid::ID_INN_LE, "7707083893"),
    (oid::ID_SNILS, "11223344595"),
];

/// The same person for herself.
pub const PERSON: [(Oid, &str); 4] = [
    (oid::ID_AT_SURNAME, "Тестова"),
    (oid::ID_AT_GIVEN_NAME, "Анна Петровна"),
    (oid::ID_INN, "500100732259"),
    (oid::ID_SNILS, "11223344595"),
];

impl Pki {
    pub fn new(kind: KeyKind, now: DateTime<Utc>, url: Option<String>) -> Self {
        // No two authorities of a test have the same keys.
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let rng = &mut StdRng::seed_from_u64(1000 + u64::try_from(number).unwrap());
        let name = |name| NameBuilder::new().with(oid::ID_AT_COMMON_NAME, name).build().unwrap();
        let usage = Extension::key_usage(KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN);
        let authority = vec![Extension::basic_constraints(true, None), usage];
        let root_key = PrivateKey::generate(kind, rng);
        let key_identifier = CertificateTemplate::key_identifier(&root_key.public_key());
        let signer = Authority::new(&root_key, name("Корень"), key_identifier);
        let template = |serial: u8, subject, key: &PrivateKey, extensions| CertificateTemplate {
            serial: vec![serial],
            subject: name(subject),
            not_before: now - TimeDelta::days(1000),
            not_after: now + TimeDelta::days(3000),
            public_key: key.public_key().to_spki_der(),
            extensions,
        };
        let root = template(1, "Корень", &root_key, authority.clone()).issue(&signer, rng).unwrap();
        let key = PrivateKey::generate(kind, rng);
        let mut extensions = authority;
        if let Some(url) = &url {
            extensions.push(Extension::crl_distribution_point(&format!("{url}/root.crl")));
        }
        let issuing = template(2, "УЦ Пример", &key, extensions).issue(&signer, rng).unwrap();
        let stamping_key = PrivateKey::generate(kind, rng);
        let purposes = [oid::ID_KP_TIME_STAMPING];
        let extensions = vec![
            Extension::basic_constraints(false, None),
            Extension::extended_key_usage(&purposes, true),
        ];
        let stamping =
            template(3, "Штампы", &stamping_key, extensions).issue(&signer, rng).unwrap();
        Self {
            root: Identity { key: root_key, certificate: root },
            issuing: Identity { key, certificate: issuing },
            stamping: Identity { key: stamping_key, certificate: stamping },
            now,
            url,
            serial: AtomicUsize::new(10),
        }
    }

    pub fn trust(&self) -> TrustStore {
        TrustStore { anchors: vec![self.root.certificate.clone()], intermediates: Vec::new() }
    }

    fn authority(&self) -> Authority<'_> {
        Authority::of(&self.issuing.key, &self.issuing.certificate)
    }

    /// A certificate that is valid from thirty days ago for a year.
    pub fn issue(&self, kind: KeyKind, subject: &[(Oid, &str)]) -> Identity {
        let from = self.now - TimeDelta::days(30);
        self.issue_for(kind, subject, from, from + TimeDelta::days(365))
    }

    pub fn issue_for(
        &self,
        kind: KeyKind,
        subject: &[(Oid, &str)],
        not_before: DateTime<Utc>,
        not_after: DateTime<Utc>,
    ) -> Identity {
        let serial = u8::try_from(self.serial.fetch_add(1, Ordering::Relaxed)).unwrap();
        let mut seeded = StdRng::seed_from_u64(u64::from(serial));
        let key = PrivateKey::generate(kind, &mut seeded);
        let name =
            subject.iter().fold(NameBuilder::new(), |name, (oid, text)| name.with(*oid, text));
        let mut extensions = vec![
            Extension::basic_constraints(false, None),
            Extension::key_usage(KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION),
        ];
        if let Some(url) = &self.url {
            extensions.push(Extension::crl_distribution_point(&format!("{url}/issuing.crl")));
            extensions.push(Extension::ocsp_url(&format!("{url}/ocsp")));
        }
        let template = CertificateTemplate {
            serial: vec![serial],
            subject: name.build().unwrap(),
            not_before,
            not_after,
            public_key: key.public_key().to_spki_der(),
            extensions,
        };
        let certificate = template.issue(&self.authority(), &mut rng()).unwrap();
        Identity { key, certificate }
    }

    /// A detached CAdES-BES with the issuing authority's certificate in it.
    pub fn sign(&self, identity: &Identity, content: &[u8]) -> Vec<u8> {
        let mut signer = Signer::new(&identity.key, &identity.certificate).unwrap();
        let chain = [self.issuing.certificate.clone()];
        signer.chain = &chain;
        let digests = ContentDigests::of(&[signer.digest()], content);
        signer.sign_detached(&digests, &mut rng()).unwrap()
    }

    /// The certificate and its issuers, PEM.
    pub fn pem(&self, identity: &Identity) -> String {
        [&identity.certificate, &self.issuing.certificate, &self.root.certificate]
            .map(|certificate| pem::encode("CERTIFICATE", certificate.as_der()))
            .concat()
    }

    fn list(&self, by: &Identity, revoked: &[Vec<u8>]) -> Vec<u8> {
        let entries = revoked.iter().map(|serial| RevokedEntry {
            serial: serial.clone(),
            at: self.now - TimeDelta::days(1),
            reason: RevocationReason::KeyCompromise,
        });
        let template = CrlTemplate {
            number: 1,
            delta_base: None,
            this_update: self.now - TimeDelta::hours(1),
            next_update: self.now + TimeDelta::days(1),
            entries: entries.collect(),
            extensions: Vec::new(),
        };
        let authority = Authority::of(&by.key, &by.certificate);
        template.issue(&authority, &mut rng()).unwrap().as_der().to_vec()
    }

    fn ocsp(&self, request: &[u8], revoked: &[Vec<u8>]) -> Vec<u8> {
        let request = OcspRequest::from_der(request).unwrap();
        let answers = request.ids.into_iter().map(|(id, der)| {
            let status = if revoked.iter().any(|serial| serial == id.serial()) {
                let at = self.now - TimeDelta::days(1);
                CertStatus::Revoked { at, reason: RevocationReason::KeyCompromise }
            } else {
                CertStatus::Good
            };
            (der, status)
        });
        let template = OcspTemplate {
            produced_at: self.now,
            this_update: self.now,
            next_update: Some(self.now + TimeDelta::minutes(5)),
            answers: answers.collect(),
            nonce: request.nonce,
        };
        template.issue(&self.authority(), &[], &mut rng()).unwrap().as_der().to_vec()
    }

    fn timestamp(&self, request: &[u8]) -> Vec<u8> {
        let query = TimestampQuery::from_der(request).unwrap();
        let policy = Oid::new_unwrap("1.2.643.100.0");
        let template = TimestampTemplate { policy, serial: 1, time: self.now, issuers: Vec::new() };
        let Identity { key, certificate } = &self.stamping;
        let authority = Authority::of(key, certificate);
        template.respond(&query, &authority, certificate, &mut rng()).unwrap()
    }
}

/// The authority's services, and what they were asked.
#[derive(Clone)]
pub struct Services {
    pub url: String,
    pub revoked: Arc<Mutex<Vec<Vec<u8>>>>,
    pub requests: Arc<AtomicUsize>,
    /// Who gives time-stamps; nobody answers when absent.
    pub stamps: Arc<Mutex<Option<Arc<Pki>>>>,
    /// Whom to ask; set when the authority is made.
    pub pki: Arc<Mutex<Option<Arc<Pki>>>>,
}

impl Services {
    /// Listens on a port of its own until the test ends.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let services = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            revoked: Arc::default(),
            requests: Arc::default(),
            stamps: Arc::default(),
            pki: Arc::default(),
        };
        let own = services.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (path, body) = read(&mut stream).await;
                own.requests.fetch_add(1, Ordering::Relaxed);
                let answer = own.answer(&path, &body);
                let (status, answer) =
                    answer.map_or(("404 Not Found", Vec::new()), |a| ("200 OK", a));
                let head = format!(
                    "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    answer.len()
                );
                let _ = stream.write_all(&[head.as_bytes(), &answer].concat()).await;
            }
        });
        services
    }

    fn answer(&self, path: &str, body: &[u8]) -> Option<Vec<u8>> {
        if path == "/tsp" {
            let pki = self.stamps.lock().unwrap().clone()?;
            return Some(pki.timestamp(body));
        }
        let pki = self.pki.lock().unwrap().clone()?;
        let revoked = self.revoked.lock().unwrap().clone();
        match path {
            "/root.crl" => Some(pki.list(&pki.root, &[])),
            "/issuing.crl" => Some(pki.list(&pki.issuing, &revoked)),
            "/ocsp" => Some(pki.ocsp(body, &revoked)),
            _ => None,
        }
    }
}

/// Path and body of a request.
pub async fn read(stream: &mut tokio::net::TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    let end = loop {
        let mut chunk = [0; 4096];
        let size = stream.read(&mut chunk).await.unwrap();
        bytes.extend_from_slice(&chunk[..size]);
        let found = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = found.or((size == 0).then_some(bytes.len())) {
            break end;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
    let mut body = bytes[(end + 4).min(bytes.len())..].to_vec();
    while body.len() < length {
        let mut chunk = [0; 4096];
        let size = stream.read(&mut chunk).await.unwrap();
        body.extend_from_slice(&chunk[..size]);
    }
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    (path, body)
}
