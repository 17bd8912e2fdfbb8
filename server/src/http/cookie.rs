//! Cookies (RFC 6265): the session's token, and a sign-in under way.

use http::{HeaderMap, HeaderValue, header};

/// The value of a cookie that the browser sent.
pub fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok()).find_map(|line| {
        line.split(';').find_map(|pair| {
            let (found, value) = pair.trim().split_once('=')?;
            (found == name).then_some(value)
        })
    })
}

/// How cookies are named and guarded. The prefix `__Host-` makes a browser refuse a cookie that
/// is not secure or that another host could have set; it needs HTTPS, which only development
/// does without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jar {
    pub secure: bool,
}

impl Jar {
    /// Name of the cookie that holds the session's token.
    pub const fn session(self) -> &'static str {
        if self.secure { "__Host-session" } else { "session" }
    }

    /// Name of the cookie that ties a sign-in under way to this browser. Several tabs may sign in
    /// at once, so the name holds the beginning of the state.
    pub fn sign_in(self, state: &str) -> String {
        let tail: String = state.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
        let prefix = if self.secure { "__Host-" } else { "" };
        format!("{prefix}sign-in-{tail}")
    }

    /// Sets a cookie until the browser closes, or for `seconds`.
    pub fn set(self, name: &str, value: &str, seconds: Option<u32>) -> Option<HeaderValue> {
        let secure = if self.secure { "; Secure" } else { "" };
        let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        HeaderValue::from_str(&format!(
            "{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}"
        ))
        .ok()
    }

    /// Removes a cookie.
    pub fn clear(self, name: &str) -> Option<HeaderValue> {
        self.set(name, "", Some(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; session=abc=="));
        headers.append(header::COOKIE, HeaderValue::from_static("xsession=no"));
        assert_eq!(value(&headers, "session"), Some("abc=="));
        assert_eq!(value(&headers, "sess"), None);
    }

    #[test]
    fn a_secure_cookie_is_bound_to_the_host() {
        let jar = Jar { secure: true };
        assert_eq!(
            jar.set(jar.session(), "t", None).unwrap(),
            "__Host-session=t; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            Jar { secure: false }.clear("session").unwrap(),
            "session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
        );
        assert_eq!(jar.sign_in("0a-1b;c"), "__Host-sign-in-0a1bc");
    }

    #[test]
    fn a_value_cannot_smuggle_a_header() {
        assert_eq!(Jar { secure: true }.set("a", "b\r\nSet-Cookie: c=d", None), None);
    }
}
