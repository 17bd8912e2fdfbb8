//! Reason codes: one for every cause, with the cause and the remedy in words.

use domain::lang::Lang;
use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $ru:literal, $remedy_ru:literal, $en:literal, $remedy_en:literal;)+) => {
        /// Why a check did not pass. One code per cause; the code is what programs compare.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Reason {
            $($(#[$doc])* #[serde(rename = $code)] $name,)+
        }

        impl Reason {
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stable code, in kebab-case.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// What happened, for the reader.
            pub const fn cause(self, lang: Lang) -> &'static str {
                match self { $(Self::$name => lang.pick($ru, $en),)+ }
            }

            /// What the reader can do about it.
            pub const fn remedy(self, lang: Lang) -> &'static str {
                match self { $(Self::$name => lang.pick($remedy_ru, $remedy_en),)+ }
            }
        }
    };
}

reasons! {
    NotSignedData = "not-signed-data",
        "Файл не содержит электронной подписи (CMS SignedData).",
        "Выберите файл подписи: .sig, .p7s или .sgn.",
        "The file holds no electronic signature (CMS SignedData).",
        "Choose the signature file: .sig, .p7s or .sgn.";
    Malformed = "malformed",
        "Подпись повреждена: её строение нарушено.",
        "Получите файл подписи заново у того, кто его создал.",
        "The signature is damaged: its structure is broken.",
        "Get the signature file again from whoever made it.";
    TooLarge = "too-large",
        "Служебная часть подписи больше допустимого.",
        "Попросите создать подпись без лишних сертификатов и списков отзыва.",
        "The signature's own data are larger than is accepted.",
        "Ask for a signature without needless certificates and revocation lists.";
    NoSigners = "no-signers",
        "В файле нет ни одной подписи: только сертификаты.",
        "Выберите файл, который создан при подписании.",
        "The file carries certificates and no signature.",
        "Choose the file that was made by signing.";
    ContentMissing = "content-missing",
        "Подпись отсоединённая, а подписанный документ не приложен.",
        "Приложите документ, который был подписан.",
        "The signature is detached and the signed document is not given.",
        "Give the document that was signed.";
    ContentConflict = "content-conflict",
        "Документ внутри подписи и приложенный документ — разные.",
        "Проверьте подпись без приложенного документа или приложите тот, что был подписан.",
        "The document inside the signature and the given one differ.",
        "Verify without a document, or give the one that was signed.";
    AttributesAsContent = "attributes-as-content",
        "Вместо документа предъявлены атрибуты чужой подписи: так выдают подпись под другим документом за эту.",
        "Не принимайте этот файл; запросите документ и подпись у отправителя заново.",
        "Attributes of another signature are offered as the document: a signature over something else is passed off as this one.",
        "Do not accept the file; ask the sender for document and signature again.";
    DigestAlgorithmUnsupported = "digest-algorithm-unsupported",
        "Алгоритм хэширования не поддерживается.",
        "Попросите подписать заново с ГОСТ Р 34.11-2012 или SHA-2.",
        "The digest algorithm is not supported.",
        "Ask for a new signature with GOST R 34.11-2012 or SHA-2.";
    DigestAlgorithmMismatch = "digest-algorithm-mismatch",
        "Алгоритм хэширования не соответствует алгоритму подписи или ключу.",
        "Попросите подписать заново исправной программой.",
        "The digest algorithm does not fit the signature algorithm or the key.",
        "Ask for a new signature made by a sound program.";
    SignatureAlgorithmUnsupported = "signature-algorithm-unsupported",
        "Алгоритм подписи не поддерживается.",
        "Попросите подписать по ГОСТ Р 34.10-2012, RSA или ECDSA.",
        "The signature algorithm is not supported.",
        "Ask for a signature by GOST R 34.10-2012, RSA or ECDSA.";
    SignatureAlgorithmMismatch = "signature-algorithm-mismatch",
        "Алгоритм подписи не соответствует ключу сертификата.",
        "Попросите подписать заново исправной программой.",
        "The signature algorithm does not fit the certificate's key.",
        "Ask for a new signature made by a sound program.";
    AlgorithmNotAllowed = "algorithm-not-allowed",
        "Алгоритм не разрешён настройками этой системы.",
        "Подпишите документ ключом с разрешённым алгоритмом.",
        "The algorithm is not allowed by this system's settings.",
        "Sign with a key of an allowed algorithm.";
    WeakDigest = "weak-digest",
        "Подпись использует SHA-1: для него умеют строить разные документы с одним хэшем.",
        "Попросите подписать заново с более стойким алгоритмом.",
        "The signature uses SHA-1, for which different documents of one digest can be made.",
        "Ask for a new signature with a stronger algorithm.";
    WeakKey = "weak-key",
        "Ключ слишком короткий или построен на проверочной кривой: его можно подобрать.",
        "Попросите подписать заново стойким ключом.",
        "The key is too short, or on a curve meant for tests: it can be found by force.",
        "Ask for a new signature with a longer key.";
    KeyUnsupported = "key-unsupported",
        "Вид ключа или кривая не поддерживаются.",
        "Нужен сертификат с ключом ГОСТ Р 34.10-2012, RSA или ECDSA P-256/P-384.",
        "The kind of key or its curve is not supported.",
        "A certificate with a GOST R 34.10-2012, RSA or ECDSA P-256/P-384 key is needed.";
    KeyInvalid = "key-invalid",
        "Открытый ключ в сертификате испорчен.",
        "Получите в удостоверяющем центре исправный сертификат.",
        "The public key in the certificate is broken.",
        "Get a sound certificate from the authority.";
    AttributesMalformed = "attributes-malformed",
        "Подписанные атрибуты нарушены: атрибут повторён, пуст или записан неверно.",
        "Попросите подписать заново исправной программой.",
        "The signed attributes are broken: one is repeated, empty or written wrongly.",
        "Ask for a new signature made by a sound program.";
    ContentTypeMissing = "content-type-missing",
        "Среди подписанных атрибутов нет вида содержимого.",
        "Попросите подписать заново исправной программой.",
        "The signed attributes lack the content type.",
        "Ask for a new signature made by a sound program.";
    ContentTypeMismatch = "content-type-mismatch",
        "Вид содержимого в подписанных атрибутах не тот, что в подписи.",
        "Попросите подписать заново исправной программой.",
        "The content type in the signed attributes is not that of the signature.",
        "Ask for a new signature made by a sound program.";
    MessageDigestMissing = "message-digest-missing",
        "Среди подписанных атрибутов нет хэша документа.",
        "Попросите подписать заново исправной программой.",
        "The signed attributes lack the digest of the document.",
        "Ask for a new signature made by a sound program.";
    MessageDigestMismatch = "message-digest-mismatch",
        "Документ не тот, который был подписан: его изменили, или приложен другой.",
        "Приложите документ в том виде, в каком он был подписан.",
        "The document is not the one that was signed: it was changed, or another one is given.",
        "Give the document exactly as it was signed.";
    SigningCertificateMissing = "signing-certificate-missing",
        "Среди подписанных атрибутов нет ссылки на сертификат: это подпись CMS, но не CAdES.",
        "Если нужна подпись CAdES-BES, подпишите документ заново в этом формате.",
        "The signed attributes do not name the certificate: this is CMS and not CAdES.",
        "Where CAdES-BES is demanded, sign again in that format.";
    SigningCertificateMismatch = "signing-certificate-mismatch",
        "Подписанный атрибут указывает на другой сертификат: сертификат подменён.",
        "Не принимайте этот файл; запросите подпись заново.",
        "The signed attribute names another certificate: the certificate was exchanged.",
        "Do not accept the file; ask for the signature again.";
    SignerCertificateMissing = "signer-certificate-missing",
        "В подписи нет сертификата подписавшего, и среди известных он не найден.",
        "Попросите подпись, в которую вложен сертификат.",
        "The signer's certificate is not in the signature and not among the known ones.",
        "Ask for a signature that carries the certificate.";
    SignatureMismatch = "signature-mismatch",
        "Подпись не сходится с ключом сертификата: подпись или атрибуты изменены.",
        "Получите файл подписи заново у того, кто его создал.",
        "The signature does not fit the certificate's key: signature or attributes were changed.",
        "Get the signature file again from whoever made it.";
    CountersignatureMismatch = "countersignature-mismatch",
        "Заверяющая подпись под этой подписью не сходится.",
        "Получите файл подписи заново у того, кто его создал.",
        "A countersignature over this signature does not verify.",
        "Get the signature file again from whoever made it.";
    LevelInsufficient = "level-insufficient",
        "Формат подписи ниже требуемого.",
        "Усовершенствуйте подпись до требуемого формата (штамп времени, сведения об отзыве).",
        "The level of the signature is below the demanded one.",
        "Augment the signature (time-stamp, revocation data).";

    CertificateExpired = "certificate-expired",
        "Срок действия сертификата истёк.",
        "Получите новый сертификат и подпишите заново, либо предъявите подпись со штампом времени.",
        "The certificate has expired.",
        "Get a new certificate and sign again, or present a signature with a time-stamp.";
    CertificateNotYetValid = "certificate-not-yet-valid",
        "Срок действия сертификата ещё не начался.",
        "Проверьте часы компьютера или дождитесь начала срока.",
        "The certificate is not valid yet.",
        "Check the computer's clock or wait until it becomes valid.";
    IssuerExpired = "issuer-expired",
        "На это время не действует сертификат удостоверяющего центра в цепочке.",
        "Установите действующий сертификат удостоверяющего центра.",
        "A certificate of an authority in the chain is not valid at this time.",
        "Install the authority's current certificate.";
    IssuerUnknown = "issuer-unknown",
        "Цепочка не ведёт к доверенному корневому сертификату.",
        "Установите сертификаты удостоверяющего центра из его официального источника.",
        "The chain does not lead to a trusted root.",
        "Install the authority's certificates from its official source.";
    PathTooLong = "path-too-long",
        "Цепочка сертификатов длиннее допустимого.",
        "Обратитесь в удостоверяющий центр.",
        "The chain of certificates is longer than is accepted.",
        "Turn to the certification authority.";
    CertificateSignatureMismatch = "certificate-signature-mismatch",
        "Подпись удостоверяющего центра под сертификатом не сходится: сертификат подделан или повреждён.",
        "Получите исправный сертификат в удостоверяющем центре.",
        "The authority's signature on the certificate does not verify: it is forged or damaged.",
        "Get a sound certificate from the authority.";
    CertificateAlgorithmMismatch = "certificate-algorithm-mismatch",
        "Алгоритм подписи в сертификате указан по-разному внутри и снаружи подписанной части.",
        "Получите исправный сертификат в удостоверяющем центре.",
        "The certificate names different signature algorithms inside and outside its signed part.",
        "Get a sound certificate from the authority.";
    NotAnAuthority = "not-an-authority",
        "Сертификат выдан тем, кто не является удостоверяющим центром.",
        "Получите сертификат в аккредитованном удостоверяющем центре.",
        "The certificate was issued by someone who is no certification authority.",
        "Get a certificate from an accredited authority.";
    PathLengthExceeded = "path-length-exceeded",
        "В цепочке больше удостоверяющих центров, чем разрешил вышестоящий.",
        "Обратитесь в удостоверяющий центр.",
        "The chain has more authorities than the one above allows.",
        "Turn to the certification authority.";
    IssuerKeyUsage = "issuer-key-usage",
        "Ключ удостоверяющего центра не предназначен для подписания сертификатов.",
        "Обратитесь в удостоверяющий центр.",
        "The authority's key may not sign certificates.",
        "Turn to the certification authority.";
    KeyUsageForbidsSigning = "key-usage-forbids-signing",
        "Ключ сертификата не предназначен для подписи документов.",
        "Подпишите сертификатом, у которого есть назначение «Цифровая подпись».",
        "The certificate's key may not sign documents.",
        "Sign with a certificate whose key usage has digitalSignature or nonRepudiation.";
    ExtendedKeyUsage = "extended-key-usage",
        "Сертификат не предназначен для этой цели.",
        "Возьмите сертификат с нужным расширенным назначением ключа.",
        "The certificate is not meant for this purpose.",
        "Use a certificate with the needed extended key usage.";
    PrivateKeyPeriod = "private-key-period",
        "Срок действия закрытого ключа истёк раньше, чем была создана подпись.",
        "Получите новый сертификат и подпишите заново.",
        "The private key's usage period was over before the signature was made.",
        "Get a new certificate and sign again.";
    NameNotPermitted = "name-not-permitted",
        "Вышестоящий центр не разрешил выдавать сертификаты с таким именем.",
        "Обратитесь в удостоверяющий центр.",
        "An authority above does not permit certificates with this name.",
        "Turn to the certification authority.";
    UnknownCriticalExtension = "unknown-critical-extension",
        "В сертификате есть критичное расширение, которое неизвестно.",
        "Обратитесь в удостоверяющий центр.",
        "The certificate has a critical extension that is not known.",
        "Turn to the certification authority.";
    PolicyNotSatisfied = "policy-not-satisfied",
        "Политики сертификатов в цепочке не согласуются.",
        "Обратитесь в удостоверяющий центр.",
        "The certificate policies of the chain do not agree.",
        "Turn to the certification authority.";
    PolicyRequired = "policy-required",
        "У сертификата нет требуемой политики: он не считается квалифицированным.",
        "Получите квалифицированный сертификат в аккредитованном удостоверяющем центре.",
        "The certificate lacks a demanded policy: it does not count as qualified.",
        "Get a qualified certificate from an accredited authority.";

    CertificateRevoked = "certificate-revoked",
        "Сертификат отозван.",
        "Получите новый сертификат и подпишите заново.",
        "The certificate is revoked.",
        "Get a new certificate and sign again.";
    CertificateSuspended = "certificate-suspended",
        "Действие сертификата приостановлено.",
        "Обратитесь в удостоверяющий центр, чтобы возобновить его действие.",
        "The certificate is suspended.",
        "Turn to the authority to have it resumed.";
    IssuerRevoked = "issuer-revoked",
        "Отозван сертификат удостоверяющего центра в цепочке.",
        "Получите сертификат в другом удостоверяющем центре.",
        "A certificate of an authority in the chain is revoked.",
        "Get a certificate from another authority.";
    RevocationUnknown = "revocation-unknown",
        "Неизвестно, отозван ли сертификат: нет подходящего списка отзыва или ответа OCSP.",
        "Загрузите свежий список отзыва удостоверяющего центра или повторите позже.",
        "It is not known whether the certificate is revoked: no fitting list or OCSP response.",
        "Load the authority's current revocation list, or try again later.";
    CrlMalformed = "crl-malformed",
        "Список отзыва повреждён.",
        "Загрузите список отзыва заново.",
        "The revocation list is damaged.",
        "Load the revocation list again.";
    CrlSignatureMismatch = "crl-signature-mismatch",
        "Подпись под списком отзыва не сходится.",
        "Загрузите список отзыва из официального источника.",
        "The signature on the revocation list does not verify.",
        "Load the revocation list from its official source.";
    CrlIssuerNotAllowed = "crl-issuer-not-allowed",
        "Тот, кто подписал список отзыва, не имеет на это права.",
        "Обратитесь в удостоверяющий центр.",
        "Whoever signed the revocation list may not do so.",
        "Turn to the certification authority.";
    CrlExpired = "crl-expired",
        "Список отзыва устарел.",
        "Загрузите свежий список отзыва.",
        "The revocation list is out of date.",
        "Load a current revocation list.";
    CrlNotYetValid = "crl-not-yet-valid",
        "Список отзыва выпущен позже времени проверки.",
        "Проверьте часы компьютера.",
        "The revocation list was issued after the time of verification.",
        "Check the computer's clock.";
    CrlUnknownCriticalExtension = "crl-unknown-critical-extension",
        "В списке отзыва есть критичное расширение, которое неизвестно.",
        "Обратитесь в удостоверяющий центр.",
        "The revocation list has a critical extension that is not known.",
        "Turn to the certification authority.";
    CrlScope = "crl-scope",
        "Список отзыва не распространяется на этот сертификат.",
        "Загрузите список отзыва по ссылке из сертификата.",
        "The revocation list does not cover this certificate.",
        "Load the list that the certificate points to.";
    OcspMalformed = "ocsp-malformed",
        "Ответ OCSP повреждён.",
        "Запросите состояние сертификата заново.",
        "The OCSP response is damaged.",
        "Ask for the certificate's state again.";
    OcspUnsuccessful = "ocsp-unsuccessful",
        "Служба OCSP отказалась ответить.",
        "Повторите позже.",
        "The OCSP service refused to answer.",
        "Try again later.";
    OcspSignatureMismatch = "ocsp-signature-mismatch",
        "Подпись под ответом OCSP не сходится.",
        "Запросите состояние сертификата заново.",
        "The signature on the OCSP response does not verify.",
        "Ask for the certificate's state again.";
    OcspResponderUnauthorized = "ocsp-responder-unauthorized",
        "Ответ OCSP подписан тем, кого удостоверяющий центр на это не уполномочил.",
        "Запросите состояние сертификата у службы, указанной в сертификате.",
        "The OCSP response is signed by someone the authority did not authorise.",
        "Ask the service that the certificate points to.";
    OcspExpired = "ocsp-expired",
        "Ответ OCSP устарел.",
        "Запросите состояние сертификата заново.",
        "The OCSP response is out of date.",
        "Ask for the certificate's state again.";
    OcspNotYetValid = "ocsp-not-yet-valid",
        "Ответ OCSP выпущен позже времени проверки.",
        "Проверьте часы компьютера.",
        "The OCSP response is from after the time of verification.",
        "Check the computer's clock.";
    OcspOtherCertificate = "ocsp-other-certificate",
        "Ответ OCSP относится к другому сертификату.",
        "Запросите состояние нужного сертификата.",
        "The OCSP response is about another certificate.",
        "Ask for the state of the right certificate.";
    OcspStatusUnknown = "ocsp-status-unknown",
        "Служба OCSP не знает этого сертификата.",
        "Обратитесь в удостоверяющий центр.",
        "The OCSP service does not know the certificate.",
        "Turn to the certification authority.";
    OcspNonceMismatch = "ocsp-nonce-mismatch",
        "Ответ OCSP дан на другой запрос.",
        "Запросите состояние сертификата заново.",
        "The OCSP response answers another request.",
        "Ask for the certificate's state again.";

    TimestampMalformed = "timestamp-malformed",
        "Штамп времени повреждён.",
        "Получите новый штамп времени.",
        "The time-stamp is damaged.",
        "Get a new time-stamp.";
    TimestampRefused = "timestamp-refused",
        "Служба штампов времени отказала в штампе.",
        "Повторите позже или смените службу.",
        "The time-stamp service refused.",
        "Try again later or use another service.";
    TimestampImprintMismatch = "timestamp-imprint-mismatch",
        "Штамп времени поставлен не на эту подпись.",
        "Получите новый штамп времени на эту подпись.",
        "The time-stamp is over another signature.",
        "Get a new time-stamp for this signature.";
    TimestampSignatureMismatch = "timestamp-signature-mismatch",
        "Подпись службы под штампом времени не сходится.",
        "Получите новый штамп времени.",
        "The service's signature on the time-stamp does not verify.",
        "Get a new time-stamp.";
    TimestampAuthority = "timestamp-authority",
        "Сертификат службы штампов времени не вызывает доверия.",
        "Установите сертификаты службы или возьмите штамп доверенной службы.",
        "The certificate of the time-stamp service is not trusted.",
        "Install the service's certificates or use a trusted service.";
    TimestampPurpose = "timestamp-purpose",
        "Сертификат службы не предназначен для штампов времени.",
        "Возьмите штамп у службы, чей сертификат выдан для штампов времени.",
        "The service's certificate is not meant for time-stamps.",
        "Use a service whose certificate is issued for time-stamping.";
    TimestampOrder = "timestamp-order",
        "Штамп времени стоит не в том порядке: из будущего или раньше предыдущего.",
        "Получите новый штамп времени.",
        "The time-stamp is out of order: from the future, or before an earlier one.",
        "Get a new time-stamp.";
    TimestampNonce = "timestamp-nonce",
        "Штамп времени дан на другой запрос.",
        "Запросите штамп времени заново.",
        "The time-stamp answers another request.",
        "Ask for the time-stamp again.";
    LongTermMalformed = "long-term-malformed",
        "Доказательства для долговременной проверки повреждены.",
        "Усовершенствуйте подпись заново.",
        "The evidence for long-term verification is damaged.",
        "Augment the signature again.";
    LongTermReference = "long-term-reference",
        "Вложенные доказательства не те, на которые ссылается подпись.",
        "Усовершенствуйте подпись заново.",
        "The embedded evidence is not what the signature refers to.",
        "Augment the signature again.";
    LongTermIncomplete = "long-term-incomplete",
        "Для долговременной проверки не хватает сертификатов или сведений об отзыве.",
        "Усовершенствуйте подпись заново, пока сведения доступны.",
        "Certificates or revocation data for long-term verification are missing.",
        "Augment the signature again while the data can be had.";
    ArchiveIndexMalformed = "archive-index-malformed",
        "В архивном штампе времени нет правильного перечня защищённых данных.",
        "Поставьте новый архивный штамп времени.",
        "The archive time-stamp has no sound index of what it protects.",
        "Add a new archive time-stamp.";
    ArchiveCertificate = "archive-certificate",
        "Сертификат, защищённый архивным штампом времени, изменён или удалён.",
        "Возьмите исходный файл подписи.",
        "A certificate that the archive time-stamp protects was changed or removed.",
        "Take the original signature file.";
    ArchiveRevocation = "archive-revocation",
        "Сведения об отзыве, защищённые архивным штампом времени, изменены или удалены.",
        "Найдите исходный файл подписи.",
        "Revocation data that the archive time-stamp protects were changed or removed.",
        "Find the original signature file.";
    ArchiveAttribute = "archive-attribute",
        "Атрибут, защищённый архивным штампом времени, изменён или удалён.",
        "Запросите исходный файл подписи.",
        "An attribute that the archive time-stamp protects was changed or removed.",
        "Ask for the original signature file.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_and_causes_are_distinct() {
        let codes: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        for lang in Lang::ALL {
            let causes: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.cause(lang)).collect();
            assert_eq!(causes.len(), Reason::ALL.len());
            assert!(Reason::ALL.iter().all(|reason| !reason.remedy(lang).is_empty()));
        }
    }

    #[test]
    fn the_code_is_what_is_written() {
        for reason in Reason::ALL {
            let json = serde_json::to_string(reason).unwrap();
            assert_eq!(json, format!("\"{}\"", reason.code()));
        }
    }
}
