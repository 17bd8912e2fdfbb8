//! Tax register and mail.

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use crate::common::{World, start};

#[tokio::test]
async fn the_register_knows_organisations_traders_and_the_self_employed() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let by_inn = world.get_json("/egr/organisations/7799100017").await;
    assert_eq!(by_inn, world.get_json("/egr/organisations/1257799000018").await);
    assert_eq!(by_inn["kpp"], "779901001");
    assert_eq!(by_inn["head"]["surname"], "Берёзкина");
    assert_eq!(by_inn["head"]["post"], "Генеральный директор");
    assert_eq!(by_inn["address"]["city"], "МОСКВА");
    let trader = world.get_json("/egr/organisations/325779900000014").await;
    assert_eq!((&trader["inn"], &trader["kpp"]), (&json!("779990000460"), &Value::Null));
    assert_eq!(world.get("/egr/organisations/1").await.status(), StatusCode::NOT_FOUND);

    let payer = json!({ "inn": "779990000534", "status": true, "since": "2024-02-01" });
    assert_eq!(world.get_json("/npd/779990000534").await, payer);
    assert_eq!(world.get_json("/npd/779990000608").await["status"], false);
    assert_eq!(world.get("/npd/1").await.status(), StatusCode::NOT_FOUND);

    world.post_json("/sandbox/register/mode", json!({ "down": true })).await;
    let down = world.get("/npd/779990000534").await;
    assert_eq!(down.status(), StatusCode::SERVICE_UNAVAILABLE);
    world.post_json("/sandbox/register/mode", json!({ "down": false })).await;
    assert_eq!(world.get("/npd/779990000534").await.status(), StatusCode::OK);
}

/// Says the lines one after another and returns the answers' first lines.
async fn converse(world: &World, lines: &[&str]) -> Vec<String> {
    let mut stream = BufReader::new(TcpStream::connect(world.sandbox.smtp_addr()).await.unwrap());
    let mut answers = Vec::new();
    let mut next = lines.iter();
    loop {
        let mut first = None;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap() == 0 {
                return answers;
            }
            let last = line.as_bytes()[3] == b' ';
            first.get_or_insert(line.trim_end().to_owned());
            if last {
                break;
            }
        }
        answers.extend(first);
        let Some(line) = next.next() else { return answers };
        stream.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
    }
}

const LETTER: [&str; 7] = [
    "EHLO cabinet",
    "MAIL FROM:<cabinet@example.org> SIZE=100",
    "RCPT TO:<berezkina@romashka.example>",
    "RCPT TO:<osinin@romashka.example>",
    "DATA",
    "Subject: =?utf-8?B?0KTQvtGA0LzQsA==?=\r\n\r\n<b>\r\n..dot\r\n.",
    "QUIT",
];

#[tokio::test]
async fn a_letter_is_kept_and_shown_and_outlives_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let answers = converse(&world, &LETTER).await;
    let codes: Vec<_> = answers.iter().map(|answer| &answer[..3]).collect();
    assert_eq!(codes, ["220", "250", "250", "250", "250", "354", "250", "221"]);
    world.sandbox.stop().await;

    let world = start(data.path()).await;
    let mail = world.get_json("/sandbox/mail").await;
    assert_eq!(mail.as_array().unwrap().len(), 1);
    assert_eq!(mail[0]["from"], "cabinet@example.org");
    assert_eq!(mail[0]["to"], json!(["berezkina@romashka.example", "osinin@romashka.example"]));
    assert_eq!(mail[0]["subject"], "Форма");
    assert_eq!(mail[0]["text"], "<b>\n.dot");
    let list = world.get("/mail").await.text().await.unwrap();
    assert!(list.contains("<a href=\"/mail/1\">Форма</a>"), "{list}");
    let page = world.get("/mail/1").await.text().await.unwrap();
    assert!(page.contains("&lt;b&gt;") && !page.contains("<b>"), "{page}");
    assert_eq!(world.get("/mail/2").await.status(), StatusCode::NOT_FOUND);

    world.post_json("/sandbox/reset", json!({})).await;
    assert_eq!(world.get_json("/sandbox/mail").await, json!([]));
}

#[tokio::test]
async fn the_conversation_is_kept_in_order() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    let answers = converse(
        &world,
        &[
            "RCPT TO:<a@b>",
            "DATA",
            "VRFY x",
            "MAIL FROM:a",
            "MAIL FROM:<a@b> SIZE=99999999",
            "MAIL FROM:<a@b>",
            "DATA",
            "RSET",
            "RCPT TO:<a@b>",
            "NOOP",
            "QUIT",
        ],
    )
    .await;
    let codes: Vec<_> = answers.iter().skip(1).map(|answer| &answer[..3]).collect();
    assert_eq!(
        codes,
        ["503", "503", "502", "501", "552", "250", "503", "250", "503", "250", "221"]
    );
    world.post_json("/sandbox/mail/mode", json!({ "down": true })).await;
    assert!(converse(&world, &["EHLO x"]).await[0].starts_with("421"));
}
