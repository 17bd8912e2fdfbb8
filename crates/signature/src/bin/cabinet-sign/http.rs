//! Just enough HTTP to reach a time-stamp service: plain `http://`, as such services are (what
//! they answer is signed, and checked).

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use rand::Rng;
use signature::sign::TimestampAuthority;
use signature::timestamp::TimestampRequest;

const TIME_LIMIT: Duration = Duration::from_secs(20);
const MAX_ANSWER: u64 = 1 << 20;

/// A time-stamp service at an address.
pub struct Service<'a, R> {
    pub url: &'a str,
    pub rng: R,
}

impl<R: Rng> TimestampAuthority for Service<'_, R> {
    fn stamp(&mut self, request: &[u8]) -> Result<Vec<u8>, String> {
        let media_type = TimestampRequest::MEDIA_TYPE;
        post(self.url, media_type, request).map_err(|error| format!("{}: {error}", self.url))
    }

    fn nonce(&mut self) -> [u8; 8] {
        let mut nonce = [0; 8];
        self.rng.fill_bytes(&mut nonce);
        nonce
    }
}

/// Posts a body and gives back that of the answer.
fn post(url: &str, media_type: &str, body: &[u8]) -> Result<Vec<u8>, String> {
    let rest = url.strip_prefix("http://").ok_or("only http:// addresses are supported")?;
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let path = if path.is_empty() { "/" } else { path };
    if host.is_empty() || url.contains(['\r', '\n', ' ']) {
        return Err("not an address".to_owned());
    }
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let authority = if has_port { host.to_owned() } else { format!("{host}:80") };
    let text = |error: std::io::Error| error.to_string();
    let address = authority.to_socket_addrs().map_err(text)?.next().ok_or("no such host")?;
    let mut stream = TcpStream::connect_timeout(&address, TIME_LIMIT).map_err(text)?;
    stream.set_read_timeout(Some(TIME_LIMIT)).map_err(text)?;
    stream.set_write_timeout(Some(TIME_LIMIT)).map_err(text)?;
    // HTTP/1.0: the answer comes in one piece and ends with the connection.
    let head = format!(
        "POST {path} HTTP/1.0\r\nHost: {host}\r\nContent-Type: {media_type}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).map_err(text)?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER).read_to_end(&mut answer).map_err(text)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or("a broken answer")?;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split_whitespace().nth(1).unwrap_or_default();
    if status == "200" {
        Ok(answer[end + 4..].to_vec())
    } else {
        Err(format!("the answer is {}", head.lines().next().unwrap_or_default()))
    }
}
