//! What CryptoPro's plug-in and the provider behind it say, in the reader's words: Windows' codes of
//! CryptoAPI and smart cards (winerror.h), and those of CAdES (documentation of «КриптоПро ЭЦП»).

use domain::lang::Lang;

use super::Trouble;

/// A cause with its remedy, Russian and English.
struct Known {
    ru: (&'static str, &'static str),
    en: (&'static str, &'static str),
}

impl Known {
    const fn pick(&self, lang: Lang) -> (&'static str, &'static str) {
        match lang {
            Lang::Ru => self.ru,
            Lang::En => self.en,
        }
    }
}

const fn known(ru: (&'static str, &'static str), en: (&'static str, &'static str)) -> Known {
    Known { ru, en }
}

/// Causes by the codes that mean them.
const CODES: &[(&[u32], Known)] = &[
    (
        &[0x8010_006E, 0x0000_04C7, 0x8007_04C7, 0x8009_0036],
        known(
            ("Вы отменили операцию", "Подпишите ещё раз и подтвердите доступ в окне КриптоПро."),
            ("You cancelled the operation", "Sign again and confirm in CryptoPro's window."),
        ),
    ),
    (
        &[0x8010_006B],
        known(
            (
                "Неверный ПИН-код токена",
                "Введите верный ПИН-код. После нескольких ошибок токен блокируется.",
            ),
            (
                "The PIN of the token is wrong",
                "Enter the right PIN. After several mistakes the token locks.",
            ),
        ),
    ),
    (
        &[0x8010_006C],
        known(
            (
                "Токен заблокирован",
                "Разблокируйте его ПИН-кодом администратора или обратитесь в удостоверяющий центр.",
            ),
            (
                "The token is locked",
                "Unlock it with the administrator's PIN or ask the certificate authority.",
            ),
        ),
    ),
    (
        &[0x8010_000C, 0x8010_0069, 0x8010_0017, 0x8010_002E],
        known(
            ("Токен не вставлен", "Вставьте токен с ключом и подпишите ещё раз."),
            ("The token is not inserted", "Insert the token with the key and sign again."),
        ),
    ),
    (
        &[0x8009_0016, 0x8009_000D, 0x8009_2004, 0x8009_200B, 0x8007_0490],
        known(
            (
                "Закрытый ключ этого сертификата не найден",
                "Вставьте токен или установите сертификат в КриптоПро CSP с привязкой к контейнеру ключа.",
            ),
            (
                "The private key of this certificate was not found",
                "Insert the token, or install the certificate in CryptoPro CSP with its key container.",
            ),
        ),
    ),
    (
        &[0x8009_0019, 0x8009_0010],
        known(
            (
                "КриптоПро CSP не даёт доступа к ключу",
                "Проверьте срок действия ключа и права на контейнер в КриптоПро CSP.",
            ),
            (
                "CryptoPro CSP denies access to the key",
                "Check the key's period of validity and the rights to its container in CryptoPro CSP.",
            ),
        ),
    ),
    (
        &[0x8007_065B],
        known(
            ("Срок лицензии КриптоПро CSP истёк", "Введите действующую лицензию в КриптоПро CSP."),
            ("The licence of CryptoPro CSP has expired", "Enter a valid licence in CryptoPro CSP."),
        ),
    ),
    (
        &[0x800B_0101],
        known(
            (
                "Срок действия сертификата истёк или ещё не наступил",
                "Проверьте часы компьютера; если они верны, получите новый сертификат.",
            ),
            (
                "The certificate is not valid now",
                "Check the computer's clock; if it is right, get a new certificate.",
            ),
        ),
    ),
    (
        &[0x800B_0109],
        known(
            (
                "Цепочка сертификата не ведёт к доверенному корню",
                "Установите корневой сертификат Минцифры в «Доверенные корневые центры сертификации».",
            ),
            (
                "The certificate chain does not end in a trusted root",
                "Install the root certificate of the Ministry of Digital Development among the trusted roots.",
            ),
        ),
    ),
    (
        &[0x800B_010A],
        known(
            (
                "Не удаётся построить цепочку сертификатов",
                "Установите сертификат удостоверяющего центра, выдавшего подпись.",
            ),
            (
                "The certificate chain cannot be built",
                "Install the certificate of the authority that issued yours.",
            ),
        ),
    ),
    (
        &[0x800B_010C, 0x8009_2010],
        known(
            ("Сертификат отозван", "Получите новый сертификат."),
            ("The certificate was revoked", "Get a new certificate."),
        ),
    ),
    (
        &[0x8009_2012, 0x8009_2013, 0x800B_010E],
        known(
            (
                "Не удалось проверить, не отозван ли сертификат",
                "Проверьте доступ в интернет: списки отзыва берутся у удостоверяющего центра.",
            ),
            (
                "Revocation of the certificate could not be checked",
                "Check the Internet connection: revocation lists come from the certificate authority.",
            ),
        ),
    ),
    (
        &[0x800B_0110],
        known(
            ("Сертификат не предназначен для подписи", "Выберите другой сертификат."),
            ("The certificate is not meant for signing", "Choose another certificate."),
        ),
    ),
    (
        &[0x8009_6010],
        known(
            (
                "Сайту запрещён доступ к ключам",
                "Разрешите доступ в окне плагина или добавьте адрес кабинета в доверенные сайты плагина.",
            ),
            (
                "The site may not use the keys",
                "Allow access in the plug-in's window or add the cabinet to the plug-in's trusted sites.",
            ),
        ),
    ),
    (
        &[0x8007_0005],
        known(
            (
                "Доступ запрещён",
                "Добавьте адрес кабинета в доверенные сайты плагина и подпишите ещё раз.",
            ),
            ("Access is denied", "Add the cabinet to the plug-in's trusted sites and sign again."),
        ),
    ),
    (
        &[0x8009_0008, 0x8009_1002, 0x8009_2022],
        known(
            (
                "Алгоритм сертификата не поддерживается установленным КриптоПро CSP",
                "Обновите КриптоПро CSP до версии 5.0 или выберите сертификат по ГОСТ Р 34.10-2012.",
            ),
            (
                "The installed CryptoPro CSP does not know the certificate's algorithm",
                "Update CryptoPro CSP to 5.0 or choose a certificate of GOST R 34.10-2012.",
            ),
        ),
    ),
    (
        &[0x8009_0006, 0x8009_100E],
        known(
            (
                "Подпись не сошлась с документом",
                "Подпишите ещё раз; если повторится, переустановите КриптоПро CSP.",
            ),
            (
                "The signature does not fit the document",
                "Sign again; if it happens again, reinstall CryptoPro CSP.",
            ),
        ),
    ),
    (
        &TOO_LARGE,
        known(
            (
                "Документ слишком велик для плагина",
                "Подпишите файлом контейнера или в другой программе.",
            ),
            (
                "The document is too large for the plug-in",
                "Sign with a container file or in another program.",
            ),
        ),
    ),
    (
        &[0xC210_0100, 0xC211_0100, 0xC211_0101, 0xC211_0102, 0xC211_0103, 0xC211_0104],
        known(
            (
                "Служба штампов времени или проверки сертификатов не ответила",
                "Проверьте доступ в интернет и подпишите ещё раз.",
            ),
            (
                "The time-stamp or certificate status service did not answer",
                "Check the Internet connection and sign again.",
            ),
        ),
    ),
    (
        &[0x8004_0154, 0x8007_007E, 0x8007_0002],
        known(
            (
                "Плагин КриптоПро установлен не полностью",
                "Удалите плагин, установите его заново от администратора и перезагрузите компьютер.",
            ),
            (
                "CryptoPro's plug-in is not installed completely",
                "Remove the plug-in, install it again as administrator and restart the computer.",
            ),
        ),
    ),
];

