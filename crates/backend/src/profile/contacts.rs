//! Contacts and choices that the reader sets himself.

use domain::{
    error::FieldError,
    lang::Lang,
    view::{profile::MailChoices, session::Theme},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde::{Deserialize, Serialize};

use super::{ProfileError, theme_name};
use crate::{
    ctx::Ctx,
    error::Denied,
    session::{
        self,
        entity::{participant, person},
    },
};

/// Whose contacts are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// The reader's own: notices are mailed there.
    Person,
    /// Those of the cabinet entered: documents carry them.
    Participant,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contacts {
    /// Empty: none.
    pub email: String,
    /// Empty: none.
    pub phone: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preferences {
    pub lang: Lang,
    pub theme: Theme,
    pub mail: MailChoices,
}

/// Sets contacts. Those of an organisation are set by its head or an administrator.
///
/// # Errors
/// A field is wrong, or the reader may not.
pub async fn contacts_set(
    ctx: &Ctx,
    whose: Whose,
    contacts: &Contacts,
) -> Result<(), ProfileError> {
    let own = ctx.person()?;
    if whose == Whose::Participant {
        let rights = ctx.role()?.rights;
        if !rights.chief && !rights.admin {
            return Err(Denied::Forbidden.into());
        }
    }
    let reader = session::person(ctx.db(), own.person).await?.ok_or(Denied::NotSignedIn)?;
    let (email, phone) = check(contacts, reader.lang.parse().unwrap_or_default())?;
    match whose {
        Whose::Person => {
            person::Entity::update_many()
                .col_expr(person::Column::Email, Expr::value(email))
                .col_expr(person::Column::Phone, Expr::value(phone))
                .col_expr(person::Column::UpdatedAt, Expr::value(ctx.now()))
                .filter(person::Column::Id.eq(own.person))
                .exec(ctx.db())
                .await?;
        }
        Whose::Participant => {
            participant::Entity::update_many()
                .col_expr(participant::Column::Email, Expr::value(email))
                .col_expr(participant::Column::Phone, Expr::value(phone))
                .col_expr(participant::Column::UpdatedAt, Expr::value(ctx.now()))
                .filter(participant::Column::Id.eq(ctx.role()?.participant))
                .exec(ctx.db())
                .await?;
        }
    }
    Ok(())
}

/// Sets language, colours, and which notices are mailed.
///
/// # Errors
/// Nobody is signed in, or the database failed.
pub async fn preferences_set(ctx: &Ctx, preferences: Preferences) -> Result<(), ProfileError> {
    let own = ctx.person()?;
    let Preferences { lang, theme, mail } = preferences;
    person::Entity::update_many()
        .col_expr(person::Column::Lang, Expr::value(lang.tag()))
        .col_expr(person::Column::Theme, Expr::value(theme_name(theme)))
        .col_expr(person::Column::MailDecisions, Expr::value(mail.decisions))
        .col_expr(person::Column::MailDemands, Expr::value(mail.demands))
        .col_expr(person::Column::MailDeadlines, Expr::value(mail.deadlines))
        .col_expr(person::Column::UpdatedAt, Expr::value(ctx.now()))
        .filter(person::Column::Id.eq(own.person))
        .exec(ctx.db())
        .await?;
    Ok(())
}

/// Both contacts as they are kept, or every field that is wrong.
fn check(
    contacts: &Contacts,
    lang: Lang,
) -> Result<(Option<String>, Option<String>), ProfileError> {
    let email = contacts.email.trim();
    let phone = contacts.phone.trim();
    let mut wrong = Vec::new();
    if !email.is_empty() && !is_email(email) {
        wrong.push(
            FieldError::new(
                "email",
                lang.pick("Это не адрес электронной почты.", "This is no e-mail address."),
            )
            .right(lang.pick("Например: anna@example.ru", "For example: anna@example.com")),
        );
    }
    if !phone.is_empty() && !is_phone(phone) {
        wrong.push(
            FieldError::new(
                "phone",
                lang.pick("Это не номер телефона.", "This is no phone number."),
            )
            .right(lang.pick(
                "От 10 до 15 цифр, можно со скобками и дефисами: +7 (495) 123-45-67",
                "10 to 15 digits, brackets and hyphens allowed: +7 (495) 123-45-67",
            )),
        );
    }
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    if wrong.is_empty() {
        Ok((filled(email), filled(phone)))
    } else {
        Err(ProfileError::Invalid(wrong))
    }
}

/// The everyday form of RFC 5321's mailbox: one `@`, a dotted host, no spaces or control characters.
fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else { return false };
    let plain = |part: &str| !part.chars().any(|c| c.is_whitespace() || c.is_control() || c == '@');
    let labels = host.split('.').all(|label| {
        !label.is_empty()
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    });
    text.len() <= 254 && !local.is_empty() && plain(local) && host.contains('.') && labels
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let allowed = |(index, c): (usize, char)| {
        c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-') || (c == '+' && index == 0)
    };
    (10..=15).contains(&digits) && text.len() <= 30 && text.chars().enumerate().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_numbers_are_told_from_slips() {
        for good in ["anna@example.ru", "a.b+c@mail.example.com", "почта@пример.рф"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "anna",
            "anna@",
            "@example.ru",
            "anna@example",
            "a b@example.ru",
            "a@@b.ru",
            "a@-b.ru",
            "a@b..ru",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
        for good in ["+7(900)0000001", "+7 (495) 123-45-67", "84951234567"] {
            assert!(is_phone(good), "{good}");
        }
        for bad in ["123", "+7 495 123-45-67 доб. 5", "7+4951234567", "1234567890123456"] {
            assert!(!is_phone(bad), "{bad}");
        }
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let wrong = Contacts { email: "anna".to_owned(), phone: "1".to_owned() };
        let Err(ProfileError::Invalid(fields)) = check(&wrong, Lang::Ru) else {
            panic!("accepted")
        };
        let paths: Vec<_> = fields.iter().map(|field| field.path.as_str()).collect();
        assert_eq!(paths, ["email", "phone"]);
        assert!(fields.iter().all(|field| field.right.is_some()));
    }

    #[test]
    fn an_empty_field_removes_the_contact() {
        let empty = Contacts { email: " ".to_owned(), phone: String::new() };
        assert_eq!(check(&empty, Lang::Ru).unwrap(), (None, None));
    }
}
