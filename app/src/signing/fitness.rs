//! Whether a certificate is fit for signing to customs, as far as it tells itself: before anything is
//! signed with it. The path to a root and revocation are for the server to find out.

use chrono::{DateTime, Utc};
use domain::{lang::Lang, view::signature::SigningTerms};

use super::CertificateInfo;

/// What is in the way of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    Early,
    Expired,
    /// Its key is meant for something else, such as encryption.
    NotForSigning,
    /// The operator takes other algorithms.
    Algorithm,
    /// It names no person by СНИЛС.
    Nameless,
    OtherPerson,
    OtherOrganisation,
}

impl Unfit {
    pub fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::Early => lang.pick("срок ещё не начался", "it is not valid yet"),
            Self::Expired => lang.pick("срок истёк", "it has expired"),
            Self::NotForSigning => {
                lang.pick("он не для подписи документов", "it is not for signing documents")
            }
            Self::Algorithm => lang
                .pick("такие алгоритмы здесь не принимают", "its algorithm is not accepted here"),
            Self::Nameless => lang.pick("в нём нет СНИЛС человека", "it names no person by SNILS"),
            Self::OtherPerson => {
                lang.pick("он выдан другому человеку", "it was issued to another person")
            }
            Self::OtherOrganisation => lang
                .pick("он выдан не на эту организацию", "it was not issued to this organisation"),
        }
    }
}

/// The first thing that is in the way of a certificate.
pub fn unfit(
    certificate: &CertificateInfo,
    terms: &SigningTerms,
    now: DateTime<Utc>,
) -> Option<Unfit> {
    let other_person = || terms.snils.is_some() && certificate.snils != terms.snils;
    let other_organisation =
        || terms.inn.as_ref().is_some_and(|inn| !certificate.inns.contains(inn));
    let checks: [(Unfit, &dyn Fn() -> bool); 7] = [
        (Unfit::Early, &|| now < certificate.valid_from),
        (Unfit::Expired, &|| now > certificate.valid_to),
        (Unfit::NotForSigning, &|| !certificate.signs),
        (Unfit::Algorithm, &|| !is_taken(&certificate.algorithm, &terms.algorithms)),
        (Unfit::Nameless, &|| certificate.snils.is_none()),
        (Unfit::OtherPerson, &other_person),
        (Unfit::OtherOrganisation, &other_organisation),
    ];
    checks.into_iter().find_map(|(unfit, is_so)| is_so().then_some(unfit))
}

/// Puts the fit ones first; otherwise they stay as they came.
pub fn sort(certificates: &mut [CertificateInfo], terms: &SigningTerms, now: DateTime<Utc>) {
    certificates.sort_by_key(|certificate| unfit(certificate, terms, now).is_some());
}

/// Whether some algorithm that a key of this kind signs with is among those taken. A kind that is
/// not known here is for the server to judge.
fn is_taken(kind: &str, taken: &[String]) -> bool {
    const FAMILIES: [(&str, &str); 4] = [
        ("ГОСТ Р 34.10-2012 256", "gost-r-34.10-2012 streebog-256"),
        ("ГОСТ Р 34.10-2012 512", "gost-r-34.10-2012 streebog-512"),
        ("ECDSA", "ecdsa "),
        ("RSA", "rsa-"),
    ];
    let family = FAMILIES.iter().find(|(name, _)| kind.starts_with(name));
    taken.is_empty()
        || family.is_none_or(|(_, family)| taken.iter().any(|name| name.starts_with(family)))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn certificate(id: &str) -> CertificateInfo {
        CertificateInfo {
            id: id.to_owned(),
            subject: String::new(),
            issuer: String::new(),
            valid_from: DateTime::UNIX_EPOCH,
            valid_to: DateTime::UNIX_EPOCH + TimeDelta::days(365),
            algorithm: "ГОСТ Р 34.10-2012 256".to_owned(),
            snils: Some("11223344595".to_owned()),
            inns: vec!["7707083893".to_owned()],
            signs: true,
        }
    }

    fn now() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(30)
    }

    fn terms() -> SigningTerms {
        SigningTerms {
            snils: Some("11223344595".to_owned()),
            inn: Some("7707083893".to_owned()),
            ..SigningTerms::default()
        }
    }

    #[test]
    fn each_obstacle_is_named() {
        let own = certificate("own");
        assert_eq!(unfit(&own, &terms(), now()), None);
        assert_eq!(unfit(&own, &terms(), now() - TimeDelta::days(31)), Some(Unfit::Early));
        assert_eq!(unfit(&own, &terms(), now() + TimeDelta::days(365)), Some(Unfit::Expired));
        let cases = [
            (CertificateInfo { signs: false, ..own.clone() }, Unfit::NotForSigning),
            (CertificateInfo { snils: None, ..own.clone() }, Unfit::Nameless),
            (CertificateInfo { snils: Some("0".into()), ..own.clone() }, Unfit::OtherPerson),
            (CertificateInfo { inns: Vec::new(), ..own.clone() }, Unfit::OtherOrganisation),
        ];
        for (certificate, expected) in cases {
            assert_eq!(unfit(&certificate, &terms(), now()), Some(expected));
        }
        let gost512 = vec!["gost-r-34.10-2012 streebog-512".to_owned()];
        let strict = SigningTerms { algorithms: gost512, ..terms() };
        assert_eq!(unfit(&own, &strict, now()), Some(Unfit::Algorithm));
        // Before sign-in nobody in particular is expected.
        let anybody = CertificateInfo { snils: Some("0".into()), inns: Vec::new(), ..own };
        assert_eq!(unfit(&anybody, &SigningTerms::default(), now()), None);
    }

    #[test]
    fn fit_certificates_come_first_otherwise_as_they_came() {
        let expired = CertificateInfo { valid_to: DateTime::UNIX_EPOCH, ..certificate("expired") };
        let foreign = CertificateInfo { inns: Vec::new(), ..certificate("foreign") };
        let mut found = vec![expired, certificate("first"), foreign, certificate("second")];
        sort(&mut found, &terms(), now());
        let ids: Vec<&str> = found.iter().map(|certificate| certificate.id.as_str()).collect();
        assert_eq!(ids, ["first", "second", "expired", "foreign"]);
    }
}