/// `E_OUTOFMEMORY` and `ERROR_NOT_ENOUGH_MEMORY` (winerror.h): the content is too large.
const TOO_LARGE: [u32; 2] = [0x8007_000E, 0x8007_0008];

/// Whether the plug-in refused a content for its size.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "signed in the browser")
)]
pub fn is_too_large(words: &str) -> bool {
    code(words).is_some_and(|code| TOO_LARGE.contains(&code))
}

/// Whether a service failed that the signature itself does not need, or the plug-in has no licence
/// for it: the errors of CryptoPro's TSP and OCSP clients, and a service whose certificate this
/// computer does not trust.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "signed in the browser")
)]
pub fn is_of_services(words: &str) -> bool {
    const FACILITIES: [u32; 2] = [0xC210, 0xC211];
    const UNTRUSTED: [u32; 2] = [0x800B_0109, 0x800B_010A];
    code(words).is_some_and(|code| FACILITIES.contains(&(code >> 16)) || UNTRUSTED.contains(&code))
}

/// What an error of the plug-in means. Its own words and code stay in the cause, for support.
pub fn trouble(words: &str, lang: Lang) -> Trouble {
    let code = code(words);
    let found = code.and_then(|code| CODES.iter().find(|(codes, _)| codes.contains(&code)));
    match (found, code) {
        (Some((_, known)), Some(code)) => {
            let (cause, remedy) = known.pick(lang);
            Trouble::new(format!("{cause} (0x{code:08X})"), remedy)
        }
        _ => Trouble::new(
            format!("{} {words}", lang.pick("КриптоПро сообщает:", "CryptoPro says:")),
            lang.pick(
                "Подпишите ещё раз. Если повторится, сообщите этот текст в поддержку.",
                "Sign again. If it happens again, tell support this text.",
            ),
        ),
    }
}

