//! The exchange with customs: acceptance once, decisions, faults, restarts.

use base64::{Engine, prelude::*};
use edoc::remark::{Level, read_error_list};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{
    common::{World, start},
    signing::{Message, Signer},
    statform,
};

const DIRECTOR: u64 = 1_000_000_001;
const INN: &str = "7799100017";

/// An answer of customs.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Answer {
    message_id: String,
    relates_to: String,
    mode_id: String,
    state: Option<String>,
    number: Option<String>,
    until: Option<String>,
    text: Option<String>,
    /// Text of an `ErrorList`.
    errors: Option<String>,
}

/// Text of the first element of this name in a message whose form the sandbox fixes.
fn element(xml: &str, name: &str) -> Option<String> {
    let start = xml.find(&format!("<m:{name}>"))? + name.len() + 4;
    let end = xml[start..].find(&format!("</m:{name}>"))? + start;
    Some(xml[start..end].to_owned())
}

fn answers(page: &str) -> (Vec<Answer>, String) {
    let next = page.split("next=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let read = |xml: &str| {
        let document = xml.split("<m:Document encoding=\"base64\">").nth(1).map(|rest| {
            let packed = rest.split('<').next().unwrap();
            String::from_utf8(BASE64_STANDARD.decode(packed).unwrap()).unwrap()
        });
        let number = element(xml, "GTDNumber").map(|number| {
            let date = element(xml, "RegistrationDate").unwrap();
            let customs = element(xml, "CustomsCode").unwrap();
            format!("{customs}/{}{}{}/{number}", &date[8..10], &date[5..7], &date[2..4])
        });
        Answer {
            message_id: element(xml, "MessageID").unwrap(),
            relates_to: element(xml, "RelatesTo").unwrap(),
            mode_id: element(xml, "DocumentModeID").unwrap(),
            state: element(xml, "State"),
            number,
            until: element(xml, "Until"),
            text: element(xml, "Text"),
            errors: document,
        }
    };
    (page.split("<soap:Envelope").skip(1).map(read).collect(), next)
}

/// A participant with a signer, on a fresh sandbox.
struct Participant {
    world: World,
    signer: Signer,
    data: TempDir,
}

