//! The texts of refusals: one row per key, sorted by key. `{name}` stands for an argument.
//!
//! Every area adds its rows here, so that both languages stay side by side.

use crate::lang::Lang;

/// Cause and remedy in both languages. An empty remedy means there is nothing to advise.
pub struct Message {
    key: &'static str,
    ru: (&'static str, &'static str),
    en: (&'static str, &'static str),
}

impl Message {
    pub fn cause(&self, lang: Lang) -> &'static str {
        lang.pick(self.ru.0, self.en.0)
    }

    pub fn remedy(&self, lang: Lang) -> &'static str {
        lang.pick(self.ru.1, self.en.1)
    }
}

/// The message of a key.
pub fn find(key: &str) -> Option<&'static Message> {
    MESSAGES.binary_search_by(|message| message.key.cmp(key)).ok().map(|index| &MESSAGES[index])
}

const MESSAGES: &[Message] = &[
    Message {
        key: "api.malformed",
        ru: ("Кабинет не понял запрос.", "Обновите страницу и повторите."),
        en: ("The cabinet did not understand the request.", "Reload the page and try again."),
    },
    Message {
        key: "api.unreachable",
        ru: (
            "Кабинет не отвечает. Введённое сохранено на этом устройстве.",
            "Проверьте подключение к сети и повторите.",
        ),
        en: (
            "The cabinet does not answer. What you entered is kept on this device.",
            "Check the network connection and try again.",
        ),
    },
    Message {
        key: "catalogue.service_unknown",
        ru: ("Такого сервиса нет.", "Выберите сервис в списке «Все сервисы»."),
        en: ("There is no such service.", "Choose one in the list of all services."),
    },
    Message {
        key: "conflict",
        ru: ("Данные уже изменились.", "Обновите страницу и повторите."),
        en: ("The data has changed meanwhile.", "Reload the page and try again."),
    },
    Message {
        key: "document.change",
        ru: (
            "Изменение {index} не принято: {cause}.",
            "Обновите страницу: несохранённое останется на этом устройстве.",
        ),
        en: (
            "Change {index} was not accepted: {cause}.",
            "Reload the page: what is unsaved stays on this device.",
        ),
    },
    Message {
        key: "document.changed",
        ru: (
            "Документ изменился после того, как его показали для подписи.",
            "Просмотрите его ещё раз и подпишите заново.",
        ),
        en: (
            "The document changed after it was shown for signing.",
            "Look at it once more and sign again.",
        ),
    },
    Message {
        key: "document.not_found",
        ru: (
            "Такого документа нет в этом кабинете.",
            "Проверьте, тот ли кабинет выбран, или откройте документ из списка.",
        ),
        en: (
            "There is no such document in this cabinet.",
            "Check which cabinet is chosen, or open the document from the list.",
        ),
    },
    Message {
        key: "document.remarks",
        ru: ("Документ нельзя отправить: ошибок — {count}.", "Исправьте отмеченные графы."),
        en: ("The document cannot be sent: {count} errors.", "Correct the graphs marked."),
    },
    Message {
        key: "document.state",
        ru: (
            "Документ в состоянии «{state}», так его изменить нельзя.",
            "Откройте его и посмотрите, что можно сделать сейчас.",
        ),
        en: (
            "The document is “{state}” and cannot be changed so.",
            "Open it to see what can be done now.",
        ),
    },
    Message {
        key: "document.too_large",
        ru: ("Слишком много изменений сразу.", "Разделите вставку на части."),
        en: ("Too many changes at once.", "Paste in parts."),
    },
    Message {
        key: "document.unknown_kind",
        ru: ("Вид документа {kind} здесь не поддерживается.", "Проверьте, тот ли файл выбран."),
        en: (
            "The kind of document {kind} is not supported here.",
            "Check that it is the right file.",
        ),
    },
    Message {
        key: "document.xml",
        ru: (
            "Файл не читается как документ: {cause}.",
            "Выгрузите файл заново из программы, в которой он создан, в формате XML альбома ФТС.",
        ),
        en: (
            "The file cannot be read as a document: {cause}.",
            "Export it again from its program as XML of the customs album.",
        ),
    },
    Message {
        key: "expired",
        ru: ("Срок действия истёк.", "Начните действие заново."),
        en: ("It has expired.", "Start again."),
    },
    Message {
        key: "forbidden",
        ru: (
            "У вас нет права на это действие.",
            "Попросите руководителя или администратора кабинета дать это право.",
        ),
        en: (
            "You have no right to do this.",
            "Ask the director or an administrator of the cabinet for the right.",
        ),
    },
    Message {
        key: "internal",
        ru: (
            "На сервере произошла ошибка. Введённое сохранено.",
            "Повторите через минуту; если не поможет — сообщите номер запроса в техподдержку.",
        ),
        en: (
            "The server failed. What you entered is kept.",
            "Try again in a minute; if that does not help, tell support the request number.",
        ),
    },
    Message {
        key: "invalid",
        ru: ("Часть данных заполнена неверно.", "Исправьте отмеченные поля."),
        en: ("Some of the data is wrong.", "Correct the marked fields."),
    },
    Message {
        key: "locked",
        ru: (
            "Экран заблокирован после перерыва. Введённое сохранено.",
            "Войдите снова, и форма откроется такой, какой была.",
        ),
        en: (
            "The screen is locked after a pause. What you entered is kept.",
            "Sign in again, and the form will be as it was.",
        ),
    },
    Message {
        key: "no_cabinet",
        ru: ("Кабинет не выбран.", "Выберите, от чьего имени вы работаете: «Выбор способа входа»."),
        en: ("No cabinet is chosen.", "Choose in whose name you work."),
    },
    Message {
        key: "not_found",
        ru: ("Ничего не найдено.", "Проверьте адрес или вернитесь к списку."),
        en: ("Nothing was found.", "Check the address or go back to the list."),
    },
    Message {
        key: "not_signed_in",
        ru: ("Вы не вошли, или сеанс окончен.", "Войдите через Госуслуги."),
        en: ("You are not signed in, or the session has ended.", "Sign in through Gosuslugi."),
    },
    Message {
        key: "notice.not_found",
        ru: ("Такого уведомления нет.", "Обновите список."),
        en: ("There is no such notice.", "Reload the list."),
    },
    Message {
        key: "profile.authority_down",
        ru: (
            "Удостоверяющий центр не отвечает.",
            "Ключ не потерян; повторите через несколько минут.",
        ),
        en: (
            "The certificate authority does not answer.",
            "The key is not lost; try again in a few minutes.",
        ),
    },
    Message {
        key: "profile.authority_refused",
        ru: (
            "Удостоверяющий центр отказал в сертификате.",
            "Проверьте в профиле СНИЛС и организацию, от имени которой вы подписываете.",
        ),
        en: (
            "The certificate authority refused a certificate.",
            "Check SNILS and the company you sign for in the profile.",
        ),
    },
    Message {
        key: "profile.certificate_unknown",
        ru: ("Такого сертификата в профиле нет.", "Обновите страницу: возможно, его уже убрали."),
        en: (
            "The profile has no such certificate.",
            "Reload the page: it may have been removed already.",
        ),
    },
    Message {
        key: "profile.no_certificate",
        ru: (
            "Это не сертификат.",
            "Нужен файл PEM: сертификат подписи и за ним сертификаты удостоверяющих центров.",
        ),
        en: (
            "This is not a certificate.",
            "A PEM file is needed: the signing certificate followed by those of its authorities.",
        ),
    },
    Message {
        key: "profile.no_snils",
        ru: (
            "В учётной записи Госуслуг нет СНИЛС.",
            "Добавьте СНИЛС на Госуслугах и войдите снова.",
        ),
        en: ("The Gosuslugi account has no SNILS.", "Add SNILS at Gosuslugi and sign in again."),
    },
    Message {
        key: "profile.not_in_register",
        ru: (
            "В реестре ФНС такой организации нет.",
            "Если данные изменились недавно, повторите позже; пока их можно править в самих документах.",
        ),
        en: (
            "The tax register has no such company.",
            "If the data changed lately, try again later; until then edit them in the documents.",
        ),
    },
    Message {
        key: "profile.register_down",
        ru: (
            "Реестр ФНС не отвечает.",
            "Прежние сведения сохранены; повторите через несколько минут.",
        ),
        en: (
            "The tax register does not answer.",
            "The former data are kept; try again in a few minutes.",
        ),
    },
    Message {
        key: "profile.software_signature_off",
        ru: (
            "Программная подпись в этом кабинете выключена.",
            "Подпишите квалифицированной подписью.",
        ),
        en: (
            "Software signatures are switched off in this cabinet.",
            "Sign with a qualified signature.",
        ),
    },
    Message {
        key: "session.esia_answer",
        ru: (
            "Ответ Госуслуг не удалось проверить, вход не выполнен.",
            "Начните вход заново; если повторится — сообщите номер запроса в техподдержку.",
        ),
        en: (
            "The answer of Gosuslugi could not be verified; you are not signed in.",
            "Start again; if it repeats, tell support the request number.",
        ),
    },
    Message {
        key: "session.esia_blocked",
        ru: (
            "Учётная запись Госуслуг заблокирована.",
            "Восстановите доступ на Госуслугах и войдите снова.",
        ),
        en: ("The Gosuslugi account is blocked.", "Restore access at Gosuslugi and sign in again."),
    },
    Message {
        key: "session.esia_denied",
        ru: (
            "Вы отказались передать данные с Госуслуг, вход не выполнен.",
            "Войдите снова и разрешите доступ: без имени и СНИЛС кабинет открыть нельзя.",
        ),
        en: (
            "You refused to share your Gosuslugi data; you are not signed in.",
            "Sign in again and allow access: the cabinet cannot open without name and SNILS.",
        ),
    },
    Message {
        key: "session.esia_down",
        ru: (
            "Госуслуги сейчас не отвечают.",
            "Подождите несколько минут и войдите снова. Черновики сохранены.",
        ),
        en: (
            "Gosuslugi does not answer now.",
            "Wait a few minutes and sign in again. Drafts are kept.",
        ),
    },
    Message {
        key: "session.esia_refused_client",
        ru: (
            "Госуслуги не приняли запрос кабинета.",
            "Это исправит администратор кабинета; сообщите номер запроса в техподдержку.",
        ),
        en: (
            "Gosuslugi did not accept the cabinet's request.",
            "The operator has to mend it; tell support the request number.",
        ),
    },
    Message {
        key: "session.not_found",
        ru: ("Такого сеанса нет: он уже завершён.", "Обновите список сеансов."),
        en: ("There is no such session: it has ended already.", "Reload the list of sessions."),
    },
    Message {
        key: "session.other_person",
        ru: (
            "Экран заблокировал другой пользователь.",
            "Войдите под той же учётной записью или выйдите и начните новый сеанс.",
        ),
        en: (
            "Another person locked this screen.",
            "Sign in with the same account, or sign out and start a new session.",
        ),
    },
    Message {
        key: "session.role_unknown",
        ru: (
            "У вас нет доступа к этому кабинету.",
            "Выберите другой способ входа; доступ даёт руководитель организации.",
        ),
        en: (
            "You have no access to this cabinet.",
            "Choose another one; access is given by the head of the company.",
        ),
    },
    Message {
        key: "session.sign_in_expired",
        ru: ("Вход занял слишком много времени или уже был завершён.", "Начните вход заново."),
        en: ("The sign-in took too long or was finished already.", "Start again."),
    },
    Message {
        key: "session.sign_in_unknown",
        ru: (
            "Этот вход начат не в этом браузере.",
            "Начните вход заново; проверьте, что в браузере разрешены cookie.",
        ),
        en: (
            "This sign-in was not begun in this browser.",
            "Start again; check that the browser allows cookies.",
        ),
    },
    Message {
        key: "session.signature_not_head",
        ru: (
            "По реестру ФНС эту организацию возглавляет другой человек.",
            "Войдите через Госуслуги как сотрудник или попросите руководителя войти своей подписью.",
        ),
        en: (
            "By the tax register somebody else heads this organisation.",
            "Sign in through Gosuslugi as an employee, or ask the head to sign in with his signature.",
        ),
    },
    Message {
        key: "session.signature_organisation_unknown",
        ru: (
            "Организации из сертификата нет в реестре ФНС.",
            "Проверьте ИНН и ОГРН в сертификате; если организация создана недавно, повторите через несколько дней.",
        ),
        en: (
            "The organisation of the certificate is not in the tax register.",
            "Check INN and OGRN in the certificate; if it was founded lately, try again in some days.",
        ),
    },
    Message {
        key: "session.signature_other_person",
        ru: (
            "Вы вошли как другой человек: СНИЛС в сертификате не совпадает.",
            "Возьмите свой сертификат или выйдите и войдите подписью его владельца.",
        ),
        en: (
            "You are signed in as another person: the SNILS in the certificate differs.",
            "Take your own certificate, or sign out and sign in with the signature of its owner.",
        ),
    },
    Message {
        key: "session.signature_person_first",
        ru: (
            "Руководитель сначала входит как физическое лицо.",
            "Войдите через Госуслуги или своей личной подписью; потом добавьте организацию её подписью.",
        ),
        en: (
            "The head signs in as a natural person first.",
            "Sign in through Gosuslugi or with your own signature; then add the organisation with its signature.",
        ),
    },
    Message {
        key: "session.signature_register_down",
        ru: (
            "Реестр ФНС не отвечает, а без него не узнать, кто руководит организацией.",
            "Повторите через несколько минут или войдите через Госуслуги.",
        ),
        en: (
            "The tax register does not answer, and it alone tells who heads the organisation.",
            "Try again in a few minutes, or sign in through Gosuslugi.",
        ),
    },
    Message {
        key: "session.unconfirmed",
        ru: (
            "Учётная запись Госуслуг не подтверждена.",
            "Подтвердите её через банк, МФЦ или центр обслуживания и войдите снова.",
        ),
        en: (
            "The Gosuslugi account is not confirmed.",
            "Confirm it through a bank or a service centre and sign in again.",
        ),
    },
    Message {
        key: "signature.algorithm",
        ru: (
            "Этот алгоритм подписи здесь не принимают.",
            "Подпишите ключом ГОСТ Р 34.10-2012 или другим, который разрешил оператор кабинета.",
        ),
        en: (
            "This algorithm of signatures is not accepted here.",
            "Sign with a GOST R 34.10-2012 key, or another that the operator allows.",
        ),
    },
    Message {
        key: "signature.attributes",
        ru: (
            "Служебные сведения внутри подписи нарушены.",
            "Подпишите заново исправной программой, в формате CAdES-BES.",
        ),
        en: (
            "The attributes inside the signature are broken.",
            "Sign again with a sound program, as CAdES-BES.",
        ),
    },
    Message {
        key: "signature.challenge_expired",
        ru: (
            "Проверочный текст устарел: на подпись даётся пять минут.",
            "Начните заново и подпишите новый текст.",
        ),
        en: (
            "The text to sign is too old: five minutes are given.",
            "Start again and sign the new text.",
        ),
    },
    Message {
        key: "signature.challenge_unknown",
        ru: (
            "Этот проверочный текст выдан не этим кабинетом.",
            "Обновите страницу и начните заново.",
        ),
        en: (
            "This text to sign was not given by this cabinet.",
            "Reload the page and start again.",
        ),
    },
    Message {
        key: "signature.challenge_used",
        ru: ("С этим проверочным текстом уже вошли.", "Начните вход заново."),
        en: ("Somebody signed in with this text already.", "Start the sign-in again."),
    },
    Message {
        key: "signature.content",
        ru: ("Подпись поставлена под другим содержимым.", "Подпишите документ заново."),
        en: ("The signature is over other content.", "Sign the document again."),
    },
    Message {
        key: "signature.expired",
        ru: ("Срок действия сертификата истёк.", "Получите новый сертификат и подпишите заново."),
        en: ("The certificate has expired.", "Get a new certificate and sign again."),
    },
    Message {
        key: "signature.issuer_expired",
        ru: (
            "Истёк срок сертификата удостоверяющего центра.",
            "Получите новый сертификат у действующего аккредитованного центра.",
        ),
        en: (
            "The certificate of the authority has expired.",
            "Get a new certificate from a working accredited authority.",
        ),
    },
    Message {
        key: "signature.issuer_revoked",
        ru: (
            "Сертификат удостоверяющего центра отозван.",
            "Получите новый сертификат у другого аккредитованного центра.",
        ),
        en: (
            "The certificate of the authority is revoked.",
            "Get a new certificate from another accredited authority.",
        ),
    },
    Message {
        key: "signature.key_period",
        ru: (
            "Срок действия ключа подписи истёк, хотя сертификат ещё действует.",
            "Получите новый ключ и сертификат.",
        ),
        en: (
            "The key's own term is over, though the certificate is still valid.",
            "Get a new key and certificate.",
        ),
    },
    Message {
        key: "signature.mismatch",
        ru: (
            "Подпись не соответствует сертификату.",
            "Подпишите заново; если повторится, получите новый сертификат.",
        ),
        en: (
            "The signature does not fit its certificate.",
            "Sign again; if it repeats, get a new certificate.",
        ),
    },
    Message {
        key: "signature.mobile_individuals",
        ru: (
            "Госключом в кабинете подписывают только физические лица, в том числе самозанятые.",
            "Подпишите через КриптоПро, файлом ключевого контейнера или подписью из другой программы: организациям и предпринимателям сертификат выдаёт удостоверяющий центр ФНС России или его доверенное лицо.",
        ),
        en: (
            "Only natural persons, the self-employed among them, sign with Goskey in the cabinet.",
            "Sign with CryptoPro, with a key container file or with a signature from another program: organisations and sole traders get certificates from the authority of the tax service or its trusted agents.",
        ),
    },
    Message {
        key: "signature.mobile_not_offered",
        ru: ("Госключ в этом кабинете не подключён.", "Подпишите другим способом."),
        en: ("Goskey is not connected to this cabinet.", "Sign in another way."),
    },
    Message {
        key: "signature.mobile_rejected",
        ru: (
            "Госключ не принял документ на подпись.",
            "Отправьте запрос ещё раз или подпишите другим способом.",
        ),
        en: (
            "Goskey did not take the document for signing.",
            "Send the request again or sign in another way.",
        ),
    },
    Message {
        key: "signature.mobile_snils",
        ru: (
            "Кабинет не знает ваш СНИЛС, а Госключ находит человека по нему.",
            "Войдите через Госуслуги с подтверждённой учётной записью.",
        ),
        en: (
            "The cabinet does not know your SNILS, by which Goskey finds a person.",
            "Sign in through Gosuslugi with a confirmed account.",
        ),
    },
    Message {
        key: "signature.no_certificate",
        ru: (
            "В подписи нет сертификата подписавшего.",
            "Подпишите заново с параметром «включить сертификат в подпись».",
        ),
        en: (
            "The signature does not hold the signer's certificate.",
            "Sign again and have the certificate put into the signature.",
        ),
    },
    Message {
        key: "signature.no_snils",
        ru: (
            "В сертификате нет СНИЛС: по нему нельзя узнать человека.",
            "Возьмите сертификат физического лица или руководителя организации.",
        ),
        en: (
            "The certificate holds no SNILS, so it names no person.",
            "Take the certificate of a person or of the head of a company.",
        ),
    },
    Message {
        key: "signature.no_timestamp",
        ru: (
            "Служба штампов времени не ответила, а без штампа подпись здесь не принимают.",
            "Документ не отправлен и не потерян. Подпишите его ещё раз через несколько минут.",
        ),
        en: (
            "The time-stamp service did not answer, and signatures without a time-stamp are not accepted here.",
            "The document was not sent and is not lost. Sign it again in a few minutes.",
        ),
    },
    Message {
        key: "signature.not_qualified",
        ru: (
            "Этот удостоверяющий центр здесь не считается квалифицированным.",
            "Подпишите сертификатом аккредитованного удостоверяющего центра.",
        ),
        en: (
            "This authority does not count as qualified here.",
            "Sign with a certificate of an accredited authority.",
        ),
    },
    Message {
        key: "signature.not_yet_valid",
        ru: (
            "Срок действия сертификата ещё не начался.",
            "Дождитесь начала срока или проверьте часы компьютера.",
        ),
        en: (
            "The certificate is not valid yet.",
            "Wait until it is, or check the computer's clock.",
        ),
    },
    Message {
        key: "signature.other_organisation",
        ru: (
            "Сертификат выдан другой организации.",
            "Выберите сертификат этой организации или войдите в её кабинет.",
        ),
        en: (
            "The certificate belongs to another organisation.",
            "Choose this organisation's certificate, or enter the other cabinet.",
        ),
    },
    Message {
        key: "signature.other_person",
        ru: (
            "Сертификат выдан другому человеку: СНИЛС не совпадает.",
            "Подпишите своим сертификатом.",
        ),
        en: (
            "The certificate belongs to another person: the SNILS differs.",
            "Sign with your own certificate.",
        ),
    },
    Message {
        key: "signature.purpose",
        ru: (
            "Этот сертификат не предназначен для подписания документов.",
            "Выберите сертификат электронной подписи, а не шифрования или сервера.",
        ),
        en: (
            "This certificate is not meant for signing documents.",
            "Choose a signing certificate, not one for encryption or a server.",
        ),
    },
    Message {
        key: "signature.revocation_unknown",
        ru: (
            "Не удалось узнать, не отозван ли сертификат: удостоверяющий центр не отвечает.",
            "Повторите через несколько минут; если не поможет, обратитесь в удостоверяющий центр.",
        ),
        en: (
            "Whether the certificate is revoked could not be found out: its authority does not answer.",
            "Try again in a few minutes; if that does not help, ask the authority.",
        ),
    },
    Message {
        key: "signature.revoked",
        ru: (
            "Сертификат отозван.",
            "Получите новый сертификат; если вы его не отзывали, обратитесь в удостоверяющий центр.",
        ),
        en: (
            "The certificate is revoked.",
            "Get a new certificate; if you did not revoke it, ask the authority.",
        ),
    },
    Message {
        key: "signature.several",
        ru: ("В файле подписи нескольких человек.", "Подпишите документ одним сертификатом."),
        en: (
            "The file holds signatures of several people.",
            "Sign the document with one certificate.",
        ),
    },
    Message {
        key: "signature.suspended",
        ru: (
            "Действие сертификата приостановлено.",
            "Обратитесь в удостоверяющий центр, чтобы возобновить его.",
        ),
        en: ("The certificate is suspended.", "Ask the authority to lift the suspension."),
    },
    Message {
        key: "signature.timestamp",
        ru: (
            "Штамп времени или архивные сведения в подписи неверны.",
            "Подпишите заново, без штампа или с новым штампом времени.",
        ),
        en: (
            "The time-stamp or the archived data in the signature are wrong.",
            "Sign again, without a time-stamp or with a new one.",
        ),
    },
    Message {
        key: "signature.unreadable",
        ru: ("Файл подписи не читается.", "Нужна отсоединённая подпись CMS (PKCS#7)."),
        en: ("The signature cannot be read.", "A detached CMS (PKCS#7) signature is needed."),
    },
    Message {
        key: "signature.untrusted",
        ru: (
            "Сертификат не ведёт к доверенному удостоверяющему центру.",
            "Получите сертификат у аккредитованного центра.",
        ),
        en: (
            "The certificate does not lead to a trusted authority.",
            "Get a certificate from an accredited authority.",
        ),
    },
    Message {
        key: "signature.weak",
        ru: (
            "Ключ или хэш подписи слишком слабый: такую подпись можно подделать.",
            "Подпишите стойким ключом: ГОСТ Р 34.10-2012.",
        ),
        en: (
            "The key or digest of the signature is too weak: it could be forged.",
            "Sign with a strong key: GOST R 34.10-2012.",
        ),
    },
    Message {
        key: "statform.explanation_length",
        ru: ("Пояснение пустое или длиннее 10 000 знаков.", "Напишите пояснение короче."),
        en: (
            "The explanation is empty or longer than 10,000 characters.",
            "Write a shorter explanation.",
        ),
    },
    Message {
        key: "statform.not_registered",
        ru: (
            "Заменить можно только зарегистрированную форму.",
            "Дождитесь регистрации или удалите черновик.",
        ),
        en: (
            "Only a registered form can be replaced.",
            "Wait for the registration, or delete the draft.",
        ),
    },
    Message {
        key: "statform.period",
        ru: ("«{period}» — не месяц.", "Напишите месяц и год, например 10.2026."),
        en: ("“{period}” is not a month.", "Write the month and the year, for example 10.2026."),
    },
    Message {
        key: "statform.sheet",
        ru: ("Таблица не читается: {cause}.", "Сохраните её как XLSX или CSV и загрузите снова."),
        en: ("The table cannot be read: {cause}.", "Save it as XLSX or CSV and upload again."),
    },
    Message {
        key: "tariff.file",
        ru: (
            "Файл справочника не принят, ничего не изменено.",
            "Исправьте указанную строку файла.",
        ),
        en: (
            "The reference file is refused, nothing is changed.",
            "Correct the line of the file that is named.",
        ),
    },
    Message {
        key: "too_large",
        ru: ("Файл или запрос слишком велик.", "Уменьшите его или разделите на части."),
        en: ("The file or request is too large.", "Make it smaller or split it."),
    },
    Message {
        key: "too_many_requests",
        ru: ("Слишком много запросов подряд.", "Подождите минуту и повторите."),
        en: ("Too many requests in a row.", "Wait a minute and try again."),
    },
    Message {
        key: "unavailable",
        ru: (
            "Система «{system}» не отвечает.",
            "Ничего не потеряно; повторите через несколько минут.",
        ),
        en: (
            "The system “{system}” does not answer.",
            "Nothing is lost; try again in a few minutes.",
        ),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_unique() {
        for pair in MESSAGES.windows(2) {
            assert!(pair[0].key < pair[1].key, "{} must stand before {}", pair[1].key, pair[0].key);
        }
    }

    #[test]
    fn both_languages_are_there_and_name_the_same_arguments() {
        let arguments = |text: &str| {
            let mut names: Vec<String> =
                text.split('{').skip(1).filter_map(|s| Some(s.split_once('}')?.0.into())).collect();
            names.sort();
            names
        };
        for message in MESSAGES {
            assert!(!message.ru.0.is_empty() && !message.en.0.is_empty(), "{}", message.key);
            assert_eq!(message.ru.1.is_empty(), message.en.1.is_empty(), "{}", message.key);
            assert_eq!(arguments(message.ru.0), arguments(message.en.0), "{}", message.key);
            assert_eq!(arguments(message.ru.1), arguments(message.en.1), "{}", message.key);
        }
    }
}
