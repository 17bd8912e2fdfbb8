//! Envelopes of the exchange: SOAP 1.1 with a header and a body of our own namespace.

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use domain::ids::RegNumber;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    EAIS_ID, NAMESPACE,
    exchange::{Answer, Content, FormState},
};
use crate::xml::{self, Node, escape};

const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";

/// A document on its way to customs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Incoming {
    pub(super) message_id: Uuid,
    pub(super) relates_to: Option<Uuid>,
    pub(super) sender: String,
    pub(super) participant_inn: String,
    pub(super) document_mode_id: String,
    /// The very bytes that were signed.
    pub(super) document: Vec<u8>,
    /// Detached CMS, DER; absent when the sender forgot it.
    pub(super) signature: Option<Vec<u8>>,
}

/// What customs says about a statistical form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StatformState {
    pub(super) state: FormState,
    pub(super) number: RegNumber,
    pub(super) at: DateTime<Utc>,
    pub(super) until: Option<NaiveDate>,
    pub(super) text: Option<String>,
}

/// Reads an envelope with a document.
///
/// # Errors
/// A sentence for the SOAP Fault: which element, what is wrong, what would be right.
pub(super) fn read(bytes: &[u8]) -> Result<Incoming, String> {
    let root = xml::parse(bytes).map_err(|what| format!("the request is not XML: {what}"))?;
    if !root.is(SOAP, "Envelope") {
        return Err(format!("the root must be Envelope of {SOAP}, it is {}", root.name));
    }
    let part = |name: &str| {
        let part = root.children.iter().find(|child| child.is(SOAP, name));
        part.ok_or_else(|| format!("{name} of {SOAP} is missing"))
    };
    let header = part("Header")?;
    let message = header
        .children
        .iter()
        .find(|child| child.is(NAMESPACE, "Message"))
        .ok_or_else(|| format!("Header must hold Message of {NAMESPACE}"))?;
    let body = part("Body")?;
    let text = |name: &str| {
        let value = message.value(name).ok_or_else(|| format!("{name} is missing or empty"))?;
        if value.len() <= 64 {
            Ok(value.to_owned())
        } else {
            Err(format!("{name} is over 64 bytes"))
        }
    };
    let id = |name: &str| {
        let value = text(name)?;
        Uuid::try_parse(&value).map_err(|_| format!("{name} must be a UUID, it is {value}"))
    };
    let prepared = text("Prepared")?;
    DateTime::parse_from_rfc3339(&prepared)
        .map_err(|_| format!("Prepared must be a time by RFC 3339, it is {prepared}"))?;
    text("ReceiverID")?;
    Ok(Incoming {
        message_id: id("MessageID")?,
        relates_to: message.value("RelatesTo").map(|_| id("RelatesTo")).transpose()?,
        sender: text("SenderID")?,
        participant_inn: text("ParticipantINN")?,
        document_mode_id: text("DocumentModeID")?,
        document: encoded(body, "Document")?.ok_or("Document is missing or empty")?,
        signature: encoded(body, "Signature")?,
    })
}

fn encoded(body: &Node, name: &str) -> Result<Option<Vec<u8>>, String> {
    let Some(node) = body.children.iter().find(|child| child.is(NAMESPACE, name)) else {
        return Ok(None);
    };
    if node.attribute("encoding") != Some("base64") {
        return Err(format!("{name} must have encoding=\"base64\""));
    }
    let packed: String = node.text.split_ascii_whitespace().collect();
    let bytes =
        BASE64_STANDARD.decode(packed).map_err(|error| format!("{name} is not base64: {error}"))?;
    Ok(Some(bytes).filter(|bytes| !bytes.is_empty()))
}

/// The receipt for a message, always the same for the same message.
pub(super) fn receipt(message_id: Uuid, sender: &str, received: DateTime<Utc>) -> String {
    let received = time(received);
    // The receipt has no identity of its own: its id is derived from what it confirms.
    let header = header(&Header {
        message_id: Uuid::from_u128(message_id.as_u128() ^ RECEIPT),
        relates_to: message_id,
        receiver: sender,
        participant_inn: None,
        document_mode_id: "1004031E",
        prepared: &received,
    });
    let body = format!(
        "<m:Receipt><m:MessageID>{message_id}</m:MessageID><m:Received>{received}</m:Received>\
         </m:Receipt>"
    );
    envelope(&header, &body)
}

const RECEIPT: u128 = 0x7265_6365_6970_7400_0000_0000_0000_0001;

/// An answer to a participant.
pub(super) fn answer(answer: &Answer) -> String {
    let header = header(&Header {
        message_id: answer.message_id,
        relates_to: answer.relates_to,
        receiver: &answer.receiver,
        participant_inn: Some(&answer.participant_inn),
        document_mode_id: &answer.document_mode_id,
        prepared: &time(answer.prepared),
    });
    let body = match &answer.content {
        Content::Document(document) => format!(
            "<m:Document encoding=\"base64\">{}</m:Document>",
            BASE64_STANDARD.encode(document)
        ),
        Content::State(state) => statform_state(state),
    };
    envelope(&header, &body)
}

