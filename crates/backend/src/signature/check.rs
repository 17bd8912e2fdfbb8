//! «Проверить ЭП»: one screen that says whether a signature works here, and if not, why.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use domain::{
    date::moscow,
    view::signature::{Bilingual, CertificateState, ChainCertificate, Checked, LineOutcome, Owner},
};
use signature::{
    certificate::Certificate,
    report::{Reason, Report},
    revocation::Status,
};

use super::{Examined, SignatureRefusal, challenge, lines, owner, verify};
use crate::ctx::Ctx;

/// Checks a signature over a challenge. Nobody need be signed in, and nothing is kept. A bad
/// signature is no error: what is wrong with it is the answer.
///
/// # Errors
/// The challenge is not from here or too old, or the database failed.
pub async fn signature_check(
    ctx: &Ctx,
    token: &str,
    signature: &str,
) -> Result<Checked, SignatureRefusal> {
    let answered = challenge::answered(ctx, token).await?;
    // What is no Base64 is no signature either; the engine says so in its own words.
    let signature = STANDARD.decode(signature.trim()).unwrap_or_default();
    let examined = verify::examine(ctx, &answered.content, &signature).await;
    Ok(checked(ctx, &examined))
}

/// What was found, as the screen shows it.
pub(crate) fn checked(ctx: &Ctx, examined: &Examined) -> Checked {
    let owner = examined.certificate().map(owner::of).unwrap_or_default();
    let valid = examined.report.is_valid() && examined.report.signers.len() == 1;
    let lines = lines::of(ctx, examined, &owner);
    let fit = valid && lines.iter().all(|line| line.outcome != LineOutcome::Failed);
    let certificates = chain(examined, ctx.now());
    let algorithm = examined.algorithm();
    let mut checked =
        Checked { valid, fit, owner, algorithm, certificates, lines, report: String::new() };
    checked.report = text(ctx, &checked, examined.report.reason);
    checked
}

fn chain(examined: &Examined, now: DateTime<Utc>) -> Vec<ChainCertificate> {
    let last = examined.chain.len().saturating_sub(1);
    examined
        .chain
        .iter()
        .enumerate()
        .map(|(index, certificate)| ChainCertificate {
            subject: owner::display(certificate),
            issuer: examined
                .chain
                .get(index + 1)
                .map_or_else(|| certificate.issuer().to_string(), owner::display),
            serial: certificate.serial_hex(),
            valid_from: certificate.not_before(),
            valid_to: certificate.not_after(),
            state: state(certificate, &examined.report, index == last && index > 0, now),
        })
        .collect()
}

fn state(
    certificate: &Certificate,
    report: &Report,
    is_root: bool,
    now: DateTime<Utc>,
) -> CertificateState {
    if now < certificate.not_before() {
        return CertificateState::NotYetValid;
    }
    if now > certificate.not_after() {
        return CertificateState::Expired;
    }
    let serial = certificate.serial_hex();
    let subject = certificate.subject().to_string();
    let known = report
        .signers
        .iter()
        .flat_map(|signer| &signer.revocation)
        .find(|known| known.serial == serial && known.subject == subject);
    let is_blamed = report.signers.iter().flat_map(|signer| &signer.checks).any(|check| {
        let revoked = matches!(
            check.reason,
            Some(Reason::CertificateRevoked | Reason::CertificateSuspended | Reason::IssuerRevoked)
        );
        revoked && check.detail.as_ref() == Some(&subject)
    });
    match known.map(|known| known.status) {
        Some(Status::Revoked { .. }) => CertificateState::Revoked,
        _ if is_blamed => CertificateState::Revoked,
        Some(Status::Good) => CertificateState::Valid,
        _ if is_root => CertificateState::Valid,
        _ => CertificateState::Unknown,
    }
}

/// The whole as text to copy for support.
fn text(ctx: &Ctx, checked: &Checked, reason: Option<Reason>) -> String {
    let lang = ctx.lang();
    let mut text = String::new();
    let mut say = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    let at = ctx.now().with_timezone(&moscow()).format("%d.%m.%Y %H:%M:%S");
    say(format!("{} — {at} (UTC+3)", ctx.settings().public_url));
    say(lang.pick("Номер запроса: ", "Request number: ").to_owned() + &ctx.request_id);
    say(ctx.client.user_agent.clone());
    let verdict = match (checked.valid, checked.fit) {
        (true, true) => Bilingual::new("Подпись действительна и годится", "Valid and fit"),
        (true, false) => Bilingual::new("Подпись действительна, но не годится", "Valid, not fit"),
        _ => Bilingual::new("Подпись недействительна", "Not valid"),
    };
    let code = reason.map(|reason| format!(" [{}]", reason.code())).unwrap_or_default();
    say(format!("{}{code}", verdict.text(lang)));
    say(checked.algorithm.clone());
    for line in &checked.lines {
        let mark = match line.outcome {
            LineOutcome::Ok => "+",
            LineOutcome::Warning => "!",
            LineOutcome::Failed => "-",
        };
        // Numbers of the owner are nobody's business without need; his names follow below.
        let text = if line.code == "owner" { "" } else { line.text.text(lang) };
        say(format!("{mark} {} ({}): {text}", line.title.text(lang), line.code));
    }
    for certificate in &checked.certificates {
        say(format!(
            "{} № {}, {} — {}, {:?}",
            certificate.subject,
            certificate.serial,
            certificate.valid_from.format("%d.%m.%Y"),
            certificate.valid_to.format("%d.%m.%Y"),
            certificate.state,
        ));
    }
    let Owner { name, organisation, .. } = &checked.owner;
    for named in [name, organisation].into_iter().flatten() {
        say(named.clone());
    }
    text
}
