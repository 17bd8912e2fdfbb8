//! As much of an HTTP/1.1 client as measuring on the loopback needs: one connection kept alive,
//! cookies, bodies by length and in chunks. No redirects: the caller follows them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::failure::{Failure, Result};

/// Larger answers are a mistake here.
const MAX_BODY: u64 = 64 << 20;

pub struct Client {
    /// `127.0.0.1:8080`
    authority: String,
    stream: Option<BufReader<TcpStream>>,
    pub cookies: BTreeMap<String, String>,
}

pub struct Response {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Splits `http://127.0.0.1:8080/path?query` into the authority and what follows.
pub fn split_url(url: &str) -> Result<(&str, &str)> {
    let rest = url
        .strip_prefix("http://")
        .ok_or_else(|| Failure::new(format!("`{url}` is not an http:// address.")))?;
    let at = rest.find('/').unwrap_or(rest.len());
    Ok((&rest[..at], if at == rest.len() { "/" } else { &rest[at..] }))
}

impl Client {
    /// For a base address; nothing is opened yet.
    pub fn new(url: &str) -> Result<Self> {
        let (authority, _) = split_url(url)?;
        Ok(Self { authority: authority.into(), stream: None, cookies: BTreeMap::new() })
    }

    pub fn get(&mut self, path: &str) -> Result<Response> {
        self.send("GET", path, &[], b"")
    }

    /// JSON to a server function.
    pub fn post_json(&mut self, path: &str, body: &serde_json::Value) -> Result<Response> {
        let headers = [("Content-Type", "application/json"), ("Accept", "application/json")];
        self.send("POST", path, &headers, body.to_string().as_bytes())
    }

    /// A form, as a browser without scripts sends it. Values must need no escaping.
    pub fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Response> {
        let headers =
            [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "text/html")];
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.send("POST", path, &headers, pairs.join("&").as_bytes())
    }

    fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Response> {
        let reused = self.stream.is_some();
        match self.attempt(method, path, headers, body) {
            // The server may have closed a connection that lay idle.
            Err(_) if reused => self.attempt(method, path, headers, body),
            outcome => outcome,
        }
        .map_err(|error| {
            Failure::new(format!("{method} http://{}{path}: {error}.", self.authority))
        })
    }

    fn attempt(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> std::io::Result<Response> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => connect(&self.authority)?,
        };
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.authority);
        head.push_str("Sec-Fetch-Site: same-origin\r\n");
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            head.push_str(&format!("Cookie: {}\r\n", pairs.join("; ")));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if method != "GET" {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        stream.get_mut().write_all(&[head.as_bytes(), body].concat())?;
        let response = read_response(&mut stream)?;
        self.remember_cookies(&response);
        let close = response.header("connection").is_some_and(|v| v.eq_ignore_ascii_case("close"));
        self.stream = (!close).then_some(stream);
        Ok(response)
    }

    fn remember_cookies(&mut self, response: &Response) {
        let set =
            response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        for (name, value) in set.filter_map(|(_, line)| line.split(';').next()?.split_once('=')) {
            if value.is_empty() {
                self.cookies.remove(name.trim());
            } else {
                self.cookies.insert(name.trim().into(), value.into());
            }
        }
    }
}

fn connect(authority: &str) -> std::io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(authority)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    Ok(BufReader::new(stream))
}

fn malformed(what: &str) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidData, what.to_owned())
}

fn read_line(stream: &mut impl BufRead) -> std::io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(malformed("the connection ended"));
    }
    Ok(line.trim_end().to_owned())
}

fn read_response(stream: &mut impl BufRead) -> std::io::Result<Response> {
    let status = read_line(stream)?;
    let status = status
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .ok_or_else(|| malformed("no status line"))?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(stream)?;
        if line.is_empty() {
            break;
        }
        let (name, value) =
            line.split_once(':').ok_or_else(|| malformed("a header without `:`"))?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut response = Response { status, headers, body: Vec::new() };
    if response.header("transfer-encoding").is_some_and(|v| v.eq_ignore_ascii_case("chunked")) {
        read_chunks(stream, &mut response.body)?;
    } else if let Some(length) = response.header("content-length") {
        let length: u64 = length.parse().map_err(|_| malformed("a wrong Content-Length"))?;
        read_exactly(stream, length, &mut response.body)?;
    }
    Ok(response)
}

fn read_exactly(stream: &mut impl BufRead, length: u64, body: &mut Vec<u8>) -> std::io::Result<()> {
    if length > MAX_BODY {
        return Err(malformed("the body is too long"));
    }
    let read = stream.take(length).read_to_end(body)?;
    if read as u64 == length { Ok(()) } else { Err(malformed("the body is cut off")) }
}

fn read_chunks(stream: &mut impl BufRead, body: &mut Vec<u8>) -> std::io::Result<()> {
    loop {
        let size = read_line(stream)?;
        let size = size.split(';').next().unwrap_or_default();
        let size = u64::from_str_radix(size, 16).map_err(|_| malformed("a wrong chunk size"))?;
        if size == 0 {
            while !read_line(stream)?.is_empty() {}
            return Ok(());
        }
        read_exactly(stream, size, body)?;
        read_line(stream)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> std::io::Result<Response> {
        read_response(&mut BufReader::new(text.as_bytes()))
    }

    #[test]
    fn bodies_by_length_and_in_chunks() {
        let plain = parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: a:b\r\n\r\nhello").unwrap();
        assert_eq!(
            (plain.status, plain.text().as_str(), plain.header("x")),
            (200, "hello", Some("a:b"))
        );
        let chunked = "HTTP/1.1 303 x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwiki\r\n3;x\r\n123\r\n0\r\n\r\n";
        assert_eq!(parse(chunked).unwrap().text(), "wiki123");
    }

    #[test]
    fn what_is_cut_off_is_an_error() {
        assert!(parse("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello").is_err());
        assert!(parse("HTTP/1.1 200 OK\r\nContent-Le").is_err());
        assert!(parse("").is_err());
    }

    #[test]
    fn addresses_are_split() {
        assert_eq!(split_url("http://127.0.0.1:1/a?b").unwrap(), ("127.0.0.1:1", "/a?b"));
        assert_eq!(split_url("http://127.0.0.1:1").unwrap(), ("127.0.0.1:1", "/"));
        assert!(split_url("https://a/").is_err());
    }
}
