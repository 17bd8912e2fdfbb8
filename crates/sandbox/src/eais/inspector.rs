//! What an inspector does with registered forms.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{calendar::Calendar, date::moscow_date, ids::RegNumber};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    Eais, STATFORM,
    envelope::StatformState,
    exchange::{Answer, Content, Exchange, Form, FormState, Transaction},
};
use crate::refusal::Refusal;

/// Working days to explain, when the inspector does not say otherwise.
const EXPLAIN_DAYS: u16 = 5;
/// Working days to correct a form that is under control.
const CONTROL_DAYS: u16 = 10;
const LONGEST_DAYS: u16 = 365;

/// An action about one form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    /// Ask for explanations (an orange row).
    Explain,
    /// Put under control (a red row).
    Control,
    /// End the control or accept the explanations.
    Clear,
    Annul,
}

impl Action {
    pub(super) fn state(self) -> FormState {
        match self {
            Self::Explain => FormState::ExplanationsRequired,
            Self::Control => FormState::UnderControl,
            Self::Clear => FormState::Cleared,
            Self::Annul => FormState::Annulled,
        }
    }

    pub(super) fn default_text(self) -> Option<&'static str> {
        match self {
            Self::Explain => Some("Поясните сведения, указанные в статистической форме."),
            Self::Control => {
                Some("Форма поставлена на контроль: представьте исправленную форму взамен этой.")
            }
            Self::Clear => None,
            Self::Annul => Some("Форма аннулирована."),
        }
    }

    /// Last day to answer, counted in working days of Moscow's production calendar.
    pub(super) fn until(self, days: Option<u16>, now: DateTime<Utc>) -> Option<NaiveDate> {
        let days = match self {
            Self::Explain => days.unwrap_or(EXPLAIN_DAYS),
            Self::Control => days.unwrap_or(CONTROL_DAYS),
            Self::Clear | Self::Annul => return None,
        };
        Some(Calendar::builtin().add_working_days(moscow_date(now), usize::from(days)))
    }
}

impl Eais {
    /// Does `action` to the form with this registration number or message id, and tells the
    /// participant.
    pub(crate) fn act(
        &self,
        form: &str,
        action: Action,
        text: Option<String>,
        days: Option<u16>,
        now: DateTime<Utc>,
    ) -> Result<Form, Refusal> {
        if days.is_some_and(|days| !(1..=LONGEST_DAYS).contains(&days)) {
            return Err(Refusal::invalid("days", "not a term", format!("1 to {LONGEST_DAYS}")));
        }
        let mut outcome = Err(Refusal::not_found(
            format!("no form {form}"),
            "a registration number or a message id listed at /sandbox/eais/forms",
        ));
        self.commit(|exchange| {
            let Some(found) = find(exchange, form).cloned() else { return Transaction::default() };
            if found.state == FormState::Annulled {
                outcome = Err(Refusal::invalid(
                    "form",
                    format!("form {} is annulled", found.number),
                    "a form that is not annulled",
                ));
                return Transaction::default();
            }
            let text = text.filter(|text| !text.trim().is_empty());
            let changed = Form {
                state: action.state(),
                until: action.until(days, now),
                text: text.or_else(|| action.default_text().map(str::to_owned)),
                clearing: false,
                ..found
            };
            outcome = Ok(changed.clone());
            Transaction {
                answers: vec![report(&changed, now)],
                forms: vec![changed],
                ..Transaction::default()
            }
        })?;
        outcome
    }

    /// Clears a form whose explanation came, unless the inspector decided otherwise meanwhile.
    pub(super) fn clear(&self, form: Uuid, now: DateTime<Utc>) -> std::io::Result<()> {
        self.commit(|exchange| {
            let Some(found) = exchange.form(form).filter(|form| form.clearing).cloned() else {
                return Transaction::default();
            };
            let cleared = Form {
                state: FormState::Cleared,
                until: None,
                text: Some("Пояснения приняты.".to_owned()),
                clearing: false,
                ..found
            };
            Transaction {
                answers: vec![report(&cleared, now)],
                forms: vec![cleared],
                ..Transaction::default()
            }
        })
    }
}

fn find<'a>(exchange: &'a Exchange, form: &str) -> Option<&'a Form> {
    if let Ok(message_id) = Uuid::try_parse(form) {
        return exchange.form(message_id);
    }
    exchange.form_by_number(&form.parse::<RegNumber>().ok()?)
}

/// The message that tells the participant the present state of a form.
pub(super) fn report(form: &Form, now: DateTime<Utc>) -> Answer {
    Answer {
        message_id: Uuid::new_v4(),
        relates_to: form.message_id,
        receiver: form.sender.clone(),
        participant_inn: form.participant_inn.clone(),
        document_mode_id: STATFORM.to_owned(),
        prepared: now,
        content: Content::State(StatformState {
            state: form.state,
            number: form.number.clone(),
            at: now,
            until: form.until,
            text: form.text.clone(),
        }),
    }
}
