//! Verifying: first the path to a root, then what is known of revocation, then the verdict.

use std::sync::Arc;

use signature::{
    certificate::Certificate,
    cms::SignedMessage,
    digest::ContentDigests,
    path::{Budget, PathContext, Purpose},
    pem,
    report::{CertificateReport, Check, Reason, Report},
    revocation::{Evidence, RevocationMode},
    verify::Verifier,
};

use super::{Expected, RevocationPolicy, SignatureError};
use crate::ctx::{Backend, Ctx};

/// What was found of a signature.
#[derive(Clone, Debug)]
pub struct Examined {
    pub report: Report,
    /// The signer's certificate first, the root last; only the signer's, or nothing at all, when
    /// no path holds.
    pub chain: Vec<Certificate>,
}

impl Examined {
    /// The signer's certificate.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.chain.first()
    }

    /// The algorithm of the signature as people write it; empty when there is none.
    pub fn algorithm(&self) -> String {
        const FAMILIES: [(&str, &str); 4] = [
            ("gost-r-34.10-2012 streebog-", "ГОСТ Р 34.10-2012, Streebog-"),
            ("ecdsa ", "ECDSA, "),
            ("rsa-pkcs1 ", "RSA, "),
            ("rsa-pss ", "RSA-PSS, "),
        ];
        let signer = self.report.signers.first();
        let name = signer.and_then(|signer| signer.algorithm.as_deref()).unwrap_or_default();
        FAMILIES
            .iter()
            .find_map(|(family, title)| {
                let digest = name.strip_prefix(family)?;
                Some(format!("{title}{}", digest.to_ascii_uppercase()))
            })
            .unwrap_or_else(|| name.to_owned())
    }

    /// The checks of the one signer.
    pub fn checks(&self) -> &[Check] {
        self.report.signers.first().map_or(&[], |signer| &signer.checks)
    }

    /// Whether the cabinet takes it as the signature of `expected`.
    ///
    /// # Errors
    /// Why not.
    pub fn accept(
        &self,
        ctx: &Ctx,
        expected: &Expected<'_>,
    ) -> Result<&Certificate, SignatureError> {
        if let Some(reason) = self.report.reason {
            return Err(reason.into());
        }
        if self.report.signers.len() != 1 {
            return Err(SignatureError::Several);
        }
        let certificate = self.certificate().ok_or(Reason::SignerCertificateMissing)?;
        if !ctx.settings().signature.is_qualified(&self.chain) {
            return Err(SignatureError::NotQualified);
        }
        expected.check(&certificate.identifiers())?;
        Ok(certificate)
    }
}

/// Verifies a detached signature over `content`, and that `expected` signed.
///
/// # Errors
/// Why it is not taken.
pub async fn verify(
    ctx: &Ctx,
    content: &[u8],
    signature: &[u8],
    expected: &Expected<'_>,
) -> Result<Examined, SignatureError> {
    let examined = examine(ctx, content, signature).await;
    examined.accept(ctx, expected)?;
    Ok(examined)
}

/// Everything that can be found out about a detached signature over `content`.
pub async fn examine(ctx: &Ctx, content: &[u8], signature: &[u8]) -> Examined {
    let now = ctx.now();
    let message = match SignedMessage::from_bytes(signature) {
        Ok(message) => Arc::new(message),
        Err(reason) => {
            let policy = &ctx.settings().signature;
            let (evidence, options) = (Evidence::default(), policy.options(RevocationMode::Off));
            let verifier =
                Verifier { trust: &policy.trust, evidence: &evidence, at: now, options: &options };
            return Examined { report: verifier.unreadable(reason), chain: Vec::new() };
        }
    };
    let digests = Arc::new(ContentDigests::of(&message.needed_digests(), content));
    let judge = |evidence: Evidence, mode: RevocationMode| {
        let (message, digests) = (message.clone(), digests.clone());
        computed(ctx, move |backend| {
            let policy = &backend.settings.signature;
            let options = policy.options(mode);
            let verifier =
                Verifier { trust: &policy.trust, evidence: &evidence, at: now, options: &options };
            verifier.verify(&message, Some(&digests))
        })
    };
    // Addresses are asked only of certificates whose path to a root holds already.
    let first = judge(Evidence::default(), RevocationMode::Off).await;
    let chain = signer_chain(&first);
    let mode = ctx.settings().signature.revocation;
    let report = if mode == RevocationPolicy::Off {
        first
    } else {
        let evidence = fetch(ctx, &chains(&first)).await;
        judge(evidence, mode.mode()).await
    };
    Examined { report, chain }
}

