//! Exchange of documents with customs (ЕАИС ТО).
//!
//! The transport of the real system is not public. What is known (album of formats, chapter 6.1,
//! section 4): a message is a SOAP envelope whose header addresses it and whose body carries the
//! document of the album and its signature. This gateway speaks that over HTTP: documents go out by
//! `POST {url}/exchange/in` and are accepted once per `MessageID`; answers are read by long polling
//! from `GET {url}/exchange/out` and confirmed one by one.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::RegNumber;
use quick_xml::{Reader, XmlVersion, events::Event};
use serde::Deserialize;
use thiserror::Error;
use uuid::Uuid;

/// Where customs is reached, and by which names.
#[derive(Clone, Debug, Deserialize)]
pub struct CustomsSettings {
    /// Base address, without a slash at the end.
    pub url: String,
    pub sender_id: String,
    pub receiver_id: String,
}

/// A document on its way out.
#[derive(Clone, Debug)]
pub struct Outgoing<'a> {
    /// Customs accepts a message with the same id once.
    pub message_id: Uuid,
    pub relates_to: Option<Uuid>,
    pub participant_inn: &'a str,
    pub document_mode_id: &'a str,
    pub prepared: DateTime<Utc>,
    /// The very bytes that were signed.
    pub document: &'a [u8],
    /// Detached CMS SignedData, DER.
    pub signature: &'a [u8],
}

