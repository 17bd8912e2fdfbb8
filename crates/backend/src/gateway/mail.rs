//! Outgoing mail over SMTP (RFC 5321).

use std::{fmt, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use serde::Deserialize;
use thiserror::Error;

const TIME_LIMIT: Duration = Duration::from_secs(20);

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// Not at all: only for a server on the same machine.
    None,
    /// From the beginning (port 465).
    #[default]
    Tls,
    /// After STARTTLS, which the server must offer (port 587).
    Starttls,
}

#[derive(Clone, Deserialize)]
pub struct SmtpSettings {
    pub host: String,
    pub port: u16,
    #[serde(default)]
    pub tls: MailTls,
    pub user: Option<String>,
    pub password: Option<String>,
    /// «Кабинет ВЭД <no-reply@example.ru>»
    pub from: String,
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("user", &self.user)
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Error)]
pub enum MailError {
    #[error("mail address `{0}` cannot be used: expected `name@host` or `Name <name@host>`")]
    Address(String),
    #[error("the letter cannot be written")]
    Letter(#[from] lettre::error::Error),
    #[error("the mail server failed")]
    Smtp(#[from] lettre::transport::smtp::Error),
}

pub struct Mail {
    from: Mailbox,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Mail {
    /// # Errors
    /// The sender's address or the host's name cannot be used.
    pub fn new(settings: &SmtpSettings) -> Result<Self, MailError> {
        let tls = match settings.tls {
            MailTls::None => Tls::None,
            MailTls::Tls => Tls::Wrapper(TlsParameters::new(settings.host.clone())?),
            MailTls::Starttls => Tls::Required(TlsParameters::new(settings.host.clone())?),
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(TIME_LIMIT));
        if let (Some(user), Some(password)) = (&settings.user, &settings.password) {
            transport = transport.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self { from: mailbox(&settings.from)?, transport: transport.build() })
    }

    /// Sends one letter of plain text.
    ///
    /// # Errors
    /// The address is none, or the mail server does not take the letter.
    pub async fn send(&self, to: &str, subject: &str, text: &str) -> Result<(), MailError> {
        let letter = self.letter(to, subject, text)?;
        self.transport.send(letter).await?;
        Ok(())
    }

    fn letter(&self, to: &str, subject: &str, text: &str) -> Result<Message, MailError> {
        Ok(Message::builder()
            .from(self.from.clone())
            .to(mailbox(to)?)
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text.to_owned())?)
    }
}

fn mailbox(address: &str) -> Result<Mailbox, MailError> {
    address.parse().map_err(|_| MailError::Address(address.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(from: &str) -> SmtpSettings {
        SmtpSettings {
            host: "localhost".to_owned(),
            port: 25,
            tls: MailTls::None,
            user: None,
            password: Some("secret".to_owned()),
            from: from.to_owned(),
        }
    }

    #[test]
    fn a_wrong_sender_is_named_and_the_password_never() {
        let wrong = settings("nobody");
        let error = Mail::new(&wrong).err().unwrap();
        assert!(error.to_string().contains("`nobody`"));
        assert!(!format!("{wrong:?}").contains("secret"));
    }

    #[tokio::test]
    async fn russian_subjects_are_encoded() {
        let mail = Mail::new(&settings("Кабинет ВЭД <cabinet@mail.example>")).unwrap();
        let letter = mail.letter("anna@mail.example", "Статформа", "Текст").unwrap();
        let bytes = String::from_utf8(letter.formatted()).unwrap();
        assert!(bytes.contains("Subject: =?utf-8?"), "{bytes}");
        assert!(bytes.is_ascii());
        assert!(matches!(mail.letter("nobody", "a", "b"), Err(MailError::Address(_))));
    }
}
