//! What a printed document says of its signature («штамп электронной подписи»: ГОСТ Р 7.0.97-2016,
//! 5.23): the certificate's number, its owner and its validity.

use domain::{
    date::{format_date, format_moscow, moscow_date},
    lang::Lang,
    view::signature::{SignatureStamp, StampCertificate},
};
use signature::certificate::Certificate;

/// What is kept of a certificate beside the signature.
pub fn stamp_certificate(certificate: &Certificate, algorithm: &str) -> StampCertificate {
    StampCertificate {
        serial: certificate.serial_hex(),
        valid_from: certificate.not_before(),
        valid_to: certificate.not_after(),
        algorithm: algorithm.to_owned(),
    }
}

/// The lines of the stamp.
pub fn stamp_lines(stamp: &SignatureStamp, lang: Lang) -> Vec<String> {
    let heading = lang
        .pick("Документ подписан электронной подписью", "The document is signed electronically");
    let at = format_moscow(stamp.signed_at);
    let mut lines = vec![heading.to_owned()];
    if let Some(certificate) = &stamp.certificate {
        lines.push(format!("{}: {}", lang.pick("Сертификат", "Certificate"), certificate.serial));
    }
    lines.push(format!("{}: {}", lang.pick("Владелец", "Signer"), stamp.owner));
    if let Some(certificate) = &stamp.certificate {
        let [from, to] =
            [certificate.valid_from, certificate.valid_to].map(|at| format_date(moscow_date(at)));
        lines.push(format!(
            "{} {from} {} {to}",
            lang.pick("Действителен: с", "Valid: from"),
            lang.pick("по", "to"),
        ));
    }
    lines.push(format!("{}: {at} {}", lang.pick("Подписан", "Signed"), lang.pick("МСК", "MSK")));
    if let Some(at) = stamp.timestamped_at {
        let label = lang.pick("Штамп времени", "Time-stamp");
        lines.push(format!("{label}: {} {}", format_moscow(at), lang.pick("МСК", "MSK")));
    }
    lines.push(format!("SHA-256: {}", stamp.sha256));
    lines
}