/// What customs says of a statistical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormState {
    Registered,
    ExplanationsRequired,
    UnderControl,
    Cleared,
    Annulled,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// `ErrorList`, 1004030E: the document was not registered.
    Errors { xml: String },
    State {
        state: FormState,
        number: Option<RegNumber>,
        until: Option<NaiveDate>,
        text: Option<String>,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Incoming {
    pub message_id: Uuid,
    pub relates_to: Option<Uuid>,
    /// The envelope as received.
    pub envelope: String,
    pub answer: Result<Answer, String>,
}

#[derive(Debug)]
pub struct Incomings {
    pub messages: Vec<Incoming>,
    /// Where to read on.
    pub next: String,
}

#[derive(Debug, Error)]
pub enum CustomsError {
    /// Worth another attempt: network, time limit, 5xx.
    #[error("customs cannot be reached: {0}")]
    Unreachable(String),
    /// Another attempt would end alike.
    #[error("customs refused the message: {0}")]
    Refused(String),
    #[error("customs answered something else than the protocol says: {0}")]
    Garbled(String),
}

pub struct Customs {
    settings: CustomsSettings,
    client: reqwest::Client,
}

/// How long one reading of answers may wait for news, seconds.
const WAIT: u64 = 20;

impl Customs {
    pub fn new(settings: CustomsSettings) -> Result<Self, reqwest::Error> {
        let client = super::http_client(Duration::from_secs(WAIT + 15))?;
        Ok(Self { settings, client })
    }

    /// Hands a document over.
    ///
    /// Returns the receipt as XML. Sending the same message again returns the same receipt.
    pub async fn send(&self, message: &Outgoing<'_>) -> Result<String, CustomsError> {
        let response = self
            .client
            .post(format!("{}/exchange/in", self.settings.url))
            .header("content-type", "text/xml; charset=utf-8")
            .timeout(Duration::from_secs(30))
            .body(self.envelope(message))
            .send()
            .await
            .map_err(unreachable)?;
        let status = response.status();
        let text = response.text().await.map_err(unreachable)?;
        if status.is_success() {
            Ok(text)
        } else if status.is_client_error() && status.as_u16() != 429 && status.as_u16() != 408 {
            Err(CustomsError::Refused(shorten(&text)))
        } else {
            Err(CustomsError::Unreachable(format!("HTTP {status}")))
        }
    }

    /// Waits for answers that came after the cursor `after`.
    pub async fn receive(&self, after: &str) -> Result<Incomings, CustomsError> {
        let response = self
            .client
            .get(format!("{}/exchange/out", self.settings.url))
            .query(&[
                ("receiver", self.settings.sender_id.as_str()),
                ("after", after),
                ("wait", &WAIT.to_string()),
            ])
            .send()
            .await
            .map_err(unreachable)?;
        let status = response.status();
        if !status.is_success() {
            return Err(CustomsError::Unreachable(format!("HTTP {status}")));
        }
        read_incomings(&response.text().await.map_err(unreachable)?)
    }

    /// Confirms that an answer is kept here and need not be repeated.
    pub async fn acknowledge(&self, message_id: Uuid) -> Result<(), CustomsError> {
        let url = format!("{}/exchange/out/{message_id}/ack", self.settings.url);
        let response = self
            .client
            .post(url)
            .timeout(Duration::from_secs(10))
            .send()
            .await
            .map_err(unreachable)?;
        if response.status().is_success() {
            Ok(())
        } else {
            Err(CustomsError::Unreachable(format!("HTTP {}", response.status())))
        }
    }

    fn envelope(&self, message: &Outgoing<'_>) -> String {
        let relates = message
            .relates_to
            .map(|id| format!("<m:RelatesTo>{id}</m:RelatesTo>"))
            .unwrap_or_default();
        let escape = |text: &str| quick_xml::escape::escape(text).into_owned();
        format!(
            concat!(
                r#"<?xml version="1.0" encoding="UTF-8"?>"#,
                r#"<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" "#,
                r#"xmlns:m="urn:cabinet:eais:exchange:1"><soap:Header><m:Message>"#,
                "<m:MessageID>{id}</m:MessageID>{relates}<m:SenderID>{sender}</m:SenderID>",
                "<m:ReceiverID>{receiver}</m:ReceiverID><m:ParticipantINN>{inn}</m:ParticipantINN>",
                "<m:DocumentModeID>{mode}</m:DocumentModeID><m:Prepared>{prepared}</m:Prepared>",
                "</m:Message></soap:Header><soap:Body>",
                r#"<m:Document encoding="base64">{document}</m:Document>"#,
                r#"<m:Signature encoding="base64">{signature}</m:Signature>"#,
                "</soap:Body></soap:Envelope>",
            ),
            id = message.message_id,
            relates = relates,
            sender = escape(&self.settings.sender_id),
            receiver = escape(&self.settings.receiver_id),
            inn = escape(message.participant_inn),
            mode = escape(message.document_mode_id),
            prepared = message.prepared.to_rfc3339(),
            document = STANDARD.encode(message.document),
            signature = STANDARD.encode(message.signature),
        )
    }
}

fn unreachable(error: reqwest::Error) -> CustomsError {
    CustomsError::Unreachable(error.without_url().to_string())
}

fn shorten(text: &str) -> String {
    text.chars().take(500).collect()
}

/// Splits `<m:Messages next="…">` into envelopes and reads each. One envelope that cannot be read
/// does not hide the others.
fn read_incomings(xml: &str) -> Result<Incomings, CustomsError> {
    let garbled = |error: &dyn std::fmt::Display| CustomsError::Garbled(error.to_string());
    let mut reader = Reader::from_str(xml);
    let mut next = None;
    let mut messages = Vec::new();
    loop {
        let before = reader.buffer_position();
        match reader.read_event().map_err(|e| garbled(&e))? {
            Event::Eof => break,
            Event::Start(start) | Event::Empty(start)
                if start.local_name().as_ref() == "Messages" =>
            {
                next = start
                    .try_get_attribute("next")
                    .map_err(|e| garbled(&e))?
                    .map(|value| {
                        value.normalized_value(XmlVersion::Implicit1_0).map(|v| v.into_owned())
                    })
                    .transpose()
                    .map_err(|e| garbled(&e))?;
            }
            Event::Start(start) if start.local_name().as_ref() == "Envelope" => {
                let end = start.to_end().into_owned();
                reader.read_to_end(end.name()).map_err(|e| garbled(&e))?;
                let slice = usize::try_from(before)
                    .ok()
                    .zip(usize::try_from(reader.buffer_position()).ok())
                    .and_then(|(from, to)| xml.get(from..to))
                    .unwrap_or_default();
                messages.extend(read_envelope(slice));
            }
            _ => {}
        }
    }
    let next = next.ok_or_else(|| CustomsError::Garbled("no cursor `next`".to_owned()))?;
    Ok(Incomings { messages, next })
}

/// Reads one envelope; `None` when it has no readable `MessageID`.
fn read_envelope(xml: &str) -> Option<Incoming> {
    let fields = Fields::read(xml).ok()?;
    let message_id = fields.get("MessageID")?.parse().ok()?;
    let relates_to = fields.get("RelatesTo").and_then(|id| id.parse().ok());
    Some(Incoming {
        message_id,
        relates_to,
        envelope: xml.to_owned(),
        answer: read_answer(xml, &fields),
    })
}

/// The `ErrorList` in an envelope as received, if it has one.
pub fn error_list(envelope: &str) -> Option<String> {
    match read_envelope(envelope)?.answer.ok()? {
        Answer::Errors { xml } => Some(xml),
        Answer::State { .. } => None,
    }
}

fn read_answer(xml: &str, fields: &Fields) -> Result<Answer, String> {
    if let Some(errors) = fields.error_list.clone() {
        return xml
            .get(errors)
            .map(|list| Answer::Errors { xml: list.to_owned() })
            .ok_or_else(|| "the list of errors is cut".to_owned());
    }
    if let Some(encoded) = fields.get("Document") {
        let bytes = STANDARD.decode(encoded.trim()).map_err(|error| error.to_string())?;
        let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
        let inner = Fields::read(&text)?;
        return read_answer(&text, &inner);
    }
    let state = match fields.get("State") {
        Some("Registered") => FormState::Registered,
        Some("ExplanationsRequired") => FormState::ExplanationsRequired,
        Some("UnderControl") => FormState::UnderControl,
        Some("Cleared") => FormState::Cleared,
        Some("Annulled") => FormState::Annulled,
        Some(other) => return Err(format!("unknown state `{other}`")),
        None => return Err("neither ErrorList nor StatformState".to_owned()),
    };
    let number = match (
        fields.get("CustomsCode"),
        fields.get("RegistrationDate").and_then(|date| date.parse::<NaiveDate>().ok()),
        fields.get("GTDNumber"),
    ) {
        (Some(customs), Some(date), Some(number)) => Some(
            format!("{customs}/{}/{number}", date.format("%d%m%y"))
                .parse()
                .map_err(|error| format!("registration number: {error}"))?,
        ),
        _ => None,
    };
    let until = fields.get("Until").and_then(|date| date.get(..10)?.parse().ok());
    let text = fields.get("Text").map(str::to_owned).filter(|text| !text.is_empty());
    Ok(Answer::State { state, number, until, text })
}

/// The leaf texts of a small message by local name, first occurrence, and where an `ErrorList` is.
#[derive(Default)]
struct Fields {
    leaves: Vec<(String, String)>,
    error_list: Option<std::ops::Range<usize>>,
}

impl Fields {
    fn get(&self, name: &str) -> Option<&str> {
        self.leaves.iter().find(|(leaf, _)| leaf == name).map(|(_, text)| text.as_str())
    }

    fn read(xml: &str) -> Result<Self, String> {
        let mut reader = Reader::from_str(xml);
        let mut fields = Self::default();
        let mut open: Option<(String, String)> = None;
        loop {
            let before = usize::try_from(reader.buffer_position()).unwrap_or_default();
            match reader.read_event().map_err(|error| error.to_string())? {
                Event::Eof => return Ok(fields),
                Event::DocType(_) => return Err("a document type is not allowed".to_owned()),
                Event::Start(start) if start.local_name().as_ref() == "ErrorList" => {
                    let end = start.to_end().into_owned();
                    reader.read_to_end(end.name()).map_err(|error| error.to_string())?;
                    let after = usize::try_from(reader.buffer_position()).unwrap_or_default();
                    fields.error_list = Some(before..after);
                }
                Event::Start(start) => {
                    let name = start.local_name().as_ref().to_owned();
                    open = Some((name, String::new()));
                }
                Event::Text(text) => {
                    if let Some((_, value)) = &mut open {
                        value.push_str(&text.xml_content(XmlVersion::Implicit1_0));
                    }
                }
                Event::GeneralRef(reference) => {
                    if let Some((_, value)) = &mut open {
                        let reference = format!("&{};", &*reference);
                        let resolved = quick_xml::escape::unescape(&reference)
                            .map_err(|error| error.to_string())?
                            .into_owned();
                        value.push_str(&resolved);
                    }
                }
                Event::End(_) => fields.leaves.extend(open.take()),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: &str = r#"<m:Messages xmlns:m="urn:cabinet:eais:exchange:1" next="7">
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header><m:Message>
<m:MessageID>0198a5c2-0000-7000-8000-000000000001</m:MessageID>
<m:RelatesTo>0198a5c2-0000-7000-8000-000000000002</m:RelatesTo></m:Message></soap:Header>
<soap:Body><m:StatformState><m:State>UnderControl</m:State><m:RegNum>
<m:CustomsCode>10702000</m:CustomsCode><m:RegistrationDate>2026-11-20</m:RegistrationDate>
<m:GTDNumber>С000017</m:GTDNumber></m:RegNum><m:Until>2026-12-04</m:Until>
<m:Text>Уточните вес &amp; цену</m:Text></m:StatformState></soap:Body></soap:Envelope>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header><m:Message>
<m:MessageID>0198a5c2-0000-7000-8000-000000000003</m:MessageID></m:Message></soap:Header>
<soap:Body><ErrorList xmlns="urn:x"><SendDate>2026-11-20</SendDate></ErrorList></soap:Body>
</soap:Envelope></m:Messages>"#;

    #[test]
    fn answers_are_read() {
        let read = read_incomings(STATE).unwrap();
        assert_eq!(read.next, "7");
        assert_eq!(read.messages.len(), 2);
        let Ok(Answer::State { state, number, until, text }) = &read.messages[0].answer else {
            panic!("{:?}", read.messages[0])
        };
        assert_eq!(*state, FormState::UnderControl);
        assert_eq!(number.as_ref().unwrap().to_string(), "10702000/201126/С000017");
        assert_eq!(*until, NaiveDate::from_ymd_opt(2026, 12, 4));
        assert_eq!(text.as_deref(), Some("Уточните вес & цену"));
        let Ok(Answer::Errors { xml }) = &read.messages[1].answer else {
            panic!("{:?}", read.messages[1])
        };
        assert!(xml.starts_with("<ErrorList") && xml.ends_with("</ErrorList>"));
    }

    #[test]
    fn rubbish_is_an_error_and_never_a_panic() {
        for rubbish in ["", "<a", "<m:Messages>", "<m:Messages next='1'><soap:Envelope/>", "&&&"] {
            let _ = read_incomings(rubbish);
        }
        assert!(read_incomings("<html>down</html>").is_err());
    }
}
