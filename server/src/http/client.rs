//! From where a request came.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};
use http::HeaderMap;

use super::Host;

/// The client's address, as far as trusted proxies vouch for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address(pub IpAddr);

impl Default for Address {
    fn default() -> Self {
        Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }
}

pub async fn locate(State(host): State<Host>, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(Address::default().0, |ConnectInfo(peer)| peer.ip().to_canonical());
    let address = behind(peer, request.headers(), host.trusted_proxies());
    request.extensions_mut().insert(Address(address));
    next.run(request).await
}

/// Walks `X-Forwarded-For` from the right while the speaker is a trusted proxy: what stands
/// further left anybody could have written.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let mut address = peer;
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    let forwarded = lines.iter().flat_map(|line| line.split(',')).map(str::trim);
    for hop in forwarded.collect::<Vec<_>>().into_iter().rev() {
        if !trusted.contains(&address) {
            break;
        }
        match hop.parse::<IpAddr>() {
            Ok(hop) => address = hop.to_canonical(),
            Err(_) => break,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", HeaderValue::from_static("6.6.6.6, 1.2.3.4"));
        headers.append("x-forwarded-for", HeaderValue::from_static("10.0.0.1"));
        assert_eq!(behind(ip("9.9.9.9"), &headers, &[]), ip("9.9.9.9"));
        let trusted = [ip("10.0.0.2"), ip("10.0.0.1")];
        assert_eq!(behind(ip("10.0.0.2"), &headers, &trusted), ip("1.2.3.4"));
        assert_eq!(behind(ip("10.0.0.9"), &headers, &trusted), ip("10.0.0.9"));
    }
}
