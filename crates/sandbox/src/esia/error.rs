//! Refusals of ESIA with their real codes (appendix «Коды ошибок» of the methodical
//! recommendations, as retold by client libraries; wording is ours).

use axum::{
    Json,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use serde::Serialize;
use serde_json::json;

use crate::html;

/// A refusal: `error` and `error_description` of RFC 6749, the latter beginning with the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct EsiaError {
    pub(crate) code: &'static str,
    pub(crate) error: &'static str,
    pub(crate) description: String,
}

/// Codes, their OAuth names and texts.
const TABLE: [(&str, &str, &str); 18] = [
    ("ESIA-007003", "invalid_request", "в запросе неверное значение параметра"),
    ("ESIA-007004", "access_denied", "владелец учётной записи отклонил запрос"),
    ("ESIA-007005", "unauthorized_client", "система-клиент не имеет права на такой запрос"),
    ("ESIA-007006", "invalid_scope", "область доступа (scope) указана неверно или неизвестна"),
    ("ESIA-007007", "server_error", "неожиданная ошибка сервиса авторизации"),
    ("ESIA-007008", "temporarily_unavailable", "сервис авторизации временно недоступен"),
    ("ESIA-007009", "unsupported_response_type", "сервис не поддерживает такой response_type"),
    (
        "ESIA-007011",
        "invalid_grant",
        "код или маркер обновления недействителен, просрочен или выдан другому клиенту",
    ),
    ("ESIA-007012", "unsupported_grant_type", "сервис не поддерживает такой grant_type"),
    ("ESIA-007013", "invalid_scope", "запрос не содержит области доступа (scope)"),
    ("ESIA-007014", "invalid_request", "запрос не содержит обязательного параметра"),
    ("ESIA-007015", "invalid_request", "неверное время запроса (timestamp)"),
    ("ESIA-007019", "access_denied", "отсутствует разрешение на доступ"),
    ("ESIA-007023", "invalid_scope", "область доступа не разрешена системе-клиенту"),
    ("ESIA-007036", "access_denied", "учётная запись заблокирована"),
    ("ESIA-007053", "invalid_request", "подпись запроса (client_secret) неверна"),
    ("ESIA-007055", "access_denied", "вход с неподтверждённой учётной записью не разрешён"),
    (
        "ESIA-007194",
        "access_denied",
        "запрошена область доступа организации, сотрудником которой пользователь не является",
    ),
];

impl EsiaError {
    /// The error of this code; an unknown one becomes ESIA-007007.
    pub(super) fn code(code: &str) -> Self {
        Self::find(code).unwrap_or_else(|| Self {
            code: "ESIA-007007",
            error: "server_error",
            description: code.to_owned(),
        })
    }

    /// Finds an error by its code or by its OAuth name.
    pub(crate) fn find(code_or_name: &str) -> Option<Self> {
        TABLE
            .iter()
            .find(|(code, error, _)| *code == code_or_name || *error == code_or_name)
            .map(|(code, error, text)| Self { code, error, description: (*text).to_owned() })
    }

    /// Adds what exactly is wrong.
    pub(super) fn about(mut self, what: &str) -> Self {
        self.description = format!("{} [{what}]", self.description);
        self
    }

    pub(super) fn missing(parameter: &str) -> Self {
        Self::code("ESIA-007014").about(parameter)
    }

    /// `error_description` as ESIA writes it.
    pub(super) fn text(&self) -> String {
        format!("{}: {}", self.code, self.description)
    }

    /// The JSON answer of the token endpoint.
    pub(super) fn json(&self, state: Option<&str>) -> Response {
        let body = json!({ "error": self.error, "error_description": self.text(), "state": state });
        (StatusCode::BAD_REQUEST, Json(body)).into_response()
    }

    /// The page for a request that must not be redirected (RFC 6749 section 4.1.2.1).
    pub(super) fn page(&self) -> (StatusCode, Html<String>) {
        let body = format!("<section><p>{}</p></section>", html::escape(&self.text()));
        (StatusCode::BAD_REQUEST, html::page("Вход невозможен", &body))
    }

    /// Codes that can be ordered through the control interface.
    pub(crate) fn codes() -> impl Iterator<Item = &'static str> {
        TABLE.iter().map(|(code, _, _)| *code)
    }
}
