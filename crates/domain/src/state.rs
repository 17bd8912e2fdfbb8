//! The way of one document from a draft to customs' decision.
//!
//! Customs may answer twice, and its messages may overtake each other: a registration can arrive
//! before the transport's receipt, or after the inspector's demand. What is already behind is
//! passed over, what would contradict the way is an error. Where two messages are both news
//! (control, demand, clearance), the last one applied wins, so the caller applies them in the
//! order of customs' own time.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::lang::Lang;

/// Where a document is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentState {
    /// Being filled, also while its bytes are shown for signing: that locks nobody out.
    Draft,
    /// Signed, waiting in the outbox.
    Queued,
    /// The transport of customs has accepted it.
    Sent,
    /// Customs gave it a number.
    Registered,
    /// Customs refused it with remarks. It may be opened again as a draft.
    Refused,
    /// The inspector asks for explanations (the orange row).
    ExplanationsRequired,
    /// Under the inspector's control, to be corrected in time (the red row).
    UnderControl,
    /// The inspector has nothing more to ask.
    Cleared,
    /// Annulled or replaced by another form. Nothing follows.
    Annulled,
}

/// What happens to a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A verified signature is stored together with an outbox row.
    Sign,
    /// A refused document is opened to be corrected.
    Reopen,
    /// Explanations are sent to the inspector.
    Explain,
    /// The transport of customs accepted the message.
    Accepted,
    /// Customs registered the document.
    Registered,
    /// Customs refused to register it.
    Refused,
    /// Customs asks for explanations.
    ExplanationsRequested,
    /// Customs put it under control.
    ControlPlaced,
    /// Customs has no more questions.
    Cleared,
    /// The document is annulled.
    Annulled,
}

/// An event that contradicts the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("a document that is {state} cannot take the event {event}")]
pub struct StateError {
    pub state: DocumentState,
    pub event: Event,
}

impl StateError {
    /// What is wrong, for a person.
    pub fn text(&self, lang: Lang) -> String {
        let (state, event) = (self.state.name(lang), self.event.name(lang));
        match lang {
            Lang::Ru => format!("Документ в состоянии «{state}», действие «{event}» невозможно."),
            Lang::En => format!("The document is “{state}”: “{event}” is not possible."),
        }
    }
}

impl DocumentState {
    pub const ALL: [Self; 9] = [
        Self::Draft,
        Self::Queued,
        Self::Sent,
        Self::Registered,
        Self::Refused,
        Self::ExplanationsRequired,
        Self::UnderControl,
        Self::Cleared,
        Self::Annulled,
    ];

    /// The state after an event. An event that has already had its effect changes nothing.
    ///
    /// # Errors
    /// [`StateError`] when the event contradicts the state, e.g. a registration of a draft.
    pub fn on(self, event: Event) -> Result<Self, StateError> {
        use DocumentState as S;
        use Event as E;
        let contradiction = Err(StateError { state: self, event });
        if self == S::Annulled {
            return if event.is_from_customs() { Ok(self) } else { contradiction };
        }
        match event {
            E::Sign if matches!(self, S::Draft | S::Queued) => Ok(S::Queued),
            E::Reopen if matches!(self, S::Draft | S::Refused) => Ok(S::Draft),
            E::Explain if matches!(self, S::Registered | S::ExplanationsRequired) => {
                Ok(S::Registered)
            }
            E::Accepted if self == S::Queued => Ok(S::Sent),
            E::Accepted if self.is_filed() => Ok(self),
            E::Refused if matches!(self, S::Queued | S::Sent | S::Refused) => Ok(S::Refused),
            E::Registered if matches!(self, S::Queued | S::Sent) => Ok(S::Registered),
            E::Registered if self.is_registered() => Ok(self),
            _ if !(self.is_registered() || matches!(self, S::Queued | S::Sent)) => contradiction,
            // From here on customs must have registered the document, told so or not yet.
            E::ExplanationsRequested => Ok(S::ExplanationsRequired),
            E::ControlPlaced => Ok(S::UnderControl),
            E::Cleared => Ok(S::Cleared),
            E::Annulled => Ok(S::Annulled),
            _ => contradiction,
        }
    }

    /// Signed: from here on the participant has proof of the time of filing.
    pub fn is_filed(self) -> bool {
        self != Self::Draft
    }

    /// Customs has registered it and it is in force.
    pub fn is_registered(self) -> bool {
        matches!(
            self,
            Self::Registered | Self::ExplanationsRequired | Self::UnderControl | Self::Cleared
        )
    }

    /// The participant has to do something, by a term.
    pub fn needs_action(self) -> bool {
        matches!(self, Self::Refused | Self::ExplanationsRequired | Self::UnderControl)
    }

    /// Its fields may be changed.
    pub fn is_editable(self) -> bool {
        self == Self::Draft
    }

    /// No event changes it any more.
    pub fn is_terminal(self) -> bool {
        self == Self::Annulled
    }

