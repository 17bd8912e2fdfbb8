//! The lines of «Проверить ЭП», each with its outcome and its one remedy.

use chrono::{DateTime, Utc};
use domain::{
    date::moscow,
    lang::Lang,
    view::signature::{Bilingual, Line, LineOutcome, Owner},
};
use signature::report::{Check, CheckKind, EvidenceKind, Outcome, Reason};

use super::{Examined, RevocationPolicy, owner};
use crate::ctx::Ctx;

/// All lines, in the order in which a person asks.
pub(super) fn of(ctx: &Ctx, examined: &Examined, found: &Owner) -> Vec<Line> {
    let mut lines = vec![signature(examined)];
    if !examined.algorithm().is_empty() {
        lines.push(algorithm(examined));
    }
    if examined.certificate().is_some() {
        lines.push(dates(ctx.now(), examined));
        lines.push(chain(examined));
        lines.push(revocation(ctx, examined));
        lines.push(issuer(ctx, examined));
        lines.extend(purpose(examined));
        lines.extend(timestamp(examined));
        lines.push(owner_line(found));
    }
    let fit =
        examined.report.is_valid() && lines.iter().all(|line| line.outcome != LineOutcome::Failed);
    lines.push(fitness(fit));
    lines
}

fn line(code: &str, title: Bilingual, outcome: LineOutcome, text: Bilingual) -> Line {
    Line { code: code.to_owned(), title, outcome, text, remedy: None }
}

fn cause(reason: Reason) -> Bilingual {
    Bilingual::new(reason.cause(Lang::Ru), reason.cause(Lang::En))
}

fn remedy(reason: Reason) -> Bilingual {
    Bilingual::new(reason.remedy(Lang::Ru), reason.remedy(Lang::En))
}

/// The worst of the checks of some kinds: failed before warned of.
fn worst(examined: &Examined, kinds: &[CheckKind]) -> Option<(LineOutcome, Reason)> {
    let find = |outcome: Outcome| {
        let mut all = examined.checks().iter();
        all.find(|check| kinds.contains(&check.kind) && check.outcome == outcome)
            .and_then(|check| check.reason)
    };
    find(Outcome::Failed)
        .map(|reason| (LineOutcome::Failed, reason))
        .or_else(|| find(Outcome::Warning).map(|reason| (LineOutcome::Warning, reason)))
}

/// A line of what the engine found wrong, or a good one.
fn judged(
    code: &str,
    title: Bilingual,
    found: Option<(LineOutcome, Reason)>,
    good: Bilingual,
) -> Line {
    match found {
        Some((outcome, reason)) => {
            Line { remedy: Some(remedy(reason)), ..line(code, title, outcome, cause(reason)) }
        }
        None => line(code, title, LineOutcome::Ok, good),
    }
}

fn signature(examined: &Examined) -> Line {
    const KINDS: [CheckKind; 8] = [
        CheckKind::Certificate,
        CheckKind::Content,
        CheckKind::Attributes,
        CheckKind::SigningCertificate,
        CheckKind::Signature,
        CheckKind::Countersignature,
        CheckKind::LongTerm,
        CheckKind::Level,
    ];
    let title = Bilingual::new("Подпись", "Signature");
    if examined.report.signers.len() > 1 {
        return Line {
            remedy: Some(Bilingual::new(
                "Подпишите одним сертификатом.",
                "Sign with one certificate.",
            )),
            ..line(
                "signature",
                title,
                LineOutcome::Failed,
                Bilingual::new(
                    "В файле подписи нескольких человек.",
                    "The file holds signatures of several people.",
                ),
            )
        };
    }
    // A file that is no signature has no signers, and so no checks.
    let whole = examined.report.reason.filter(|_| examined.report.signers.is_empty());
    let found = whole.map(|reason| (LineOutcome::Failed, reason));
    judged(
        "signature",
        title,
        found.or_else(|| worst(examined, &KINDS)),
        Bilingual::new("Верна: ключ у вас.", "Right: you hold the key."),
    )
}

