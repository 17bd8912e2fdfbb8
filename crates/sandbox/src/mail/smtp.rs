//! The SMTP conversation.

use std::{io, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::timeout,
};

use super::Stored;
use crate::World;

/// Largest message, bytes.
const SIZE: usize = 10 * 1024 * 1024;
/// Longest command line, RFC 5321 section 4.5.3.1.4 with room for parameters.
const LINE: u64 = 2048;
const RECIPIENTS: usize = 100;
const IDLE: Duration = Duration::from_secs(300);

/// Accepts connections until the task is aborted.
pub(crate) async fn serve(world: Arc<World>, listener: TcpListener) {
    let mut conversations = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let world = world.clone();
                    conversations.spawn(async move {
                        if let Err(error) = converse(&world, stream).await {
                            tracing::debug!(%error, "an SMTP conversation broke off");
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "SMTP cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
            Some(_) = conversations.join_next() => {}
        }
    }
}

#[derive(Default)]
struct Envelope {
    from: Option<String>,
    to: Vec<String>,
}

async fn converse(world: &World, stream: TcpStream) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    if world.switches.is_down("mail") {
        return stream.write_all(b"421 4.3.2 the sandbox's mail is switched off\r\n").await;
    }
    stream.write_all(b"220 sandbox ESMTP\r\n").await?;
    let mut envelope = Envelope::default();
    loop {
        let Some(line) = read_line(&mut stream).await? else { return Ok(()) };
        let (verb, argument) = line.split_once(' ').unwrap_or((&line, ""));
        let answer = match (&*verb.to_ascii_uppercase(), argument) {
            ("HELO", _) => "250 sandbox\r\n".to_owned(),
            ("EHLO", _) => {
                envelope = Envelope::default();
                format!("250-sandbox\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {SIZE}\r\n")
            }
            ("MAIL", argument) => match (address(argument, "FROM:"), declared_size(argument)) {
                (Some(_), size) if size > SIZE => "552 5.3.4 message too large\r\n".to_owned(),
                (Some(from), _) => {
                    envelope = Envelope { from: Some(from), to: Vec::new() };
                    "250 2.1.0 ok\r\n".to_owned()
                }
                (None, _) => "501 5.5.4 MAIL FROM:<address> expected\r\n".to_owned(),
            },
            ("RCPT", _) if envelope.from.is_none() => "503 5.5.1 MAIL first\r\n".to_owned(),
            ("RCPT", _) if envelope.to.len() >= RECIPIENTS => {
                "452 4.5.3 too many recipients\r\n".to_owned()
            }
            ("RCPT", argument) => match address(argument, "TO:").filter(|to| !to.is_empty()) {
                Some(to) => {
                    envelope.to.push(to);
                    "250 2.1.5 ok\r\n".to_owned()
                }
                None => "501 5.5.4 RCPT TO:<address> expected\r\n".to_owned(),
            },
            ("DATA", _) if envelope.to.is_empty() => "503 5.5.1 RCPT first\r\n".to_owned(),
            ("DATA", _) => {
                stream.write_all(b"354 end with <CRLF>.<CRLF>\r\n").await?;
                let Some(data) = read_data(&mut stream).await? else { return Ok(()) };
                keep(world, std::mem::take(&mut envelope), data)
            }
            ("RSET", _) => {
                envelope = Envelope::default();
                "250 2.0.0 ok\r\n".to_owned()
            }
            ("NOOP", _) => "250 2.0.0 ok\r\n".to_owned(),
            ("QUIT", _) => return stream.write_all(b"221 2.0.0 bye\r\n").await,
            _ => "502 5.5.2 command not implemented\r\n".to_owned(),
        };
        stream.write_all(answer.as_bytes()).await?;
    }
}

fn keep(world: &World, envelope: Envelope, data: Result<Vec<u8>, TooLarge>) -> String {
    let Ok(data) = data else { return "552 5.3.4 message too large\r\n".to_owned() };
    let message = Stored {
        received: world.clock.now(),
        from: envelope.from.unwrap_or_default(),
        to: envelope.to,
        raw: String::from_utf8_lossy(&data).into_owned(),
    };
    match world.mail.keep(message) {
        Ok(()) => "250 2.0.0 kept\r\n".to_owned(),
        Err(error) => {
            tracing::error!(%error, "mail cannot be kept");
            "451 4.3.0 cannot keep the message\r\n".to_owned()
        }
    }
}

/// A command without its line end; `None` when the peer is gone.
async fn read_line(stream: &mut BufReader<TcpStream>) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    timeout(IDLE, stream.take(LINE).read_until(b'\n', &mut line)).await??;
    if !line.ends_with(b"\n") {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&line).trim_end().to_owned()))
}

struct TooLarge;

/// The text up to the lone dot, with dots unstuffed (RFC 5321 section 4.5.2).
async fn read_data(
    stream: &mut BufReader<TcpStream>,
) -> io::Result<Option<Result<Vec<u8>, TooLarge>>> {
    let mut data = Vec::new();
    let mut too_large = false;
    let mut line = Vec::new();
    loop {
        line.clear();
        timeout(IDLE, stream.take(SIZE as u64).read_until(b'\n', &mut line)).await??;
        if !line.ends_with(b"\n") {
            return Ok(None);
        }
        if line == b".\r\n" || line == b".\n" {
            return Ok(Some(if too_large { Err(TooLarge) } else { Ok(data) }));
        }
        let text = line.strip_prefix(b".").unwrap_or(&line);
        if data.len() + text.len() > SIZE {
            too_large = true;
            data.clear();
        } else if !too_large {
            data.extend_from_slice(text);
        }
    }
}

/// `FROM:<a@b> SIZE=1` → `a@b`.
fn address(argument: &str, keyword: &str) -> Option<String> {
    let head = argument.get(..keyword.len())?;
    if !head.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let rest = argument[keyword.len()..].trim_start().strip_prefix('<')?;
    rest.split_once('>').map(|(address, _)| address.to_owned())
}

fn declared_size(argument: &str) -> usize {
    argument
        .split_ascii_whitespace()
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("SIZE"))
        .and_then(|(_, size)| size.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::proptest;

    use super::*;

    #[test]
    fn addresses_are_read_with_parameters() {
        assert_eq!(address("FROM:<a@b.example> SIZE=5", "FROM:").as_deref(), Some("a@b.example"));
        assert_eq!(address("from: <>", "FROM:").as_deref(), Some(""));
        assert_eq!(address("FROM:a@b", "FROM:"), None);
        assert_eq!(address("TO", "TO:"), None);
        assert_eq!(declared_size("FROM:<a@b> BODY=8BITMIME size=77"), 77);
    }

    proptest! {
        #[test]
        fn no_command_panics(argument in "(FROM|from|TO|:|<|>|@|=|SIZE|[0-9 а]){0,20}") {
            let _ = (address(&argument, "FROM:"), declared_size(&argument));
        }
    }
}
