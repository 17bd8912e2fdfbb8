//! Key containers: written, opened, and refused.

use signature::container::{
    ContainerError, KeyContainer, Protection, decrypt_pkcs8, encrypt_pkcs8,
};
use signature::key::PrivateKey;
use signature::pem;

use crate::pki::*;

const PASSWORD: &str = "Пароль 1";

#[test]
fn what_is_put_in_comes_out() {
    for (kind, protection) in [(Kind::Gost512, Protection::Gost), (Kind::P256, Protection::Aes)] {
        let world = World::new(kind);
        let chain = vec![world.person.certificate.clone(), world.middle.certificate.clone()];
        let container = KeyContainer::new(world.person.key.clone(), chain);
        let pfx = container.to_pfx(PASSWORD, protection, &mut rng()).unwrap();
        let opened = KeyContainer::from_pfx(&pfx, PASSWORD).unwrap();
        let (key, certificate, others) = opened.identity().unwrap();
        assert!(key.public_key().is_same(&world.person.key.public_key()));
        assert_eq!(certificate, &world.person.certificate);
        assert_eq!(others, std::slice::from_ref(&world.middle.certificate));
        let refused = KeyContainer::from_pfx(&pfx, "Пароль 2").map(drop);
        assert_eq!(refused, Err(ContainerError::WrongPassword));
        let cut = KeyContainer::from_pfx(&pfx[..pfx.len() - 9], PASSWORD).map(drop);
        assert_eq!(cut, Err(ContainerError::NotAContainer));
        let not = KeyContainer::from_pfx(world.person.certificate.as_der(), PASSWORD).map(drop);
        assert_eq!(not, Err(ContainerError::NotAContainer));
    }
}

#[test]
fn encrypted_keys() {
    for protection in [Protection::Gost, Protection::Aes] {
        let key = key(Kind::Gost256, 9);
        let der = encrypt_pkcs8(&key, PASSWORD, protection, &mut rng()).unwrap();
        let again = decrypt_pkcs8(&der, PASSWORD).unwrap();
        assert!(again.public_key().is_same(&key.public_key()));
        let refused = decrypt_pkcs8(&der, "other").map(drop);
        assert_eq!(refused, Err(ContainerError::WrongPassword));
    }
}

/// Keys and encrypted keys of other programs.
#[test]
fn keys_made_by_others() {
    let Some(root) = crate::shared::signatures() else { return };
    for file in [
        "gnutls/key-gost12-256.p8",
        "gnutls/key-gost12-256-2.p8",
        "gnutls/key-gost12-512.p8",
        "xmlsec/gost-2012-256-key.pem",
        "xmlsec/gost-2012-512-key.der",
        "tc26-cms/sender256_key.pem",
        "tc26-cms/sender512_key.pem",
    ] {
        let bytes = std::fs::read(root.join(file)).unwrap();
        let der = pem::blocks_or_der(&bytes).unwrap();
        let key = PrivateKey::from_pkcs8_der(&der[0]);
        assert!(key.is_ok(), "{file}: {key:?}");
    }
    let read = |file: &str| {
        pem::blocks_or_der(&std::fs::read(root.join(file)).unwrap()).unwrap().remove(0)
    };
    // Passwords of the tests of these projects.
    for (encrypted, password, plain) in [
        ("gnutls/key-gost12-256-2-enc.p8", "Пароль для PFX", "gnutls/key-gost12-256-2.p8"),
        ("xmlsec/gost-2012-256-key.p8-pem", "secret123", "xmlsec/gost-2012-256-key.pem"),
        ("xmlsec/gost-2012-512-key.p8-der", "secret123", "xmlsec/gost-2012-512-key.der"),
    ] {
        let key = decrypt_pkcs8(&read(encrypted), password).unwrap();
        let plain = PrivateKey::from_pkcs8_der(&read(plain)).unwrap();
        assert!(key.public_key().is_same(&plain.public_key()), "{encrypted}");
        let refused = decrypt_pkcs8(&read(encrypted), "other").map(drop);
        assert_eq!(refused, Err(ContainerError::WrongPassword));
    }
}