fn algorithm(examined: &Examined) -> Line {
    judged(
        "algorithm",
        Bilingual::new("Алгоритм", "Algorithm"),
        worst(examined, &[CheckKind::Algorithm]),
        Bilingual::new(
            format!("{}: разрешён.", examined.algorithm()),
            format!("{}: allowed.", examined.algorithm()),
        ),
    )
}

fn dates(now: DateTime<Utc>, examined: &Examined) -> Line {
    let title = Bilingual::new("Срок действия сертификата", "Validity of the certificate");
    let wrong = examined.certificate().and_then(|own| {
        if now < own.not_before() {
            Some(Reason::CertificateNotYetValid)
        } else {
            (now > own.not_after()).then_some(Reason::CertificateExpired)
        }
    });
    let day = |at: DateTime<Utc>| at.with_timezone(&moscow()).format("%d.%m.%Y").to_string();
    let (from, to) = examined
        .certificate()
        .map(|own| (day(own.not_before()), day(own.not_after())))
        .unwrap_or_default();
    judged(
        "dates",
        title,
        wrong.map(|reason| (LineOutcome::Failed, reason)),
        Bilingual::new(format!("С {from} по {to}."), format!("From {from} to {to}.")),
    )
}

fn chain(examined: &Examined) -> Line {
    let title = Bilingual::new("Цепочка до доверенного корня", "Chain to a trusted root");
    let found = worst(examined, &[CheckKind::Chain]).filter(|(_, reason)| {
        !matches!(reason, Reason::CertificateExpired | Reason::CertificateNotYetValid)
    });
    let root = examined.chain.last().map(owner::display).unwrap_or_default();
    if found.is_none() && examined.chain.len() < 2 {
        return line(
            "chain",
            title,
            LineOutcome::Warning,
            Bilingual::new(
                "Не проверена: помешала другая ошибка.",
                "Not checked because of another mistake.",
            ),
        );
    }
    judged(
        "chain",
        title,
        found,
        Bilingual::new(format!("Ведёт к «{root}»."), format!("Leads to “{root}”.")),
    )
}

fn revocation(ctx: &Ctx, examined: &Examined) -> Line {
    let title = Bilingual::new("Отзыв", "Revocation");
    let found = worst(examined, &[CheckKind::Revocation]);
    let known = examined.report.signers.first().and_then(|signer| {
        signer.revocation.iter().rev().find_map(|known| {
            let source = known.source.as_ref()?;
            (examined.certificate()?.serial_hex() == known.serial).then_some(source)
        })
    });
    if let (None, Some(source)) = (&found, known) {
        let at = source.this_update.with_timezone(&moscow()).format("%d.%m.%Y %H:%M");
        let (ru, en) = match source.kind {
            EvidenceKind::Crl => ("списку отозванных", "the revocation list"),
            EvidenceKind::Ocsp => ("ответу службы OCSP", "the OCSP service"),
        };
        return line(
            "revocation",
            title,
            LineOutcome::Ok,
            Bilingual::new(
                format!("Не отозван по {ru} на {at} (московское время)."),
                format!("Not revoked by {en} as of {at} (Moscow)."),
            ),
        );
    }
    if found.is_none() && ctx.settings().signature.revocation == RevocationPolicy::Off {
        return line(
            "revocation",
            title,
            LineOutcome::Warning,
            Bilingual::new(
                "Не проверяется: так настроен кабинет.",
                "Not checked: the cabinet is set so.",
            ),
        );
    }
    let unknown = (LineOutcome::Warning, Reason::RevocationUnknown);
    judged("revocation", title, found.or(Some(unknown)), Bilingual::default())
}

