//! A person of the sandbox who signs in over HTTP, as a browser would.

use serde_json::{Value, json};

use super::http::{Client, Response, split_url};
use crate::failure::{Failure, Result};

/// Head of two companies; see the sandbox's sign-in page.
const SURNAME: &str = "Берёзкина";

/// A client with a session in the cabinet of a company.
pub fn sign_in(cabinet: &str) -> Result<Client> {
    let mut client = Client::new(cabinet)?;
    let esia = location(&client.get("/sign-in/esia")?)?;
    let mut sandbox = Client::new(&esia)?;
    let page = sandbox.get(split_url(&esia)?.1)?.text();
    let person = before(&page, &format!("\">{SURNAME}")).ok_or_else(|| {
        Failure::new(format!("The sandbox's sign-in page does not offer {SURNAME}."))
    })?;
    let request = after(&page, "name=\"request\" value=\"")
        .ok_or_else(|| Failure::new("The sandbox's sign-in page carries no request."))?;
    let fields = [("person", person), ("request", request)];
    let back = location(&sandbox.post_form("/sandbox/esia/sign-in", &fields)?)?;
    let landed = location(&client.get(split_url(&back)?.1)?)?;
    if landed.contains("refused") {
        return Err(Failure::new(format!("The cabinet refused the sign-in: {landed}.")));
    }
    enter_company(&mut client)?;
    Ok(client)
}

fn enter_company(client: &mut Client) -> Result<()> {
    let roles = answer(&client.post_json("/api/session/roles", &json!({}))?)?;
    let company = roles
        .as_array()
        .and_then(|roles| roles.iter().find(|role| role["category"] == "company"))
        .and_then(|role| role["participant"].as_str())
        .ok_or_else(|| Failure::new("The person has no company to enter."))?;
    location(&client.post_form("/api/session/enter", &[("participant", company)])?).map(drop)
}

/// JSON of a successful answer.
pub fn answer(response: &Response) -> Result<Value> {
    if response.status != 200 {
        return Err(unexpected(response));
    }
    serde_json::from_slice(&response.body)
        .map_err(|error| Failure::new(format!("An answer is not JSON: {error}.")))
}

/// Where a redirect leads.
pub fn location(response: &Response) -> Result<String> {
    match response.header("location") {
        Some(to) if (300..400).contains(&response.status) => Ok(to.to_owned()),
        _ => Err(unexpected(response)),
    }
}

pub fn unexpected(response: &Response) -> Failure {
    let text: String = response.text().chars().take(300).collect();
    Failure::new(format!("An unexpected answer ({}): {text}", response.status))
}

/// The digits right before a mark.
fn before<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let (head, _) = text.split_once(mark)?;
    let start = head.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    Some(&head[start..]).filter(|digits| !digits.is_empty())
}

/// The attribute value right after a mark.
fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    Some(text.split_once(mark)?.1.split_once('"')?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_in_page_is_read() {
        let page = r#"<input type="hidden" name="request" value="abc-1"><button name="person" value="42">Берёзкина Анна</button>"#;
        assert_eq!(before(page, "\">Берёзкина"), Some("42"));
        assert_eq!(before(page, "\">Осинин"), None);
        assert_eq!(after(page, "name=\"request\" value=\""), Some("abc-1"));
    }
}
