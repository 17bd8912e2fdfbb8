//! Which pages need what, so that the host and the client's router send a reader to the same place.

use domain::view::session::Who;

/// What a page needs before it makes sense. It is a courtesy, not a guard: every use case behind
/// a page authorises for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Nothing,
    /// A person signed in whose screen is not locked.
    Person,
    /// A cabinet chosen as well.
    Cabinet,
}

/// What the page at `path` needs. Paths that no page has need nothing: the reader gets a 404.
pub fn need(path: &str) -> Need {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    match (segments.next(), segments.next()) {
        (Some("sign-in"), Some("role")) | (Some("profile" | "services" | "notices"), _) => {
            Need::Person
        }
        (None, _) | (Some("company" | "statforms"), _) => Need::Cabinet,
        _ => Need::Nothing,
    }
}

/// Where a reader who lacks what `path` needs is sent instead.
///
/// `path_and_query` is kept as the place to come back to.
pub fn detour(path_and_query: &str, who: Option<&Who>) -> Option<String> {
    let path = path_and_query.split('?').next().unwrap_or_default();
    let need = need(path);
    if need == Need::Nothing {
        return None;
    }
    match who {
        None => Some(sign_in(path_and_query)),
        Some(who) if who.locked => Some(sign_in(path_and_query)),
        Some(who) if need == Need::Cabinet && who.role.is_none() => {
            Some(with_return("/sign-in/role", path_and_query))
        }
        Some(_) => None,
    }
}

/// The sign-in page that leads back to `path_and_query`.
pub fn sign_in(path_and_query: &str) -> String {
    with_return("/sign-in", path_and_query)
}

fn with_return(page: &str, path_and_query: &str) -> String {
    if path_and_query == "/" {
        return page.to_owned();
    }
    let mut address = format!("{page}?return=");
    for byte in path_and_query.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                address.push(char::from(byte));
            }
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address
}

/// `address` when it is a path of this site that a browser cannot take for another one's.
pub fn local(address: &str) -> Option<&str> {
    let sound = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains('\\')
        && !address.chars().any(char::is_control);
    sound.then_some(address)
}

#[cfg(test)]
mod tests {
    use domain::view::session::{PersonName, Theme};

    use super::*;

    fn who(locked: bool) -> Who {
        Who {
            session: uuid(1),
            person: uuid(2),
            name: PersonName {
                surname: "Лугова".into(), name: "Вера".into(), patronymic: None
            },
            role: None,
            roles: 2,
            lang: domain::lang::Lang::Ru,
            theme: Theme::Auto,
            signature: false,
            signature_ways: Default::default(),
            unread: 0,
            locked,
            idle_limit: 600,
        }
    }

    fn uuid(n: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(n)
    }

    #[test]
    fn a_stranger_is_sent_to_sign_in_and_back() {
        assert_eq!(detour("/", None).as_deref(), Some("/sign-in"));
        assert_eq!(
            detour("/statforms?page=2&search=чай", None).as_deref(),
            Some("/sign-in?return=/statforms%3Fpage%3D2%26search%3D%D1%87%D0%B0%D0%B9")
        );
        assert_eq!(detour("/sign-in", None), None);
        assert_eq!(detour("/nowhere", None), None);
    }

    #[test]
    fn a_person_without_a_cabinet_chooses_one_where_it_matters() {
        assert_eq!(detour("/profile", Some(&who(false))), None);
        assert_eq!(
            detour("/company", Some(&who(false))).as_deref(),
            Some("/sign-in/role?return=/company")
        );
    }

    #[test]
    fn a_locked_screen_shows_nothing() {
        assert_eq!(
            detour("/profile", Some(&who(true))).as_deref(),
            Some("/sign-in?return=/profile")
        );
    }

    #[test]
    fn only_paths_of_this_site_are_returned_to() {
        assert_eq!(local("/statforms?page=2"), Some("/statforms?page=2"));
        for foreign in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\nb"] {
            assert_eq!(local(foreign), None, "{foreign:?}");
        }
    }
}