/// Checks a certificate by itself: that it leads to a root through `issuers`, is valid, not
/// revoked, may sign, and is `expected`'s. Returns its path, the root last.
///
/// # Errors
/// Why it is not taken.
pub async fn certificate(
    ctx: &Ctx,
    certificate: &Certificate,
    issuers: &[Certificate],
    expected: &Expected<'_>,
) -> Result<Vec<Certificate>, SignatureError> {
    let now = ctx.now();
    let (leaf, pool) = (certificate.clone(), issuers.to_vec());
    let find = |evidence: Evidence, mode: RevocationMode| {
        let (leaf, pool) = (leaf.clone(), pool.clone());
        computed(ctx, move |backend| {
            let budget = Budget::default();
            let trust = &backend.settings.signature.trust;
            let mut context = PathContext::new(trust, &pool, &evidence, now, &budget);
            context.revocation = mode;
            context.find(&leaf, Purpose::Signing).map(|path| path.chain)
        })
    };
    let refused = |failure: signature::path::Failure| SignatureError::Reason(failure.reason);
    let mut chain = find(Evidence::default(), RevocationMode::Off).await.map_err(refused)?;
    let policy = &ctx.settings().signature;
    if policy.revocation != RevocationPolicy::Off {
        let evidence = fetch(ctx, std::slice::from_ref(&chain)).await;
        chain = find(evidence, policy.revocation.mode()).await.map_err(refused)?;
    }
    if !policy.is_qualified(&chain) {
        return Err(SignatureError::NotQualified);
    }
    expected.check(&certificate.identifiers())?;
    Ok(chain)
}

/// The certificates of a PEM file, in its order.
///
/// # Errors
/// Something else lies in it, or nothing.
pub fn read_pem(text: &str) -> Result<Vec<Certificate>, SignatureError> {
    let blocks = pem::blocks(text.as_bytes()).map_err(|_| Reason::SignerCertificateMissing)?;
    let certificates: Result<Vec<_>, _> =
        blocks.iter().map(|block| Certificate::from_der(&block.der)).collect();
    match certificates {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(Reason::SignerCertificateMissing.into()),
    }
}

/// Runs what computes aside, so that a hostile signature does not hold up other requests. `work`
/// does not panic; should it do so, that is this request's failure alone.
async fn computed<T: Send + 'static>(
    ctx: &Ctx,
    work: impl FnOnce(&Backend) -> T + Send + 'static,
) -> T {
    let backend = ctx.backend.clone();
    match tokio::task::spawn_blocking(move || work(&backend)).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime stops: nobody waits for the answer any more.
            Err(_) => std::future::pending().await,
        },
    }
}

async fn fetch(ctx: &Ctx, chains: &[Vec<Certificate>]) -> Evidence {
    let mut pairs: Vec<(Certificate, Certificate)> = Vec::new();
    for pair in chains.iter().flat_map(|chain| chain.windows(2)) {
        if let [certificate, issuer] = pair
            && !pairs.iter().any(|(known, _)| known == certificate)
        {
            pairs.push((certificate.clone(), issuer.clone()));
        }
    }
    let mut nonce = [0; 16];
    ctx.backend.entropy.fill(&mut nonce);
    ctx.backend.gateways.revocation.evidence(&pairs, nonce, ctx.now()).await
}

/// All paths that a report holds: of signers and of time-stamp services.
fn chains(report: &Report) -> Vec<Vec<Certificate>> {
    let signers = report.signers.iter();
    signers
        .flat_map(|signer| {
            let stamps = signer.timestamps.iter().map(|stamp| stamp.chain.as_slice());
            std::iter::once(signer.chain.as_slice()).chain(stamps)
        })
        .map(certificates)
        .collect()
}

/// The path of the signer, or his certificate alone when there is none.
fn signer_chain(report: &Report) -> Vec<Certificate> {
    let Some(signer) = report.signers.first() else { return Vec::new() };
    let alone = signer.certificate.as_slice();
    certificates(if signer.chain.is_empty() { alone } else { &signer.chain })
}

fn certificates(reports: &[CertificateReport]) -> Vec<Certificate> {
    reports.iter().filter_map(CertificateReport::read).collect()
}