/// Why the plug-in cannot be used, by the cause that `cryptopro.js` names.
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "detected in the browser"))]
pub fn missing(cause: &str, detail: &str, lang: Lang) -> Trouble {
    let known = match cause {
        "device" => known(
            ("На телефоне и планшете плагина КриптоПро нет", "Выберите другой способ подписи."),
            ("Phones and tablets have no CryptoPro plug-in", "Choose another way of signing."),
        ),
        "extension" => known(
            (
                "Расширение КриптоПро не установлено или выключено в этом браузере",
                "Установите «CryptoPro Extension for CAdES Browser Plug-in» из магазина расширений и обновите страницу.",
            ),
            (
                "CryptoPro's extension is not installed or is off in this browser",
                "Install “CryptoPro Extension for CAdES Browser Plug-in” from the extension store and reload the page.",
            ),
        ),
        "blocked" => known(
            (
                "Браузер не дал загрузить расширение КриптоПро",
                "Выключите блокировщики для этого сайта и обновите страницу.",
            ),
            (
                "The browser blocked CryptoPro's extension",
                "Turn off blockers for this site and reload the page.",
            ),
        ),
        "csp" => known(
            (
                "КриптоПро CSP не установлен или не отвечает",
                "Установите КриптоПро CSP и перезагрузите компьютер.",
            ),
            (
                "CryptoPro CSP is not installed or does not answer",
                "Install CryptoPro CSP and restart the computer.",
            ),
        ),
        "version" => known(
            (
                "Версия плагина слишком старая",
                "Обновите «КриптоПро ЭЦП Browser plug-in» до 2.0.12438 или новее.",
            ),
            ("The plug-in is too old", "Update CryptoPro's browser plug-in to 2.0.12438 or newer."),
        ),
        "site" => known(
            (
                "Плагин не доверяет этому сайту",
                "Нажмите «Да» в окне плагина или добавьте адрес кабинета в его доверенные сайты.",
            ),
            (
                "The plug-in does not trust this site",
                "Press “Yes” in the plug-in's window or add the cabinet to its trusted sites.",
            ),
        ),
        "timeout" => known(
            (
                "Плагин КриптоПро не ответил",
                "Перезапустите браузер; если не поможет, переустановите плагин.",
            ),
            (
                "CryptoPro's plug-in did not answer",
                "Restart the browser; if that does not help, reinstall the plug-in.",
            ),
        ),
        _ => known(
            (
                "Расширение есть, а сам плагин КриптоПро на компьютере не установлен",
                "Установите «КриптоПро ЭЦП Browser plug-in» и перезапустите браузер.",
            ),
            (
                "The extension is there, but the plug-in itself is not installed",
                "Install CryptoPro's browser plug-in and restart the browser.",
            ),
        ),
    };
    let (cause, remedy) = known.pick(lang);
    match detail.is_empty() {
        true => Trouble::new(cause, remedy),
        false => Trouble::new(format!("{cause} ({detail})"), remedy),
    }
}

/// The last code in a text, such as «… (0x8010006E)».
fn code(words: &str) -> Option<u32> {
    let at = words.to_ascii_lowercase().rfind("0x")?;
    let digits: String = words[at + 2..].chars().take_while(char::is_ascii_hexdigit).collect();
    u32::from_str_radix(&digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_gives_its_cause_and_remedy() {
        let found = trouble("Действие было отменено пользователем. (0x8010006E)", Lang::Ru);
        assert_eq!(found.cause, "Вы отменили операцию (0x8010006E)");
        let found = trouble("The operation was canceled (0x000004C7)", Lang::En);
        assert_eq!(found.cause, "You cancelled the operation (0x000004C7)");
    }

    #[test]
    fn a_content_that_is_too_large_is_told_apart() {
        assert!(is_too_large("Недостаточно памяти. (0x8007000E)"));
        assert!(is_too_large("Недостаточно памяти. (0x80070008)"));
        assert!(!is_too_large("Действие было отменено пользователем. (0x8010006E)"));
        assert!(!is_too_large("0x"));
    }

    #[test]
    fn an_error_of_a_service_is_told_apart() {
        assert!(is_of_services("Ошибка службы штампов времени. (0xC2100100)"));
        assert!(is_of_services("Цепочка не ведёт к корню. (0x800B0109)"));
        assert!(!is_of_services("Действие было отменено пользователем. (0x8010006E)"));
        assert!(!is_of_services("ошибка"));
    }

    #[test]
    fn an_unknown_code_keeps_the_words() {
        let found = trouble("Нечто (0xDEADBEEF)", Lang::Ru);
        assert_eq!(found.cause, "КриптоПро сообщает: Нечто (0xDEADBEEF)");
        assert_eq!(trouble("0x", Lang::En).cause, "CryptoPro says: 0x");
    }

    #[test]
    fn no_code_has_two_meanings_and_every_meaning_has_words() {
        let all: Vec<u32> = CODES.iter().flat_map(|(codes, _)| codes.iter().copied()).collect();
        let mut unique = all.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), all.len());
        for (_, known) in CODES {
            for text in [known.ru.0, known.ru.1, known.en.0, known.en.1] {
                assert!(!text.is_empty());
            }
        }
    }
}
