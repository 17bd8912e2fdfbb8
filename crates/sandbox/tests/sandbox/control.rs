//! The page with buttons.

use reqwest::{StatusCode, header};
use serde_json::json;

use crate::{
    common::{World, start},
    signing::{Message, Signer},
    statform,
};

async fn press(world: &World, button: &str, form: &[(&str, &str)]) -> StatusCode {
    let url = format!("{}/sandbox/press/{button}", world.url);
    let response = world.http.post(url).form(form).send().await.unwrap();
    if response.status() == StatusCode::SEE_OTHER {
        assert_eq!(response.headers()[header::LOCATION], "/sandbox/");
    }
    response.status()
}

async fn page(world: &World) -> String {
    world.get("/sandbox/").await.text().await.unwrap()
}

#[tokio::test]
async fn a_person_plays_the_inspector() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    assert_eq!(world.get("/").await.headers()[header::LOCATION], "/sandbox/");
    let empty = page(&world).await;
    for text in
        ["Форм пока нет", "Берёзкина Анна Сергеевна", "ООО &quot;РОМАШКА-ЭКСПОРТ&quot;", "CABINET"]
    {
        assert!(empty.contains(text), "{text}");
    }

    let signer = Signer::new(&world, 1_000_000_001, Some("7799100017")).await;
    let document = statform::form(uuid::Uuid::new_v4(), |text| text);
    let message = Message {
        id: uuid::Uuid::new_v4(),
        relates_to: None,
        inn: "7799100017",
        mode_id: "1006124E",
        signature: signer.sign(&document),
        document,
    };
    message.send(&world).await;
    world.get("/eais/exchange/out?receiver=CABINET&wait=30").await;
    assert!(page(&world).await.contains("10100999/101126/С000001"));

    let number = ("form", "10100999/101126/С000001");
    let asked = [number, ("action", "explain"), ("text", "<Почему?>"), ("days", "")];
    assert_eq!(press(&world, "act", &asked).await, StatusCode::SEE_OTHER);
    assert!(page(&world).await.contains("требуются пояснения до 17.11.2026"));
    let forms = world.get_json("/sandbox/eais/forms").await;
    assert_eq!(forms[0]["text"], "<Почему?>");
    let wrong = [number, ("action", "explain"), ("days", "soon")];
    assert_eq!(press(&world, "act", &wrong).await, StatusCode::UNPROCESSABLE_ENTITY);

    assert_eq!(press(&world, "reset", &[]).await, StatusCode::SEE_OTHER);
    assert!(page(&world).await.contains("Форм пока нет"));
}

#[tokio::test]
async fn buttons_switch_systems_and_order_faults() {
    let data = tempfile::tempdir().unwrap();
    let world = start(data.path()).await;
    for (system, path, status) in [
        ("ca", "/ca/crl", StatusCode::OK),
        ("register", "/egr/organisations/7799100017", StatusCode::OK),
        ("eais", "/eais/exchange/out?receiver=X", StatusCode::OK),
        ("esia", "/rs/prns/1", StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(world.get(path).await.status(), status);
        assert_eq!(press(&world, system, &[("down", "1")]).await, StatusCode::SEE_OTHER);
        assert_eq!(world.get(path).await.status(), StatusCode::SERVICE_UNAVAILABLE, "{system}");
        assert!(page(&world).await.contains("Включить"));
        press(&world, system, &[("down", "")]).await;
        assert_eq!(world.get(path).await.status(), status);
    }
    press(&world, "next", &[("order", "control")]).await;
    press(&world, "duplicate", &[("down", "1")]).await;
    press(&world, "reorder", &[("down", "1")]).await;
    let mode = world.get_json("/sandbox/eais/mode").await;
    assert_eq!(mode["next"], json!(["control"]));
    assert_eq!((&mode["duplicate"], &mode["reorder"]), (&json!(true), &json!(true)));
    press(&world, "esia-denied", &[]).await;
    let esia = world.esia().await;
    let refused = esia.authorize(&esia.authorization("openid"), None).await;
    let location = refused.headers()[header::LOCATION].to_str().unwrap();
    assert!(location.contains("error=access_denied"), "{location}");

    assert_eq!(press(&world, "no-such", &[]).await, StatusCode::NOT_FOUND);
    let unknown = world.post_json("/sandbox/moon/mode", json!({ "down": true })).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
}
