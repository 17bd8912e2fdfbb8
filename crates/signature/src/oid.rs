//! Object identifiers, by the names of the documents that define them.

use crate::asn1::Oid;

macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = $value:literal;)+) => {
        $($(#[$doc])* pub const $name: Oid = Oid::new_unwrap($value);)+
    };
}

oids! {
    // RFC 5652, 2985: content types and attributes.
    ID_DATA = "1.2.840.113549.1.7.1";
    ID_SIGNED_DATA = "1.2.840.113549.1.7.2";
    ID_ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
    ID_CONTENT_TYPE = "1.2.840.113549.1.9.3";
    ID_MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    ID_SIGNING_TIME = "1.2.840.113549.1.9.5";
    ID_COUNTER_SIGNATURE = "1.2.840.113549.1.9.6";

    // RFC 5035, 5126, 3161: CAdES and time-stamps.
    ID_CT_TST_INFO = "1.2.840.113549.1.9.16.1.4";
    ID_AA_SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
    ID_AA_SIGNATURE_TIME_STAMP = "1.2.840.113549.1.9.16.2.14";
    ID_AA_ETS_CERTIFICATE_REFS = "1.2.840.113549.1.9.16.2.21";
    ID_AA_ETS_REVOCATION_REFS = "1.2.840.113549.1.9.16.2.22";
    ID_AA_ETS_CERT_VALUES = "1.2.840.113549.1.9.16.2.23";
    ID_AA_ETS_REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24";
    ID_AA_ETS_ESC_TIME_STAMP = "1.2.840.113549.1.9.16.2.25";
    ID_AA_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";

    // ETSI EN 319 122-1: archive time-stamps.
    ID_AA_ETS_ARCHIVE_TIMESTAMP_V3 = "0.4.0.1733.2.4";
    ID_AA_ATS_HASH_INDEX_V3 = "0.4.0.19122.1.5";

    // RFC 5940: an OCSP response among the revocation information of SignedData.
    ID_RI_OCSP_RESPONSE = "1.3.6.1.5.5.7.16.2";

    // Digests.
    ID_MD5 = "1.2.840.113549.2.5";
    ID_SHA1 = "1.3.14.3.2.26";
    ID_SHA224 = "2.16.840.1.101.3.4.2.4";
    ID_SHA256 = "2.16.840.1.101.3.4.2.1";
    ID_SHA384 = "2.16.840.1.101.3.4.2.2";
    ID_SHA512 = "2.16.840.1.101.3.4.2.3";
    ID_GOST94 = "1.2.643.2.2.9";
    ID_STREEBOG_256 = "1.2.643.7.1.1.2.2";
    ID_STREEBOG_512 = "1.2.643.7.1.1.2.3";

    // Keys and signatures.
    ID_RSA = "1.2.840.113549.1.1.1";
    ID_RSA_MGF1 = "1.2.840.113549.1.1.8";
    ID_RSA_PSS = "1.2.840.113549.1.1.10";
    ID_RSA_SHA1 = "1.2.840.113549.1.1.5";
    ID_RSA_SHA224 = "1.2.840.113549.1.1.14";
    ID_RSA_SHA256 = "1.2.840.113549.1.1.11";
    ID_RSA_SHA384 = "1.2.840.113549.1.1.12";
    ID_RSA_SHA512 = "1.2.840.113549.1.1.13";
    ID_EC = "1.2.840.10045.2.1";
    ID_P256 = "1.2.840.10045.3.1.7";
    ID_P384 = "1.3.132.0.34";
    ID_ECDSA_SHA1 = "1.2.840.10045.4.1";
    ID_ECDSA_SHA224 = "1.2.840.10045.4.3.1";
    ID_ECDSA_SHA256 = "1.2.840.10045.4.3.2";
    ID_ECDSA_SHA384 = "1.2.840.10045.4.3.3";
    ID_ECDSA_SHA512 = "1.2.840.10045.4.3.4";
    ID_GOST3410_256 = "1.2.643.7.1.1.1.1";
    ID_GOST3410_512 = "1.2.643.7.1.1.1.2";
    ID_AGREEMENT_GOST3410_256 = "1.2.643.7.1.1.6.1";
    ID_AGREEMENT_GOST3410_512 = "1.2.643.7.1.1.6.2";
    ID_GOST3410_STREEBOG_256 = "1.2.643.7.1.1.3.2";
    ID_GOST3410_STREEBOG_512 = "1.2.643.7.1.1.3.3";

    // RFC 5280: extensions.
    ID_CE_SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    ID_CE_KEY_USAGE = "2.5.29.15";
    ID_CE_SUBJECT_ALT_NAME = "2.5.29.17";
    ID_CE_ISSUER_ALT_NAME = "2.5.29.18";
    ID_CE_BASIC_CONSTRAINTS = "2.5.29.19";
    ID_CE_CRL_NUMBER = "2.5.29.20";
    ID_CE_CRL_REASON = "2.5.29.21";
    ID_CE_INVALIDITY_DATE = "2.5.29.24";
    ID_CE_DELTA_CRL_INDICATOR = "2.5.29.27";
    ID_CE_ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    ID_CE_CERTIFICATE_ISSUER = "2.5.29.29";
    ID_CE_NAME_CONSTRAINTS = "2.5.29.30";
    ID_CE_CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    ID_CE_CERTIFICATE_POLICIES = "2.5.29.32";
    ANY_POLICY = "2.5.29.32.0";
    ID_CE_POLICY_MAPPINGS = "2.5.29.33";
    ID_CE_AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    ID_CE_POLICY_CONSTRAINTS = "2.5.29.36";
    ID_CE_EXT_KEY_USAGE = "2.5.29.37";
    ID_CE_FRESHEST_CRL = "2.5.29.46";
    ID_CE_INHIBIT_ANY_POLICY = "2.5.29.54";
    ID_PE_AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
    ID_AD_OCSP = "1.3.6.1.5.5.7.48.1";
    ID_AD_CA_ISSUERS = "1.3.6.1.5.5.7.48.2";
    ID_KP_CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    ID_KP_EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
    ID_KP_TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    ID_KP_OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";

    // RFC 6960.
    ID_PKIX_OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1";
    ID_PKIX_OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2";
    ID_PKIX_OCSP_NOCHECK = "1.3.6.1.5.5.7.48.1.5";

    // Attributes of names.
    ID_AT_COMMON_NAME = "2.5.4.3";
    ID_AT_SURNAME = "2.5.4.4";
    ID_AT_COUNTRY = "2.5.4.6";
    ID_AT_LOCALITY = "2.5.4.7";
    ID_AT_STATE = "2.5.4.8";
    ID_AT_STREET = "2.5.4.9";
    ID_AT_ORGANIZATION = "2.5.4.10";
    ID_AT_ORGANIZATIONAL_UNIT = "2.5.4.11";
    ID_AT_TITLE = "2.5.4.12";
    ID_AT_GIVEN_NAME = "2.5.4.42";
    ID_EMAIL_ADDRESS = "1.2.840.113549.1.9.1";
    ID_DOMAIN_COMPONENT = "0.9.2342.19200300.100.1.25";

    // Order of the FSB of Russia № 795: qualified certificates.
    /// ОГРН.
    ID_OGRN = "1.2.643.100.1";
    /// СНИЛС.
    ID_SNILS = "1.2.643.100.3";
    /// ИНН of a legal entity (ИНН ЮЛ).
    ID_INN_LE = "1.2.643.100.4";
    /// ОГРНИП.
    ID_OGRNIP = "1.2.643.100.5";
    /// ИНН of a person; in old certificates also of a legal entity, with two zeros before it.
    ID_INN = "1.2.643.3.131.1.1";
    /// The signature tool of the subject.
    ID_SUBJECT_SIGN_TOOL = "1.2.643.100.111";
    /// The tools of the issuing authority.
    ID_ISSUER_SIGN_TOOL = "1.2.643.100.112";
    /// How the owner was identified.
    ID_IDENTIFICATION_KIND = "1.2.643.100.114";

    // PKCS #12 and #5, RFC 7292, 8018, 9548, 9579.
    ID_KEY_BAG = "1.2.840.113549.1.12.10.1.1";
    ID_SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2";
    ID_CERT_BAG = "1.2.840.113549.1.12.10.1.3";
    ID_SAFE_CONTENTS_BAG = "1.2.840.113549.1.12.10.1.6";
    ID_X509_CERTIFICATE = "1.2.840.113549.1.9.22.1";
    ID_FRIENDLY_NAME = "1.2.840.113549.1.9.20";
    ID_PBE_SHA_3DES = "1.2.840.113549.1.12.1.3";
    ID_PBE_SHA_2DES = "1.2.840.113549.1.12.1.4";
    ID_PBE_SHA_RC2_128 = "1.2.840.113549.1.12.1.5";
    ID_PBE_SHA_RC2_40 = "1.2.840.113549.1.12.1.6";
    /// Of CryptoPro CSP, among those of PKCS #12.
    ID_PBE_CRYPTOPRO = "1.2.840.113549.1.12.1.80";
    ID_PBES2 = "1.2.840.113549.1.5.13";
    ID_PBKDF2 = "1.2.840.113549.1.5.12";
    ID_PBMAC1 = "1.2.840.113549.1.5.14";
    ID_HMAC_SHA1 = "1.2.840.113549.2.7";
    ID_HMAC_SHA224 = "1.2.840.113549.2.8";
    ID_HMAC_SHA256 = "1.2.840.113549.2.9";
    ID_HMAC_SHA384 = "1.2.840.113549.2.10";
    ID_HMAC_SHA512 = "1.2.840.113549.2.11";
    ID_HMAC_STREEBOG_256 = "1.2.643.7.1.1.4.1";
    ID_HMAC_STREEBOG_512 = "1.2.643.7.1.1.4.2";
    ID_AES128_CBC = "2.16.840.1.101.3.4.1.2";
    ID_AES192_CBC = "2.16.840.1.101.3.4.1.22";
    ID_AES256_CBC = "2.16.840.1.101.3.4.1.42";
    ID_DES_EDE3_CBC = "1.2.840.113549.3.7";
    ID_MAGMA_CTR_ACPKM = "1.2.643.7.1.1.5.1.1";
    ID_KUZNYECHIK_CTR_ACPKM = "1.2.643.7.1.1.5.2.1";
    ID_MAGMA_CTR_ACPKM_OMAC = "1.2.643.7.1.1.5.1.2";
    ID_KUZNYECHIK_CTR_ACPKM_OMAC = "1.2.643.7.1.1.5.2.2";
    ID_GOST28147 = "1.2.643.2.2.21";
    ID_GOST28147_PARAM_Z = "1.2.643.7.1.2.5.1.1";
    ID_GOST28147_CRYPTOPRO_A = "1.2.643.2.2.31.1";
    ID_GOST28147_CRYPTOPRO_B = "1.2.643.2.2.31.2";
    ID_GOST28147_CRYPTOPRO_C = "1.2.643.2.2.31.3";
    ID_GOST28147_CRYPTOPRO_D = "1.2.643.2.2.31.4";
}

/// Short names of attributes in distinguished names, as Russian authorities print them.
pub fn attribute_name(oid: Oid) -> Option<&'static str> {
    Some(match oid {
        ID_AT_COMMON_NAME => "CN",
        ID_AT_SURNAME => "SN",
        ID_AT_COUNTRY => "C",
        ID_AT_LOCALITY => "L",
        ID_AT_STATE => "ST",
        ID_AT_STREET => "STREET",
        ID_AT_ORGANIZATION => "O",
        ID_AT_ORGANIZATIONAL_UNIT => "OU",
        ID_AT_TITLE => "T",
        ID_AT_GIVEN_NAME => "G",
        ID_EMAIL_ADDRESS => "E",
        ID_DOMAIN_COMPONENT => "DC",
        ID_OGRN => "ОГРН",
        ID_SNILS => "СНИЛС",
        ID_INN_LE => "ИНН ЮЛ",
        ID_OGRNIP => "ОГРНИП",
        ID_INN => "ИНН",
        _ => return None,
    })
}