    /// The name on the screen.
    pub const fn name(self, lang: Lang) -> &'static str {
        let (ru, en) = match self {
            Self::Draft => ("Черновик", "Draft"),
            Self::Queued => ("Ожидает отправки", "Waiting to be sent"),
            Self::Sent => ("Отправлено", "Sent"),
            Self::Registered => ("Зарегистрировано", "Registered"),
            Self::Refused => ("Отказано", "Refused"),
            Self::ExplanationsRequired => ("Требуются пояснения", "Explanations required"),
            Self::UnderControl => ("На контроле", "Under control"),
            Self::Cleared => ("Контроль завершён", "Cleared"),
            Self::Annulled => ("Аннулировано", "Annulled"),
        };
        lang.pick(ru, en)
    }

    /// The name in storage and on the wire, e.g. `explanations_required`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Registered => "registered",
            Self::Refused => "refused",
            Self::ExplanationsRequired => "explanations_required",
            Self::UnderControl => "under_control",
            Self::Cleared => "cleared",
            Self::Annulled => "annulled",
        }
    }
}

impl fmt::Display for DocumentState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is no name of a state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown document state `{0}`")]
pub struct UnknownState(pub String);

impl FromStr for DocumentState {
    type Err = UnknownState;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == name);
        found.ok_or_else(|| UnknownState(name.to_owned()))
    }
}

impl Event {
    pub const ALL: [Self; 10] = [
        Self::Sign,
        Self::Reopen,
        Self::Explain,
        Self::Accepted,
        Self::Registered,
        Self::Refused,
        Self::ExplanationsRequested,
        Self::ControlPlaced,
        Self::Cleared,
        Self::Annulled,
    ];

    /// Comes from customs or its transport; the others are done by the participant.
    pub fn is_from_customs(self) -> bool {
        !matches!(self, Self::Sign | Self::Reopen | Self::Explain)
    }

    /// The name on the screen.
    pub const fn name(self, lang: Lang) -> &'static str {
        let (ru, en) = match self {
            Self::Sign => ("подписать и отправить", "sign and send"),
            Self::Reopen => ("исправить", "correct"),
            Self::Explain => ("отправить пояснения", "send explanations"),
            Self::Accepted => ("принято к доставке", "accepted for delivery"),
            Self::Registered => ("зарегистрировано", "registered"),
            Self::Refused => ("отказано в регистрации", "registration refused"),
            Self::ExplanationsRequested => ("запрошены пояснения", "explanations requested"),
            Self::ControlPlaced => ("поставлено на контроль", "put under control"),
            Self::Cleared => ("контроль завершён", "cleared"),
            Self::Annulled => ("аннулировано", "annulled"),
        };
        lang.pick(ru, en)
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name(Lang::En))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn after(events: &[Event]) -> Result<DocumentState, StateError> {
        events.iter().try_fold(DocumentState::Draft, |state, event| state.on(*event))
    }

    #[test]
    fn the_usual_way_leads_to_registration() {
        use Event::*;
        assert_eq!(after(&[Sign, Accepted, Registered]), Ok(DocumentState::Registered));
        assert_eq!(
            after(&[Sign, Accepted, Registered, ExplanationsRequested, Explain, Cleared]),
            Ok(DocumentState::Cleared)
        );
        assert_eq!(after(&[Sign, Accepted, Refused, Reopen]), Ok(DocumentState::Draft));
    }

    #[test]
    fn messages_that_overtake_each_other_end_in_the_same_state() {
        use Event::*;
        for order in [
            [Accepted, Registered, ControlPlaced],
            [Registered, Accepted, ControlPlaced],
            [ControlPlaced, Accepted, Registered],
            [Registered, ControlPlaced, Accepted],
        ] {
            let state = order.iter().try_fold(DocumentState::Queued, |state, e| state.on(*e));
            assert_eq!(state, Ok(DocumentState::UnderControl), "{order:?}");
        }
    }

    #[test]
    fn contradictions_are_named() {
        use Event::*;
        let error = StateError { state: DocumentState::Draft, event: Registered };
        assert_eq!(after(&[Registered]), Err(error));
        assert!(error.text(Lang::Ru).contains("«Черновик»"));
        assert!(after(&[Sign, Refused, Registered]).is_err());
        assert!(after(&[Sign, Registered, Refused]).is_err());
        assert!(after(&[Sign, Reopen]).is_err());
    }

    #[test]
    fn names_read_back_and_agree_with_serde() {
        for state in DocumentState::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
        assert!("lost".parse::<DocumentState>().is_err());
    }

    #[test]
    fn what_needs_action_can_be_left() {
        for state in DocumentState::ALL.into_iter().filter(|state| state.needs_action()) {
            assert!(Event::ALL.iter().any(|e| state.on(*e).is_ok_and(|next| !next.needs_action())));
        }
    }

    fn event() -> impl Strategy<Value = Event> {
        prop::sample::select(Event::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn any_sequence_keeps_the_promises(events in prop::collection::vec(event(), 0..30)) {
            let mut state = DocumentState::Draft;
            for event in events {
                let Ok(next) = state.on(event) else { continue };
                prop_assert_eq!(next.on(event), Ok(next), "a duplicate of {}", event);
                if state.is_terminal() {
                    prop_assert_eq!(next, state);
                }
                if state.is_registered() {
                    prop_assert!(next.is_registered() || next.is_terminal());
                }
                if event.is_from_customs() {
                    prop_assert!(next.is_filed(), "customs never makes a draft");
                }
                state = next;
            }
        }
    }
}
