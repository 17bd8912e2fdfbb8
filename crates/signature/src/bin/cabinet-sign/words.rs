//! A report in plain words.

use std::fmt::Write;

use domain::lang::Lang;
use signature::report::{
    Check, CheckKind, EvidenceKind, Outcome, Report, RevocationReport, SignerReport,
};
use signature::verify::{Compared, Difference, Recheck};

/// The whole report, line by line.
pub fn report(report: &Report, lang: Lang) -> String {
    let mut out = String::new();
    let verdict = if report.is_valid() {
        lang.pick("ПОДПИСЬ ДЕЙСТВИТЕЛЬНА", "VALID")
    } else {
        lang.pick("ПОДПИСЬ НЕДЕЙСТВИТЕЛЬНА", "NOT VALID")
    };
    line(&mut out, 0, verdict);
    if let (Some(reason), true) = (report.reason, report.signers.is_empty()) {
        line(&mut out, 0, &format!("{} [{}]", reason.cause(lang), reason.code()));
        line(&mut out, 0, reason.remedy(lang));
    }
    if report.signature_only {
        line(
            &mut out,
            0,
            lang.pick(
                "Проверена только сама подпись: сертификат не проверялся.",
                "Only the signature was checked, not the certificate.",
            ),
        );
    }
    let at = report.verified_at.format("%d.%m.%Y %H:%M:%S UTC");
    line(&mut out, 0, &format!("{}: {at}", lang.pick("Время проверки", "Verified at")));
    if let Some(content) = &report.content {
        let size = content.size;
        line(&mut out, 0, &format!("{}: {size}", lang.pick("Байтов в документе", "Octets signed")));
        for digest in &content.digests {
            line(&mut out, 2, &format!("{}: {}", digest.algorithm, digest.value));
        }
    }
    for (number, signer) in report.signers.iter().enumerate() {
        out.push('\n');
        line(&mut out, 0, &format!("{} {}", lang.pick("Подпись", "Signer"), number + 1));
        self::signer(&mut out, signer, lang);
    }
    out
}

/// What came of judging a kept report again.
pub fn recheck(recheck: &Recheck, lang: Lang) -> String {
    let mut out = String::new();
    let verdict = if recheck.is_confirmed() {
        lang.pick("ПРЕЖНИЙ ВЫВОД ПОДТВЕРЖДЁН", "THE KEPT VERDICT STANDS")
    } else {
        lang.pick("ПРЕЖНИЙ ВЫВОД НЕ ПОДТВЕРЖДЁН", "THE KEPT VERDICT DOES NOT STAND")
    };
    line(&mut out, 0, verdict);
    for difference in &recheck.differences {
        let number = difference.signer.map(|number| format!(" {}", number + 1));
        let what = format!("{}{}", compared(difference.what, lang), number.unwrap_or_default());
        let Difference { kept, found, .. } = difference;
        let (was, is) = (lang.pick("было", "kept"), lang.pick("теперь", "found"));
        line(&mut out, 2, &format!("{what}: {was} {kept}; {is} {found}"));
    }
    for digest in &recheck.missing {
        let label = lang.pick(
            "Не хватает сведений об отзыве, названных в отчёте: SHA-256",
            "Revocation data named in the report are not at hand: SHA-256",
        );
        line(&mut out, 2, &format!("{label} {digest}"));
    }
    for (title, report) in [
        (lang.pick("На время отчёта", "At the time of the report"), &recheck.then),
        (lang.pick("На время перепроверки", "At the time of checking again"), &recheck.now),
    ] {
        out.push('\n');
        line(&mut out, 0, title);
        out.push_str(&self::report(report, lang));
    }
    out
}

fn compared(what: Compared, lang: Lang) -> &'static str {
    match what {
        Compared::Content => lang.pick("документ", "content"),
        Compared::Signers => lang.pick("число подписей", "number of signers"),
        Compared::Certificate => lang.pick("сертификат", "certificate"),
        Compared::Level => lang.pick("формат", "level"),
        Compared::Verdict => lang.pick("вывод", "verdict"),
    }
}