fn statform_state(report: &StatformState) -> String {
    let StatformState { state, number, at, until, text } = report;
    let until = until.map(|day| format!("<m:Until>{day}</m:Until>")).unwrap_or_default();
    let text = text.as_ref().map(|text| format!("<m:Text>{}</m:Text>", escape(text)));
    format!(
        "<m:StatformState><m:State>{}</m:State><m:RegNum><m:CustomsCode>{}</m:CustomsCode>\
         <m:RegistrationDate>{}</m:RegistrationDate><m:GTDNumber>{}</m:GTDNumber></m:RegNum>\
         <m:At>{}</m:At>{until}{}</m:StatformState>",
        state.code(),
        number.customs_code(),
        number.date(),
        number.number(),
        time(*at),
        text.unwrap_or_default(),
    )
}

/// A page of answers; `next` is the cursor to read on from.
pub(super) fn messages(answers: &[Answer], next: usize) -> String {
    let envelopes: String = answers.iter().map(answer).collect();
    format!("<m:Messages xmlns:m=\"{NAMESPACE}\" next=\"{next}\">{envelopes}</m:Messages>")
}

/// A refusal of the exchange. `code` is `Client` or `Server` (SOAP 1.1 section 4.4.1).
pub(super) fn fault(code: &str, text: &str) -> String {
    format!(
        "<soap:Envelope xmlns:soap=\"{SOAP}\"><soap:Body><soap:Fault>\
         <faultcode>soap:{code}</faultcode><faultstring>{}</faultstring></soap:Fault></soap:Body>\
         </soap:Envelope>",
        escape(text)
    )
}

struct Header<'a> {
    message_id: Uuid,
    relates_to: Uuid,
    receiver: &'a str,
    participant_inn: Option<&'a str>,
    document_mode_id: &'a str,
    prepared: &'a str,
}

fn header(header: &Header<'_>) -> String {
    let inn = header
        .participant_inn
        .map(|inn| format!("<m:ParticipantINN>{}</m:ParticipantINN>", escape(inn)));
    format!(
        "<m:MessageID>{}</m:MessageID><m:RelatesTo>{}</m:RelatesTo><m:SenderID>{EAIS_ID}</m:SenderID>\
         <m:ReceiverID>{}</m:ReceiverID>{}<m:DocumentModeID>{}</m:DocumentModeID>\
         <m:Prepared>{}</m:Prepared>",
        header.message_id,
        header.relates_to,
        escape(header.receiver),
        inn.unwrap_or_default(),
        escape(header.document_mode_id),
        header.prepared,
    )
}

fn envelope(header: &str, body: &str) -> String {
    format!(
        "<soap:Envelope xmlns:soap=\"{SOAP}\" xmlns:m=\"{NAMESPACE}\"><soap:Header>\
         <m:Message>{header}</m:Message></soap:Header><soap:Body>{body}</soap:Body></soap:Envelope>"
    )
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(change: impl Fn(String) -> String) -> Result<Incoming, String> {
        let text = format!(
            "<soap:Envelope xmlns:soap=\"{SOAP}\"><soap:Header><m:Message xmlns:m=\"{NAMESPACE}\">\
             <m:MessageID>6f0f2a52-6b0b-4c0c-9a4e-2f6b5d1c7a10</m:MessageID>\
             <m:SenderID>CABINET</m:SenderID><m:ReceiverID>EAIS</m:ReceiverID>\
             <m:ParticipantINN>7799100017</m:ParticipantINN>\
             <m:DocumentModeID>1006124E</m:DocumentModeID>\
             <m:Prepared>2026-11-10T10:00:00+03:00</m:Prepared></m:Message></soap:Header><soap:Body>\
             <m:Document xmlns:m=\"{NAMESPACE}\" encoding=\"base64\">\n PHgv\n Pg== </m:Document>\
             </soap:Body></soap:Envelope>"
        );
        read(change(text).as_bytes())
    }

    #[test]
    fn a_document_is_taken_out_byte_by_byte() {
        let incoming = sample(|text| text).unwrap();
        assert_eq!(incoming.document, b"<x/>");
        assert_eq!(incoming.signature, None);
        assert_eq!(incoming.sender, "CABINET");
        assert_eq!(incoming.relates_to, None);
    }

    #[test]
    fn every_fault_names_the_element() {
        for (from, to, names) in [
            ("6f0f2a52", "zz", "MessageID must be a UUID"),
            ("CABINET", "", "SenderID is missing"),
            (SOAP, "urn:other", "root must be Envelope"),
            ("2026-11-10T10:00:00+03:00", "yesterday", "Prepared"),
            (" encoding=\"base64\"", "", "encoding"),
            ("PHgv", "****", "Document is not base64"),
            ("<soap:Body>", "<soap:Body><!DOCTYPE x>", "not XML"),
        ] {
            let error = sample(|text| text.replace(from, to)).unwrap_err();
            assert!(error.contains(names), "{error}");
        }
    }

    #[test]
    fn the_receipt_of_a_message_is_always_the_same() {
        let id = Uuid::from_u128(7);
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        assert_eq!(receipt(id, "A", at), receipt(id, "A", at));
        let node = xml::parse(receipt(id, "A&B", at).as_bytes()).unwrap();
        let receipt = node.child("Body").unwrap().child("Receipt").unwrap();
        assert_eq!(receipt.value("MessageID"), Some(&*id.to_string()));
        assert_eq!(receipt.value("Received"), Some("2027-01-15T08:00:00.000Z"));
    }
}
