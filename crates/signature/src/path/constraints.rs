//! Name constraints (RFC 5280 §4.2.1.10 and §6.1.3 b–c).

use crate::certificate::{Certificate, GeneralName, Name, NameConstraints};
use crate::oid;
use crate::report::Reason;

/// How many comparisons one path may cost.
const BUDGET: usize = 500_000;

/// Constraints of the authorities above, and what is left of the work that may be spent.
pub(super) struct Constraints<'a> {
    above: Vec<&'a NameConstraints>,
    budget: usize,
}

impl<'a> Constraints<'a> {
    pub(super) fn new() -> Self {
        Self { above: Vec::new(), budget: BUDGET }
    }

    pub(super) fn add(&mut self, certificate: &'a Certificate) {
        self.above.extend(&certificate.extensions().name_constraints);
    }

    /// Whether the names of a certificate are permitted by everyone above.
    pub(super) fn check(&mut self, certificate: &Certificate) -> Result<(), Reason> {
        if self.above.is_empty() {
            return Ok(());
        }
        let subject = certificate.subject();
        let alternative = &certificate.extensions().subject_alt_names;
        if !subject.is_empty() {
            self.permit(&GeneralName::Directory(subject.clone()))?;
        }
        // Old certificates carry the address of mail in the subject.
        if !alternative.iter().any(|name| matches!(name, GeneralName::Email(_))) {
            let addresses = subject.attributes().filter(|a| a.oid == oid::ID_EMAIL_ADDRESS);
            for address in addresses {
                let text = address.text.clone().ok_or(Reason::NameNotPermitted)?;
                self.permit(&GeneralName::Email(text))?;
            }
        }
        alternative.iter().try_for_each(|name| self.permit(name))
    }

    fn permit(&mut self, name: &GeneralName) -> Result<(), Reason> {
        for constraints in &self.above {
            let subtrees = constraints.permitted.len() + constraints.excluded.len();
            self.budget = self.budget.checked_sub(subtrees + 1).ok_or(Reason::NameNotPermitted)?;
            let mut permitted =
                constraints.permitted.iter().filter(|b| same_form(b, name)).peekable();
            if permitted.peek().is_some() && !permitted.any(|base| is_within(name, base, true)) {
                return Err(Reason::NameNotPermitted);
            }
            let mut excluded = constraints.excluded.iter().filter(|base| same_form(base, name));
            if excluded.any(|base| is_within(name, base, false)) {
                return Err(Reason::NameNotPermitted);
            }
        }
        Ok(())
    }
}

fn same_form(one: &GeneralName, other: &GeneralName) -> bool {
    match (one, other) {
        (GeneralName::Other(one, _), GeneralName::Other(other, _)) => one == other,
        _ => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}

/// Whether a name lies in a subtree. `permitting` decides for names that cannot be compared: they
/// are never permitted and always excluded.
fn is_within(name: &GeneralName, base: &GeneralName, permitting: bool) -> bool {
    match (name, base) {
        (GeneralName::Directory(name), GeneralName::Directory(base)) => directory(name, base),
        (GeneralName::Dns(name), GeneralName::Dns(base)) => dns(name, base),
        (GeneralName::Email(name), GeneralName::Email(base)) => {
            email(name, base).unwrap_or(!permitting)
        }
        (GeneralName::Uri(name), GeneralName::Uri(base)) => uri(name, base).unwrap_or(!permitting),
        (GeneralName::Ip(name), GeneralName::Ip(base)) => ip(name, base),
        _ => !permitting,
    }
}

fn directory(name: &Name, base: &Name) -> bool {
    name.is_within(base)
}

/// Zero or more labels may be added to the left.
fn dns(name: &str, base: &str) -> bool {
    let (name, base) = (name.to_ascii_lowercase(), base.to_ascii_lowercase());
    if base.is_empty() || name == base {
        return true;
    }
    match base.strip_prefix('.') {
        Some(_) => name.ends_with(&base),
        None => name.strip_suffix(&base).is_some_and(|rest| rest.ends_with('.')),
    }
}

/// `.example.com` covers hosts below; `example.com` the host alone.
fn host(name: &str, base: &str) -> bool {
    let (name, base) = (name.to_ascii_lowercase(), base.to_ascii_lowercase());
    if base.starts_with('.') { name.ends_with(&base) } else { name == base }
}

fn email(name: &str, base: &str) -> Option<bool> {
    let (local, name_host) = name.rsplit_once('@')?;
    Some(match base.rsplit_once('@') {
        Some((base_local, base_host)) => {
            local == base_local && name_host.eq_ignore_ascii_case(base_host)
        }
        None => host(name_host, base),
    })
}

/// The host of a URI with an authority part (RFC 3986 §3.2).
fn uri(name: &str, base: &str) -> Option<bool> {
    let (_, rest) = name.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host_port = authority.rsplit('@').next()?;
    if host_port.starts_with('[') {
        return None;
    }
    let name_host = host_port.split(':').next().filter(|host| !host.is_empty())?;
    if name_host.parse::<std::net::Ipv4Addr>().is_ok() {
        return None;
    }
    Some(host(name_host, base))
}

/// `base` is an address and a mask.
fn ip(name: &[u8], base: &[u8]) -> bool {
    if base.len() != 2 * name.len() {
        return false;
    }
    let (address, mask) = base.split_at(name.len());
    name.iter().zip(address).zip(mask).all(|((name, address), mask)| (name ^ address) & mask == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subtrees_of_dns_mail_and_addresses() {
        assert!(dns("www.Example.com", "example.com") && dns("example.com", "example.com"));
        assert!(!dns("badexample.com", "example.com"));
        assert_eq!(email("a@mail.example.com", ".example.com"), Some(true));
        assert_eq!(email("a@example.com", ".example.com"), Some(false));
        assert_eq!(email("a@Example.com", "A@example.com"), Some(false));
        assert_eq!(email("nobody", "example.com"), None);
        assert_eq!(uri("http://u:p@x.example.com:8080/a@b", ".example.com"), Some(true));
        assert_eq!(uri("http://10.0.0.1/", ".example.com"), None);
        assert_eq!(uri("mailto:a@example.com", "example.com"), None);
        assert!(ip(&[10, 1, 2, 3], &[10, 1, 0, 0, 255, 255, 0, 0]));
        assert!(!ip(&[10, 2, 2, 3], &[10, 1, 0, 0, 255, 255, 0, 0]));
    }

    #[test]
    fn what_cannot_be_compared_is_never_permitted() {
        let name = GeneralName::Uri("urn:x".to_owned());
        let base = GeneralName::Uri("example.com".to_owned());
        assert!(!is_within(&name, &base, true) && is_within(&name, &base, false));
    }
}