fn issuer(ctx: &Ctx, examined: &Examined) -> Line {
    let title = Bilingual::new("Удостоверяющий центр", "Certificate authority");
    let name = match examined.chain.as_slice() {
        [_, issuer, ..] => owner::display(issuer),
        _ => examined.certificate().map(|own| own.issuer().to_string()).unwrap_or_default(),
    };
    if examined.chain.len() < 2 || ctx.settings().signature.is_qualified(&examined.chain) {
        let text = Bilingual::new(name.clone(), name);
        let outcome = if examined.chain.len() < 2 { LineOutcome::Warning } else { LineOutcome::Ok };
        return line("issuer", title, outcome, text);
    }
    Line {
        remedy: Some(Bilingual::new(
            "Получите квалифицированный сертификат в аккредитованном центре.",
            "Get a qualified certificate from an accredited authority.",
        )),
        ..line(
            "issuer",
            title,
            LineOutcome::Failed,
            Bilingual::new(
                format!("«{name}» не входит в число центров, чьи подписи здесь квалифицированные."),
                format!("“{name}” is not among the authorities that count as qualified here."),
            ),
        )
    }
}

fn purpose(examined: &Examined) -> Option<Line> {
    let checked = |check: &Check| check.kind == CheckKind::Purpose;
    examined.checks().iter().any(checked).then(|| {
        judged(
            "purpose",
            Bilingual::new("Назначение сертификата", "Purpose of the certificate"),
            worst(examined, &[CheckKind::Purpose]),
            Bilingual::new("Подписание документов.", "Signing of documents."),
        )
    })
}

fn timestamp(examined: &Examined) -> Option<Line> {
    let checked = |check: &Check| check.kind == CheckKind::Timestamp;
    let stamps = &examined.report.signers.first()?.timestamps;
    let at = stamps.iter().find_map(|stamp| stamp.time);
    let at = at.map(|at| at.with_timezone(&moscow()).format("%d.%m.%Y %H:%M").to_string());
    let at = at.unwrap_or_default();
    (examined.checks().iter().any(checked) && !stamps.is_empty()).then(|| {
        judged(
            "timestamp",
            Bilingual::new("Штамп времени", "Time-stamp"),
            worst(examined, &[CheckKind::Timestamp]),
            Bilingual::new(format!("{at} (московское время)."), format!("{at} (Moscow).")),
        )
    })
}

fn owner_line(found: &Owner) -> Line {
    let title = Bilingual::new("Владелец", "Owner");
    let numbers = [
        ("СНИЛС", "SNILS", &found.snils),
        ("ИНН", "INN", &found.inn),
        ("ИНН ЮЛ", "INN of the company", &found.inn_le),
        ("ОГРН", "OGRN", &found.ogrn),
        ("ОГРНИП", "OGRNIP", &found.ogrnip),
    ];
    let told = |lang: Lang| {
        let names = [&found.name, &found.organisation].into_iter().flatten().cloned();
        let numbers = numbers.iter().filter_map(|(ru, en, number)| {
            Some(format!("{} {}", lang.pick(ru, en), number.as_ref()?))
        });
        names.chain(numbers).collect::<Vec<_>>().join(", ")
    };
    let text = Bilingual::new(told(Lang::Ru), told(Lang::En));
    if found.snils.is_some() {
        return line("owner", title, LineOutcome::Ok, text);
    }
    Line {
        remedy: Some(Bilingual::new(
            "Нужен сертификат, выданный человеку: физическому лицу или руководителю организации.",
            "A certificate of a person is needed: of a natural person, or of the head of a company.",
        )),
        ..line(
            "owner",
            title,
            LineOutcome::Failed,
            Bilingual::new(
                format!("{}. В сертификате нет СНИЛС.", text.ru),
                format!("{}. The certificate holds no SNILS.", text.en),
            ),
        )
    }
}

fn fitness(fit: bool) -> Line {
    let title = Bilingual::new("Годится для таможни", "Fit for customs");
    if fit {
        let text =
            Bilingual::new("Да: этой подписью можно подписывать.", "Yes: you may sign with it.");
        return line("fitness", title, LineOutcome::Ok, text);
    }
    Line {
        remedy: Some(Bilingual::new(
            "Исправьте отмеченное выше и проверьте ещё раз.",
            "Mend what is marked above and check again.",
        )),
        ..line("fitness", title, LineOutcome::Failed, Bilingual::new("Нет.", "No."))
    }
}