fn signer(out: &mut String, signer: &SignerReport, lang: Lang) {
    if let Some(certificate) = &signer.certificate {
        line(out, 2, &format!("{}: {}", lang.pick("Владелец", "Owner"), certificate.subject));
        line(out, 2, &format!("{}: {}", lang.pick("Издатель", "Issuer"), certificate.issuer));
        line(
            out,
            2,
            &format!(
                "{}: {}, {} – {}",
                lang.pick("Сертификат", "Certificate"),
                certificate.serial,
                certificate.not_before.format("%d.%m.%Y"),
                certificate.not_after.format("%d.%m.%Y")
            ),
        );
    }
    line(out, 2, &format!("{}: {}", lang.pick("Формат", "Level"), signer.level.name()));
    if let Some(algorithm) = &signer.algorithm {
        line(out, 2, &format!("{}: {algorithm}", lang.pick("Алгоритм", "Algorithm")));
    }
    if let Some(time) = signer.claimed_time {
        let time = time.format("%d.%m.%Y %H:%M:%S UTC");
        let label = lang.pick("Время по словам подписавшего", "Claimed time");
        line(out, 2, &format!("{label}: {time}"));
    }
    for stamp in signer.timestamps.iter().filter_map(|stamp| stamp.time) {
        let time = stamp.format("%d.%m.%Y %H:%M:%S UTC");
        line(out, 2, &format!("{}: {time}", lang.pick("Штамп времени", "Time-stamp")));
    }
    for check in &signer.checks {
        self::check(out, check, lang);
    }
    let stamps = signer.timestamps.iter().flat_map(|stamp| &stamp.revocation);
    for finding in signer.revocation.iter().chain(stamps) {
        revocation(out, finding, lang);
    }
}

/// Which revocation data told about a certificate.
fn revocation(out: &mut String, finding: &RevocationReport, lang: Lang) {
    let Some(source) = &finding.source else { return };
    let kind = match source.kind {
        EvidenceKind::Crl => lang.pick("список отзыва", "revocation list"),
        EvidenceKind::Ocsp => "OCSP",
    };
    let label = lang.pick("Сведения об отзыве", "Revocation data");
    let time = source.this_update.format("%d.%m.%Y %H:%M:%S UTC");
    let digest = &source.sha256;
    line(out, 2, &format!("{label}: {}: {kind}, {time}, SHA-256 {digest}", finding.subject));
}

fn check(out: &mut String, check: &Check, lang: Lang) {
    let mark = match check.outcome {
        Outcome::Passed => "[+]",
        Outcome::Warning => "[!]",
        Outcome::Failed => "[-]",
        Outcome::Skipped => "[ ]",
    };
    let mut text = format!("{mark} {}", name(check.kind, lang));
    if let Some(detail) = &check.detail {
        let _ = write!(text, " ({detail})");
    }
    line(out, 2, &text);
    if let Some(reason) = check.reason {
        line(out, 6, &format!("{} [{}]", reason.cause(lang), reason.code()));
        line(out, 6, reason.remedy(lang));
    }
}

fn name(kind: CheckKind, lang: Lang) -> &'static str {
    match kind {
        CheckKind::Certificate => {
            lang.pick("сертификат подписавшего найден", "the signer's certificate is at hand")
        }
        CheckKind::Algorithm => lang.pick("алгоритм", "algorithm"),
        CheckKind::Content => lang.pick("документ тот же, что подписан", "the signed document"),
        CheckKind::Attributes => lang.pick("подписанные атрибуты", "signed attributes"),
        CheckKind::SigningCertificate => {
            lang.pick("ссылка на сертификат", "reference to the certificate")
        }
        CheckKind::Signature => lang.pick("подпись сходится с ключом", "signature fits the key"),
        CheckKind::Chain => lang.pick("цепочка до доверенного корня", "chain to a trusted root"),
        CheckKind::Purpose => lang.pick("назначение ключа", "purpose of the key"),
        CheckKind::Revocation => lang.pick("сертификат не отозван", "not revoked"),
        CheckKind::Timestamp => lang.pick("штамп времени", "time-stamp"),
        CheckKind::LongTerm => {
            lang.pick("доказательства для долговременной проверки", "long-term evidence")
        }
        CheckKind::Countersignature => lang.pick("заверяющая подпись", "countersignature"),
        CheckKind::Level => lang.pick("требуемый формат", "demanded level"),
    }
}

fn line(out: &mut String, indent: usize, text: &str) {
    let _ = writeln!(out, "{:indent$}{text}", "");
}
