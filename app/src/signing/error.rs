//! Why there is no signature, and what to do about it.

use domain::lang::Lang;
use signer::protocol::Code;

use super::{der, plugin_errors};
use crate::tr;

/// A cause and its remedy, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub cause: String,
    pub remedy: String,
}

impl Trouble {
    pub fn new(cause: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { cause: cause.into(), remedy: remedy.into() }
    }
}

/// Why there is no signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    #[error("the person declined")]
    Declined,
    #[error("there is no such key on this device")]
    NoKey,
    #[error("the certificate is not valid now")]
    Expired,
    #[error("the kept certificate cannot be read: {0}")]
    Certificate(#[from] der::DerError),
    #[error("the PIN is too short")]
    ShortPin,
    #[error("the PIN is wrong")]
    WrongPin,
    /// The worker cannot be started.
    #[error("the signing engine cannot be loaded")]
    NoEngine,
    /// The worker refused.
    #[error("the signing engine: {0:?}")]
    Engine(Code),
    /// CryptoPro's plug-in refused; its own words.
    #[error("the plug-in: {0}")]
    Plugin(String),
    /// The server refused.
    #[error("the server: {}", .0.cause)]
    Server(Trouble),
    /// The browser or the device refused; its own words.
    #[error("signing failed: {0}")]
    Failed(String),
}

impl SignError {
    pub fn trouble(&self, lang: Lang) -> Trouble {
        let (cause, remedy) = match self {
            Self::Declined => (
                tr!(lang, "Подписание отменено", "Signing was cancelled"),
                tr!(lang, "Документ остался черновиком.", "The document is still a draft."),
            ),
            Self::NoKey => (
                tr!(
                    lang,
                    "На этом устройстве нет ключа подписи",
                    "There is no signing key on this device"
                ),
                tr!(lang, "Создайте подпись в профиле.", "Create a signature in the profile."),
            ),
            Self::Expired => (
                tr!(
                    lang,
                    "Срок сертификата истёк или ещё не наступил",
                    "The certificate is not valid now"
                ),
                tr!(
                    lang,
                    "Выберите другой сертификат или получите новый.",
                    "Choose another certificate or get a new one."
                ),
            ),
            Self::Certificate(_) => (
                tr!(lang, "Сертификат не читается", "The certificate cannot be read"),
                tr!(
                    lang,
                    "Выберите другой сертификат или получите подпись заново.",
                    "Choose another certificate or get the signature anew."
                ),
            ),
            Self::ShortPin => (
                tr!(lang, "ПИН-код слишком короткий", "The PIN is too short"),
                tr!(lang, "Придумайте не меньше шести знаков.", "Use six characters or more."),
            ),
            Self::WrongPin => (
                tr!(lang, "Неверный ПИН-код", "The PIN is wrong"),
                tr!(
                    lang,
                    "Введите его ещё раз. Забытый ПИН-код не восстановить: удалите контейнер с устройства и откройте файл снова.",
                    "Enter it again. A forgotten PIN cannot be recovered: remove the container from the device and open the file again."
                ),
            ),
            Self::NoEngine => (
                tr!(lang, "Модуль подписи не загрузился", "The signing module did not load"),
                tr!(
                    lang,
                    "Проверьте связь и обновите страницу. Введённое сохранено.",
                    "Check the connection and reload the page. What you entered is kept."
                ),
            ),
            Self::Engine(code) => engine(*code, lang),
            Self::Plugin(words) => return plugin_errors::trouble(words, lang),
            Self::Server(trouble) => return trouble.clone(),
            Self::Failed(cause) => {
                return Trouble::new(
                    tr!(
                        lang,
                        "Подписать не удалось: {cause}",
                        "Signing failed: {cause}",
                        cause = cause
                    ),
                    tr!(
                        lang,
                        "Попробуйте ещё раз или выберите другой способ.",
                        "Try again or choose another way."
                    ),
                );
            }
        };
        Trouble::new(cause, remedy)
    }

    /// The cause and what to do, in a line.
    pub fn text(&self, lang: Lang) -> String {
        let Trouble { cause, remedy } = self.trouble(lang);
        format!("{cause}. {remedy}")
    }
}

/// What the worker's codes mean.
fn engine(code: Code, lang: Lang) -> (&'static str, &'static str) {
    match code {
        Code::WrongPassword => (
            tr!(lang, "Пароль контейнера не подошёл", "The password of the container is wrong"),
            tr!(
                lang,
                "Проверьте раскладку и регистр и введите его ещё раз.",
                "Check the keyboard layout and the case, and enter it again."
            ),
        ),
        Code::NotAContainer => (
            tr!(lang, "Это не ключевой контейнер", "This is not a key container"),
            tr!(
                lang,
                "Выберите файл .pfx или .p12. Сертификат (.cer) без ключа не подписывает.",
                "Choose a .pfx or .p12 file. A certificate (.cer) without a key cannot sign."
            ),
        ),
        Code::DamagedContainer => (
            tr!(lang, "Контейнер повреждён", "The container is damaged"),
            tr!(lang, "Экспортируйте его заново.", "Export it again."),
        ),
        Code::Unsupported => (
            tr!(
                lang,
                "Контейнер защищён алгоритмом, которого кабинет не знает",
                "The container is protected by an algorithm unknown to the cabinet"
            ),
            tr!(
                lang,
                "Экспортируйте ключ в PFX заново или подпишите через КриптоПро.",
                "Export the key as PFX anew, or sign with CryptoPro."
            ),
        ),
        Code::TooMuchWork => (
            tr!(
                lang,
                "Контейнер требует слишком долгого вычисления пароля",
                "The container demands too much computing"
            ),
            tr!(
                lang,
                "Экспортируйте ключ в PFX с обычными настройками.",
                "Export the key as PFX with usual settings."
            ),
        ),
        Code::NoKey => (
            tr!(
                lang,
                "В контейнере нет ключа вместе с его сертификатом",
                "The container has no key together with its certificate"
            ),
            tr!(
                lang,
                "При экспорте выберите «экспортировать закрытый ключ».",
                "Choose “export the private key” when exporting."
            ),
        ),
        Code::NotASignature => (
            tr!(lang, "Это не файл подписи", "This is not a signature file"),
            tr!(
                lang,
                "Загрузите отсоединённую подпись: .sig или .p7s.",
                "Upload a detached signature: .sig or .p7s."
            ),
        ),
        Code::File => (
            tr!(lang, "Файл не читается", "The file cannot be read"),
            tr!(
                lang,
                "Возможно, его переместили. Выберите его снова.",
                "It may have been moved. Choose it again."
            ),
        ),
        Code::NothingToDo => (
            tr!(lang, "Контейнер закрыт", "The container is closed"),
            tr!(lang, "Откройте его снова.", "Open it again."),
        ),
        Code::Protocol | Code::Engine => (
            tr!(lang, "Модуль подписи дал сбой", "The signing module failed"),
            tr!(lang, "Обновите страницу и попробуйте ещё раз.", "Reload the page and try again."),
        ),
    }
}
