//! Pages for what went wrong, each with its cause, what to do, and the request's id by which an
//! operator finds it in the log.

use domain::lang::Lang;
use leptos::prelude::*;

use crate::error::ApiError;

/// What went wrong, as a page says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Malformed,
    Forbidden,
    NotFound,
    TooLarge,
    TooManyRequests,
    Internal,
    Unavailable,
}

impl Fault {
    /// The fault that an HTTP status stands for.
    pub const fn of_status(status: u16) -> Self {
        match status {
            401 | 403 => Self::Forbidden,
            404 | 410 => Self::NotFound,
            413 => Self::TooLarge,
            429 => Self::TooManyRequests,
            502..=504 => Self::Unavailable,
            400..=499 => Self::Malformed,
            _ => Self::Internal,
        }
    }

    pub const fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::TooLarge => 413,
            Self::TooManyRequests => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }

    pub const fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::Malformed => lang.pick("Запрос не понят", "The request was not understood"),
            Self::Forbidden => lang.pick("Нет доступа", "Access denied"),
            Self::NotFound => lang.pick("Страница не найдена", "Page not found"),
            Self::TooLarge => lang.pick("Слишком большой файл", "The file is too large"),
            Self::TooManyRequests => lang.pick("Слишком много запросов", "Too many requests"),
            Self::Internal => lang.pick("Ошибка в кабинете", "An error in the cabinet"),
            Self::Unavailable => {
                lang.pick("Кабинет временно недоступен", "The cabinet is unavailable for now")
            }
        }
    }

    const fn advice(self, lang: Lang) -> &'static str {
        match self {
            Self::Malformed => lang.pick(
                "Откройте нужную страницу из меню и повторите действие.",
                "Open the page from the menu and try again.",
            ),
            Self::Forbidden => lang.pick(
                "Ваших прав недостаточно для этого действия, либо запрос пришёл с чужого сайта. \
                 Права выдаёт руководитель организации в её профиле.",
                "You lack the right to do this, or the request came from another site. The head of \
                 the organisation grants rights in its profile.",
            ),
            Self::NotFound => lang.pick(
                "Проверьте адрес. Документ мог быть удалён или принадлежать другой организации: \
                 смените её в меню рядом с вашим именем.",
                "Check the address. The document may be deleted or belong to another organisation: \
                 switch to it in the menu beside your name.",
            ),
            Self::TooLarge => lang.pick(
                "Разделите файл на части меньшего размера и загрузите их по очереди.",
                "Split the file into smaller parts and upload them one by one.",
            ),
            Self::TooManyRequests => lang.pick(
                "Подождите минуту и повторите. Введённое сохранено.",
                "Wait a minute and try again. What you entered is kept.",
            ),
            Self::Internal => lang.pick(
                "Мы записали эту ошибку. Повторите действие; если она останется, напишите в \
                 техническую поддержку и укажите номер запроса.",
                "The error is recorded. Try again; if it stays, write to technical support and \
                 quote the request number.",
            ),
            Self::Unavailable => lang.pick(
                "Повторите через несколько минут. Введённое сохранено на этом устройстве.",
                "Try again in a few minutes. What you entered is kept on this device.",
            ),
        }
    }
}

/// The message itself, the same on every error page.
#[component]
pub fn FaultMessage(
    fault: Fault,
    lang: Lang,
    /// Words about this very case, instead of the general ones.
    #[prop(optional_no_strip)]
    text: Option<String>,
    #[prop(optional_no_strip)] request_id: Option<String>,
) -> impl IntoView {
    view! {
        <section class="fault">
            <p class="fault-code" aria-hidden="true">
                {fault.status()}
            </p>
            <h1>{fault.title(lang)}</h1>
            <p>{text.unwrap_or_else(|| fault.advice(lang).to_owned())}</p>
            {request_id
                .map(|id| {
                    view! {
                        <p class="fault-request">
                            {lang.pick("Номер запроса: ", "Request number: ")} <code>{id}</code>
                        </p>
                    }
                })}
            <p>
                <a class="button" data-kind="secondary" href="/">
                    {lang.pick("На главную", "Home")}
                </a>
            </p>
        </section>
    }
}

/// A refusal in place of a page's content; on the server it also sets the page's status.
#[component]
pub fn Refused(error: ApiError) -> impl IntoView {
    let lang = crate::ui::i18n::use_lang().get_untracked();
    let status = error.status();
    set_status(status);
    let text = error.0.text(lang);
    view! {
        <FaultMessage
            fault=Fault::of_status(status)
            lang
            text=Some(text)
            request_id=error.0.request_id.clone()
        />
    }
}

/// No page has this address.
#[component]
pub fn NotFound() -> impl IntoView {
    set_status(404);
    let lang = crate::ui::i18n::use_lang();
    view! {
        <crate::ui::PageTitle text=move || Fault::NotFound.title(lang.get())/>
        {move || view! { <FaultMessage fault=Fault::NotFound lang=lang.get()/> }}
    }
}

/// The status of the page being rendered; in the browser there is none to set.
fn set_status(status: u16) {
    #[cfg(feature = "ssr")]
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>()
        && let Ok(status) = http::StatusCode::from_u16(status)
    {
        options.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}

/// A whole error document without script: for faults outside of any page.
#[cfg(feature = "ssr")]
pub fn document(
    assets: &crate::shell::FrontendAssets,
    reader: &crate::context::Reader,
    fault: Fault,
    request_id: &str,
) -> String {
    let lang = reader.lang;
    let owner = Owner::new();
    let html = owner.with(|| {
        let body = view! {
            <main id="main" class="page">
                <FaultMessage fault lang request_id=Some(request_id.to_owned())/>
            </main>
        };
        let title =
            format!("{} — {}", fault.title(lang), lang.pick(crate::TITLE_RU, crate::TITLE_EN),);
        crate::shell::plain_shell(assets, reader, title, body).to_html()
    });
    owner.cleanup();
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_and_its_page_agree() {
        for fault in [
            Fault::Malformed,
            Fault::Forbidden,
            Fault::NotFound,
            Fault::TooLarge,
            Fault::TooManyRequests,
            Fault::Internal,
            Fault::Unavailable,
        ] {
            assert_eq!(Fault::of_status(fault.status()), fault);
        }
    }
}