impl Participant {
    async fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let world = start(data.path()).await;
        let signer = Signer::new(&world, DIRECTOR, Some(INN)).await;
        Self { world, signer, data }
    }

    /// Starts on the same folder while the old process still runs: it finds what `kill -9` leaves.
    async fn restart(&mut self) {
        let world = start(self.data.path()).await;
        std::mem::replace(&mut self.world, world).sandbox.stop().await;
    }

    fn message(&self, document: Vec<u8>) -> Message {
        Message {
            id: Uuid::new_v4(),
            relates_to: None,
            inn: INN,
            mode_id: "1006124E",
            signature: self.signer.sign(&document),
            document,
        }
    }

    fn form(&self) -> Message {
        self.message(statform::form(Uuid::new_v4(), |text| text))
    }

    /// Answers after a cursor; waits for the first.
    async fn listed(&self, after: &str) -> (Vec<Answer>, String) {
        let path = format!("/eais/exchange/out?receiver=CABINET&after={after}&wait=30");
        let response = self.world.get(&path).await;
        assert_eq!(response.status(), StatusCode::OK);
        answers(&response.text().await.unwrap())
    }

    /// The next `count` answers after a cursor.
    async fn next(&self, after: &mut String, count: usize) -> Vec<Answer> {
        let mut found = Vec::new();
        while found.len() < count {
            let (page, next) = self.listed(after).await;
            assert!(!page.is_empty(), "no answer came, only {found:?}");
            found.extend(page);
            *after = next;
        }
        assert_eq!(found.len(), count, "{found:?}");
        found
    }

    /// Sends a form and returns its message id and registration number.
    async fn registered(&self, after: &mut String) -> (Uuid, String) {
        let message = self.form();
        assert_eq!(message.send(&self.world).await.status(), StatusCode::ACCEPTED);
        let answer = self.next(after, 1).await.remove(0);
        assert_eq!(answer.state.as_deref(), Some("Registered"), "{answer:?}");
        (message.id, answer.number.unwrap())
    }

    async fn act(&self, form: &str, action: &str, body: Value) -> StatusCode {
        let form = form.replace('/', "%2F");
        let path = format!("/sandbox/eais/forms/{form}/{action}");
        self.world.post_json(&path, body).await.status()
    }

    async fn mode(&self, body: Value) {
        let response = self.world.post_json("/sandbox/eais/mode", body).await;
        assert_eq!(response.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn a_good_form_is_receipted_once_and_registered() {
    let participant = Participant::new().await;
    let world = &participant.world;
    let message = participant.form();
    let first = message.send(world).await;
    assert_eq!(first.status(), StatusCode::ACCEPTED);
    let receipt = first.text().await.unwrap();
    assert!(receipt.contains("<m:Receipt>") && receipt.contains(&message.id.to_string()));
    world.clock.advance(5);
    let second = message.send(world).await;
    assert_eq!(second.status(), StatusCode::ACCEPTED);
    assert_eq!(second.text().await.unwrap(), receipt);

    let mut after = String::new();
    let answer = participant.next(&mut after, 1).await.remove(0);
    assert_eq!(answer.relates_to, message.id.to_string());
    assert_eq!(answer.errors, None);
    assert_eq!(answer.state.as_deref(), Some("Registered"));
    assert_eq!(answer.number.as_deref(), Some("10100999/101126/С000001"));

    let messages = world.get_json("/sandbox/eais/messages").await;
    assert_eq!(messages.as_array().unwrap().len(), 1);
    assert_eq!(messages[0]["message_id"], message.id.to_string());
    assert_eq!(messages[0]["deliveries"], 2);
    assert_eq!(messages[0]["participant_inn"], INN);
    assert_eq!(messages[0]["reviewed"], true);

    let ack = format!("{}/eais/exchange/out/{}/ack", world.url, answer.message_id);
    assert_eq!(world.http.post(&ack).send().await.unwrap().status(), StatusCode::NO_CONTENT);
    let path = "/eais/exchange/out?receiver=CABINET&after=0";
    assert!(answers(&world.get(path).await.text().await.unwrap()).0.is_empty());
    let unknown = format!("{}/eais/exchange/out/{}/ack", world.url, Uuid::new_v4());
    assert_eq!(world.http.post(&unknown).send().await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn one_message_id_is_for_one_document() {
    let participant = Participant::new().await;
    let message = participant.form();
    assert_eq!(message.send(&participant.world).await.status(), StatusCode::ACCEPTED);
    let other = Message { id: message.id, ..participant.form() };
    let refused = other.send(&participant.world).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert!(refused.text().await.unwrap().contains("soap:Fault"));

    let rubbish = participant
        .world
        .http
        .post(format!("{}/eais/exchange/in", participant.world.url))
        .body("<a>")
        .send()
        .await
        .unwrap();
    assert_eq!(rubbish.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn signatures_that_prove_nothing_are_remarked() {
    let participant = Participant::new().await;
    let world = &participant.world;
    let mut after = String::new();
    let stranger = Signer::new(world, 1_000_000_006, None).await;
    let revoked = Signer::new(world, DIRECTOR, Some(INN)).await;
    let revocation = json!({ "serial": revoked.serial });
    let done = world.post_json("/sandbox/ca/revoke", revocation).await;
    assert_eq!(done.status(), StatusCode::NO_CONTENT);

    let good = participant.form();
    let other_bytes = participant.signer.sign(b"other bytes");
    for (signature, code) in [
        (Vec::new(), "SIG-MISSING"),
        (b"rubbish".to_vec(), "SIG-UNREADABLE"),
        (other_bytes, "SIG-WRONG"),
        (stranger.sign(&good.document), "SIG-PARTICIPANT"),
        (revoked.sign(&good.document), "SIG-CERTIFICATE"),
    ] {
        let message = Message {
            id: Uuid::new_v4(),
            signature,
            document: good.document.clone(),
            ..participant.form()
        };
        assert_eq!(message.send(world).await.status(), StatusCode::ACCEPTED);
        let answer = participant.next(&mut after, 1).await.remove(0);
        assert_eq!(answer.mode_id, "1004030E");
        let errors = answer.errors.unwrap();
        assert!(errors.contains(&format!("<ErrCode>{code}</ErrCode>")), "{code}: {errors}");
        assert_eq!(errors.matches("<Error>").count(), 1, "{errors}");
    }
    assert_eq!(world.get_json("/sandbox/eais/forms").await, json!([]));
}

#[tokio::test]
async fn a_power_of_attorney_lets_an_employee_sign() {
    let participant = Participant::new().await;
    let employee = Signer::new(&participant.world, 1_000_000_002, None).await;
    let power = format!(
        "</cat_ru:DocumentID><cat_ru:INNSign>{INN}</cat_ru:INNSign>\
         <cat_ru:MCD_ID>c61a40df-d38f-4800-9ba4-61a2df016993</cat_ru:MCD_ID>"
    );
    let document =
        statform::form(Uuid::new_v4(), |text| text.replace("</cat_ru:DocumentID>", &power));
    let message = Message { signature: employee.sign(&document), ..participant.message(document) };
    message.send(&participant.world).await;
    let answer = participant.next(&mut String::new(), 1).await.remove(0);
    assert_eq!(answer.state.as_deref(), Some("Registered"), "{answer:?}");
}

#[tokio::test]
async fn a_form_is_registered_once_and_replaced_once() {
    let participant = Participant::new().await;
    let world = &participant.world;
    let mut after = String::new();
    let document_id = Uuid::new_v4();
    let document = statform::form(document_id, |text| text);
    participant.message(document.clone()).send(world).await;
    let first = participant.next(&mut after, 1).await.remove(0);
    let number = first.number.clone().unwrap();

    participant.message(document).send(world).await;
    let twice = participant.next(&mut after, 1).await.remove(0);
    let errors = twice.errors.unwrap();
    assert!(errors.contains("SF-DUPLICATE") && errors.contains(&number), "{errors}");

    participant.message(statform::replacing(Uuid::new_v4(), &number)).send(world).await;
    let both = participant.next(&mut after, 2).await;
    assert_eq!(both[0].state.as_deref(), Some("Registered"));
    assert_eq!(both[1].state.as_deref(), Some("Annulled"));
    assert_eq!(both[1].relates_to, first.relates_to);
    assert_eq!(both[1].number.as_ref(), Some(&number));
    assert!(both[1].text.as_ref().unwrap().contains(both[0].number.as_ref().unwrap()));

    for wrong in [&*number, "10100999/101126/С999999"] {
        participant.message(statform::replacing(Uuid::new_v4(), wrong)).send(world).await;
        let refused = participant.next(&mut after, 1).await.remove(0).errors.unwrap();
        assert!(refused.contains("SF-PREVIOUS"), "{refused}");
    }

    let second = both[0].number.as_ref().unwrap();
    let annulment = format!(
        "<StatformAnnulment xmlns=\"urn:cabinet:eais:exchange:1\"><RegNum>{second}</RegNum>\
         <Reason>Подана ошибочно</Reason></StatformAnnulment>"
    );
    let message = participant.message(annulment.into_bytes());
    Message { mode_id: "StatformAnnulment", ..message }.send(world).await;
    let annulled = participant.next(&mut after, 1).await.remove(0);
    assert_eq!(annulled.state.as_deref(), Some("Annulled"));
    assert_eq!(annulled.number.as_ref(), Some(second));
}

#[tokio::test]
async fn an_inspector_asks_and_an_explanation_clears() {
    let participant = Participant::new().await;
    let world = &participant.world;
    let mut after = String::new();
    let (filing, number) = participant.registered(&mut after).await;

    let body = json!({ "text": "Поясните вес & цену", "days": 3 });
    assert_eq!(participant.act(&number, "explain", body).await, StatusCode::OK);
    let asked = participant.next(&mut after, 1).await.remove(0);
    assert_eq!(asked.state.as_deref(), Some("ExplanationsRequired"));
    assert_eq!(asked.until.as_deref(), Some("2026-11-13"));
    assert_eq!(asked.text.as_deref(), Some("Поясните вес &amp; цену"));
    assert_eq!(asked.relates_to, filing.to_string());

    let explanation = b"<ExplanationPerson xmlns=\"urn:x\"/>".to_vec();
    let message = Message {
        mode_id: "1006943E",
        relates_to: Some(asked.message_id),
        ..participant.message(explanation)
    };
    assert_eq!(message.send(world).await.status(), StatusCode::ACCEPTED);
    let cleared = participant.next(&mut after, 1).await.remove(0);
    assert_eq!(cleared.state.as_deref(), Some("Cleared"));
    assert_eq!((cleared.number.as_ref(), cleared.until), (Some(&number), None));

    let control = participant.act(&filing.to_string(), "control", json!({})).await;
    assert_eq!(control, StatusCode::OK);
    let red = participant.next(&mut after, 1).await.remove(0);
    assert_eq!(red.state.as_deref(), Some("UnderControl"));
    assert_eq!(red.until.as_deref(), Some("2026-11-24"), "ten working days");

    assert_eq!(participant.act(&number, "annul", json!({})).await, StatusCode::OK);
    assert_eq!(participant.next(&mut after, 1).await[0].state.as_deref(), Some("Annulled"));
    let dead = participant.act(&number, "clear", json!({})).await;
    assert_eq!(dead, StatusCode::UNPROCESSABLE_ENTITY);
    let unknown = participant.act("10100999/101126/С000099", "clear", json!({})).await;
    assert_eq!(unknown, StatusCode::NOT_FOUND);
    let term = participant.act(&number, "explain", json!({ "days": 0 })).await;
    assert_eq!(term, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn answers_can_come_twice_and_in_the_wrong_order() {
    let participant = Participant::new().await;
    let mut after = String::new();
    participant.mode(json!({ "duplicate": true })).await;
    participant.form().send(&participant.world).await;
    let twice = participant.next(&mut after, 2).await;
    assert_eq!(twice[0], twice[1]);

    participant.mode(json!({ "duplicate": false, "reorder": true, "next": "explain" })).await;
    participant.form().send(&participant.world).await;
    let swapped = participant.next(&mut after, 2).await;
    assert_eq!(swapped[0].state.as_deref(), Some("ExplanationsRequired"));
    assert_eq!(swapped[1].state.as_deref(), Some("Registered"));

    let held = participant.form();
    held.send(&participant.world).await;
    let next = participant.form();
    next.send(&participant.world).await;
    let both = participant.next(&mut after, 2).await;
    assert_eq!(both[0].relates_to, next.id.to_string());
    assert_eq!(both[1].relates_to, held.id.to_string());

    let last = participant.form();
    last.send(&participant.world).await;
    // Switching the reordering off lets go what is held back, now or when it is decided.
    participant.mode(json!({ "reorder": false })).await;
    assert_eq!(participant.next(&mut after, 1).await[0].relates_to, last.id.to_string());
}

#[tokio::test]
async fn customs_can_be_told_what_to_do_next() {
    let participant = Participant::new().await;
    let mut after = String::new();
    participant.mode(json!({ "next": ["errors", "control", "register"] })).await;
    participant.form().send(&participant.world).await;
    let errors = participant.next(&mut after, 1).await.remove(0).errors.unwrap();
    assert!(errors.contains("SANDBOX-ORDER"));
    participant.form().send(&participant.world).await;
    let red = participant.next(&mut after, 2).await;
    assert_eq!(red[1].state.as_deref(), Some("UnderControl"));
    let unsigned = Message { signature: Vec::new(), ..participant.form() };
    unsigned.send(&participant.world).await;
    assert_eq!(participant.next(&mut after, 1).await[0].state.as_deref(), Some("Registered"));

    participant.mode(json!({ "next": "silence" })).await;
    let silent = participant.form();
    silent.send(&participant.world).await;
    let loud = participant.form();
    loud.send(&participant.world).await;
    assert_eq!(participant.next(&mut after, 1).await[0].relates_to, loud.id.to_string());

    let wrong = participant.world.post_json("/sandbox/eais/mode", json!({ "nxt": 1 })).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().await.unwrap().contains("nxt"));
}

#[tokio::test]
async fn an_outage_and_a_lost_receipt_never_make_two_of_one() {
    let participant = Participant::new().await;
    let world = &participant.world;
    participant.mode(json!({ "down": true })).await;
    let message = participant.form();
    assert_eq!(message.send(world).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(world.get_json("/sandbox/eais/messages").await, json!([]));

    participant.mode(json!({ "down": false, "lose_receipts": 1 })).await;
    assert_eq!(message.send(world).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(message.send(world).await.status(), StatusCode::ACCEPTED);
    let messages = world.get_json("/sandbox/eais/messages").await;
    assert_eq!(messages.as_array().unwrap().len(), 1);
    assert_eq!(messages[0]["deliveries"], 2);
    participant.next(&mut String::new(), 1).await;
    assert_eq!(world.get_json("/sandbox/eais/forms").await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn everything_accepted_outlives_a_restart() {
    let mut participant = Participant::new().await;
    let mut after = String::new();
    let (filing, number) = participant.registered(&mut after).await;
    // An hour of thinking: the document is accepted, the decision is not made.
    participant.mode(json!({ "review_ms": 3_600_000 })).await;
    let waiting = participant.form();
    waiting.send(&participant.world).await;
    let messages = participant.world.get_json("/sandbox/eais/messages").await;

    participant.restart().await;
    let decided = participant.next(&mut after, 1).await.remove(0);
    assert_eq!(decided.relates_to, waiting.id.to_string());
    assert_eq!(decided.number.as_deref(), Some("10100999/101126/С000002"));
    let kept = participant.world.get_json("/sandbox/eais/messages").await;
    assert_eq!(kept[0], messages[0]);
    assert_eq!(kept[1]["sha256"], messages[1]["sha256"]);
    let forms = participant.world.get_json("/sandbox/eais/forms").await;
    assert_eq!(forms[0]["number"], number);
    assert_eq!(forms[0]["message_id"], filing.to_string());
    let again = waiting.send(&participant.world).await;
    assert_eq!(again.status(), StatusCode::ACCEPTED);

    let reset = participant.world.post_json("/sandbox/reset", json!({})).await;
    assert_eq!(reset.status(), StatusCode::NO_CONTENT);
    assert_eq!(participant.world.get_json("/sandbox/eais/messages").await, json!([]));
    let (_, number) = participant.registered(&mut after).await;
    assert_eq!(number, "10100999/101126/С000003", "numbers and cursors go on after a reset");
}

/// The folder of official formats, which is not part of the repository.
fn album() -> Option<std::path::PathBuf> {
    let folder = std::env::var_os("CABINET_SHARED_DATA").map_or_else(
        || concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into(),
        std::path::PathBuf::from,
    );
    let archive = folder.join("album_5_23_0/Schemas_out_5_23_0.tar.gz");
    archive.exists().then_some(archive)
}

#[tokio::test]
async fn the_list_of_errors_is_valid_by_the_official_schema() {
    let Some(album) = album() else {
        eprintln!("skipped: ../shared/data is not here");
        return;
    };
    let participant = Participant::new().await;
    participant.mode(json!({ "next": "errors" })).await;
    let spoil = |text: String| {
        text.replace("<cat_ru:INN>7799100017", "<cat_ru:INN>7799100018")
            .replace("8471300000", "84713<!-- & -->")
            .replace("НОУТБУК", &"Ж".repeat(400))
    };
    let document = statform::form(Uuid::new_v4(), spoil);
    let unsigned = Message { signature: Vec::new(), ..participant.message(document) };
    unsigned.send(&participant.world).await;
    let errors = participant.next(&mut String::new(), 1).await.remove(0).errors.unwrap();
    assert!(errors.matches("<Error>").count() >= 2, "{errors}");

    let folder = participant.data.path();
    let run = |command: &mut std::process::Command| {
        let output = command.output().expect("apt-get install libxml2-utils tar");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(std::process::Command::new("tar").arg("-xzf").arg(album).arg("-C").arg(folder));
    let list = folder.join("errors.xml");
    std::fs::write(&list, errors).unwrap();
    run(std::process::Command::new("xmllint")
        .args(["--noout", "--schema"])
        .arg(folder.join("Schemas_out_5_23_0/ErrorList.xsd"))
        .arg(&list));
}

#[tokio::test]
async fn errors_in_the_content_are_remarked_where_they_are() {
    let participant = Participant::new().await;
    let spoil = |text: String| {
        text.replace("<InvoicedCost>150000.00", "<InvoicedCost>140000.00")
            .replace("<GoodsTNVEDCode>8471300000", "<GoodsTNVEDCode>84713")
    };
    let message = participant.message(statform::form(Uuid::new_v4(), spoil));
    message.send(&participant.world).await;
    let answer = participant.next(&mut String::new(), 1).await.remove(0);
    let errors = read_error_list(answer.errors.unwrap().as_bytes()).unwrap();
    assert_eq!(errors.bad_mode_id.as_deref(), Some("1006124E"));
    let code = |graph: &str, element: &str| {
        errors.remarks.iter().find(|remark| {
            remark.level == Level::Error
                && remark.graph.as_deref() == Some(graph)
                && remark.path.as_str().ends_with(element)
        })
    };
    let tnved = code("11", "GoodsTNVEDCode").unwrap();
    assert_eq!(tnved.get("goods"), Some("1"));
    assert_eq!(tnved.found.as_deref(), Some("84713"));
    assert!(code("7", "CustCostTotalAmount").is_some(), "{:?}", errors.remarks);

    let rubbish = participant.message(b"<StaticForm>".to_vec());
    rubbish.send(&participant.world).await;
    let mut after = "1".to_owned();
    let answer = participant.next(&mut after, 1).await.remove(0);
    assert!(answer.errors.unwrap().contains("<ErrCode>XML-UNREADABLE</ErrCode>"));
}
