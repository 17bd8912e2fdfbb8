//! What notices say, on screens and in mail.

use chrono::NaiveDate;

use crate::{
    date::{format_date, moscow_date},
    lang::Lang,
    view::notice::{NoticeKind, TodoKind},
};

/// Subject and text of a notice.
pub fn wording(kind: &NoticeKind, lang: Lang) -> (String, String) {
    match lang {
        Lang::Ru => russian(kind),
        Lang::En => english(kind),
    }
}

fn russian(kind: &NoticeKind) -> (String, String) {
    let until = |until: &Option<NaiveDate>| {
        until.map(|until| format!(" до {}", format_date(until))).unwrap_or_default()
    };
    let title = kind.title().map_or("", |title| title.get(Lang::Ru));
    match kind {
        NoticeKind::Registered { number, .. } => (
            format!("Зарегистрирована: {title}"),
            format!("Таможня зарегистрировала документ под номером {number}."),
        ),
        NoticeKind::Refused { remarks, .. } => (
            format!("Не принята: {title}"),
            format!("Замечаний: {remarks}. Откройте документ, исправьте его и отправьте снова."),
        ),
        NoticeKind::ExplanationsRequired { until: date, text, .. } => (
            format!("Нужны пояснения{}: {title}", until(date)),
            format!("Таможня просит пояснить: {text}"),
        ),
        NoticeKind::UnderControl { until, text, .. } => (
            format!("На контроле до {}: {title}", format_date(*until)),
            format!("Исправьте ошибку до {}. {text}", format_date(*until)),
        ),
        NoticeKind::Cleared { .. } => {
            (format!("Вопросов нет: {title}"), "Таможня сняла вопросы к документу.".to_owned())
        }
        NoticeKind::Annulled { replaced_by, .. } => (
            format!("Аннулирована: {title}"),
            replaced_by.as_ref().map_or_else(
                || "Документ аннулирован.".to_owned(),
                |number| format!("Документ заменён документом {number}."),
            ),
        ),
        NoticeKind::DeliveryDelayed { since, .. } => (
            format!("Ожидает доставки: {title}"),
            format!(
                "Таможня пока недоступна. Документ подписан {}; это время подачи сохранено, \
                 отправка повторяется сама.",
                format_date(moscow_date(*since))
            ),
        ),
        NoticeKind::DraftExpires { on, .. } => (
            format!("Черновик будет удалён {}: {title}", format_date(*on)),
            "Черновик давно не меняли. Откройте и измените его, чтобы сохранить.".to_owned(),
        ),
        NoticeKind::Due { what, on, .. } => {
            let (subject, advice) = match what {
                TodoKind::FinishDraft => ("Подать", "Форма ещё не отправлена."),
                TodoKind::MendRefused => {
                    ("Исправить и подать", "Таможня не приняла форму; исправьте её и отправьте.")
                }
                TodoKind::GiveExplanations => ("Ответить", "Таможня ждёт пояснений."),
                TodoKind::CorrectForm => ("Исправить", "Форма на контроле таможни."),
                TodoKind::RenewCertificate => ("Обновить подпись", "Сертификат истекает."),
            };
            let date = format_date(*on);
            (format!("{subject} до {date}: {title}"), format!("{advice} Срок — {date}."))
        }
        NoticeKind::SignedOnTelephone { .. } => (
            format!("Подписано на телефоне: {title}"),
            "Подпись из «Госключа» получена и проверена. Откройте форму и отправьте её таможне."
                .to_owned(),
        ),
        NoticeKind::CertificateExpires { certificate, on } => (
            format!("Сертификат подписи действует до {}", format_date(*on)),
            format!(
                "{certificate}. Получите новый сертификат заранее и прикрепите его в профиле: \
                 просроченным подписать ничего нельзя."
            ),
        ),
        NoticeKind::SignedInElsewhere { device, address } => (
            "Вход с другого устройства".to_owned(),
            format!(
                "Вход выполнен: {device}, {address}. Если это не вы, завершите сеанс в профиле."
            ),
        ),
    }
}

fn english(kind: &NoticeKind) -> (String, String) {
    let until = |until: &Option<NaiveDate>| {
        until.map(|until| format!(" by {}", format_date(until))).unwrap_or_default()
    };
    let title = kind.title().map_or("", |title| title.get(Lang::En));
    match kind {
        NoticeKind::Registered { number, .. } => (
            format!("Registered: {title}"),
            format!("Customs registered the document under number {number}."),
        ),
        NoticeKind::Refused { remarks, .. } => (
            format!("Not accepted: {title}"),
            format!("Remarks: {remarks}. Open the document, correct it and send it again."),
        ),
        NoticeKind::ExplanationsRequired { until: date, text, .. } => (
            format!("Explanations required{}: {title}", until(date)),
            format!("Customs asks you to explain: {text}"),
        ),
        NoticeKind::UnderControl { until, text, .. } => (
            format!("Under control until {}: {title}", format_date(*until)),
            format!("Correct the error by {}. {text}", format_date(*until)),
        ),
        NoticeKind::Cleared { .. } => {
            (format!("Cleared: {title}"), "Customs has no more questions.".to_owned())
        }
        NoticeKind::Annulled { replaced_by, .. } => (
            format!("Annulled: {title}"),
            replaced_by.as_ref().map_or_else(
                || "The document is annulled.".to_owned(),
                |number| format!("The document is replaced by {number}."),
            ),
        ),
        NoticeKind::DeliveryDelayed { since, .. } => (
            format!("Waiting for delivery: {title}"),
            format!(
                "Customs cannot be reached for now. The document was signed on {}; this time of \
                 filing is kept, and sending repeats by itself.",
                format_date(moscow_date(*since))
            ),
        ),
        NoticeKind::DraftExpires { on, .. } => (
            format!("Draft will be deleted on {}: {title}", format_date(*on)),
            "The draft was not changed for long. Open and change it to keep it.".to_owned(),
        ),
        NoticeKind::Due { what, on, .. } => {
            let (subject, advice) = match what {
                TodoKind::FinishDraft => ("File", "The form is not sent yet."),
                TodoKind::MendRefused => {
                    ("Correct and file", "Customs did not accept the form; correct and send it.")
                }
                TodoKind::GiveExplanations => ("Answer", "Customs waits for explanations."),
                TodoKind::CorrectForm => ("Correct", "The form is under customs’ control."),
                TodoKind::RenewCertificate => ("Renew the signature", "The certificate expires."),
            };
            let date = format_date(*on);
            (format!("{subject} by {date}: {title}"), format!("{advice} It is due on {date}."))
        }
        NoticeKind::SignedOnTelephone { .. } => (
            format!("Signed on the telephone: {title}"),
            "The signature of Goskey has come and was verified. Open the form and send it to customs."
                .to_owned(),
        ),
        NoticeKind::CertificateExpires { certificate, on } => (
            format!("The signing certificate is valid until {}", format_date(*on)),
            format!(
                "{certificate}. Get a new certificate in time and attach it in the profile: \
                 nothing can be signed with one that has expired."
            ),
        ),
        NoticeKind::SignedInElsewhere { device, address } => (
            "Signed in on another device".to_owned(),
            format!(
                "Signed in: {device}, {address}. If this was not you, end the session in the profile."
            ),
        ),
    }
}
