//! Keys of CryptoPro CSP. The containers and exported keys here are made after public descriptions
//! of their form; none comes from the program itself.

use std::fs;
use std::io::Write;
use std::path::Path;

use digest::Digest;
use magma::cipher::{Array, BlockCipherEncrypt, KeyInit};
use signature::asn1::{Oid, write};
use signature::certificate::Certificate;
use signature::container::{ContainerError, CryptoProFiles, KeyContainer, decrypt_pkcs8};
use signature::key::PrivateKey;
use signature::oid;

use crate::pki::*;

const PASSWORD: &str = "qwerty12";

/// The files of a container.
struct Container {
    header: Vec<u8>,
    masks: [Vec<u8>; 2],
    primary: [Vec<u8>; 2],
    name: Vec<u8>,
}

impl Container {
    fn new(key: &PrivateKey, certificate: Option<&Certificate>, password: &str) -> Self {
        let key = gost(key);
        let parts = [1, 2].map(|number| {
            let mask: Vec<u8> =
                (0..key.size().bytes()).map(|n| (n as u8).wrapping_mul(number) | 1).collect();
            let mut mask = mask;
            *mask.last_mut().unwrap() &= 0x1f;
            let salt = [number; 12];
            let both = [&key.to_bytes()[..], &mask].concat();
            let product = gost3410::SigningKey::from_masked(key.curve(), &both).unwrap();
            let storage = storage_key(password, &salt);
            let sealed = encrypted::<magma::Magma>(&storage, &product.to_bytes());
            let masks = write::sequence(&[
                &write::octets(&mask),
                &write::octets(&salt),
                &write::octets(&[0; 4]),
            ]);
            (masks, write::sequence(&[&write::octets(&sealed)]))
        });
        let [(masks, primary), (masks2, primary2)] = parts;
        let certificate = certificate.map(|c| write::element(0x85, c.as_der()));
        let content = write::sequence(&[
            &write::element(0x03, &[5, 0x20]),
            &parameters(&key, agreement(&key)),
            &write::element(0x82, &[0; 4]),
            &certificate.unwrap_or_default(),
            &write::element(0x8a, &key.as_ref().as_bytes()[..8]),
        ]);
        Self {
            header: write::sequence(&[&content, &write::octets(&[0; 4])]),
            masks: [masks, masks2],
            primary: [primary, primary2],
            name: write::sequence(&[&write::element(0x16, b"testova")]),
        }
    }

    fn open(&self, password: &str) -> Result<KeyContainer, ContainerError> {
        let parts: Vec<_> =
            self.masks.iter().zip(&self.primary).map(|(m, p)| (&m[..], &p[..])).collect();
        let files = CryptoProFiles { header: &self.header, parts: &parts, name: Some(&self.name) };
        KeyContainer::from_cryptopro(&files, password)
    }

    fn files(&self) -> [(&'static str, &[u8]); 6] {
        [
            ("header.key", &self.header),
            ("masks.key", &self.masks[0]),
            ("primary.key", &self.primary[0]),
            ("masks2.key", &self.masks[1]),
            ("primary2.key", &self.primary[1]),
            ("name.key", &self.name),
        ]
    }

    fn write(&self, folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        for (name, content) in self.files() {
            fs::write(folder.join(name), content).unwrap();
        }
    }
}

fn gost(key: &PrivateKey) -> gost3410::SigningKey {
    match key {
        PrivateKey::Gost3410(key) => key.clone(),
        other => panic!("{other:?}"),
    }
}

fn agreement(key: &gost3410::SigningKey) -> Oid {
    match key.size() {
        gost3410::KeySize::Bits256 => oid::ID_AGREEMENT_GOST3410_256,
        gost3410::KeySize::Bits512 => oid::ID_AGREEMENT_GOST3410_512,
    }
}

/// GostPrivateKeyParameters.
fn parameters(key: &gost3410::SigningKey, algorithm: Oid) -> Vec<u8> {
    let sets =
        write::sequence(&[&write::oid(key.curve().oid()), &write::oid(oid::ID_STREEBOG_256)]);
    let algorithm = write::explicit(0, &[&write::oid(algorithm), &sets]);
    write::sequence(&[&write::element(0x03, &[7, 0x80]), &algorithm])
}

fn streebog(parts: &[&[u8]]) -> [u8; 32] {
    let hash = parts.iter().fold(streebog::Streebog256::new(), |h, part| h.chain_update(part));
    hash.finalize().into()
}

/// The key of a container from its password, as the descriptions have it.
fn storage_key(password: &str, salt: &[u8]) -> [u8; 32] {
    let pin: Vec<u8> = password.bytes().flat_map(|octet| [octet, 0, 0, 0]).collect();
    let base = streebog(&[salt, &pin]);
    let mut current = *b"DENEFH028.760246785.IUEFHWUIO.EF";
    let material = |current: [u8; 32], pad: u8| {
        let mut block = [pad; 64];
        block.iter_mut().zip(current).for_each(|(out, octet)| *out ^= octet);
        block
    };
    for _ in 0..if pin.is_empty() { 2 } else { 2000 } {
        let (m36, m5c) = (material(current, 0x36), material(current, 0x5c));
        current = streebog(&[&m36, &base, &m5c, &base]);
    }
    let (m36, m5c) = (material(current, 0x36), material(current, 0x5c));
    streebog(&[&streebog(&[&m36[..32], salt, &m5c[..32], &pin])])
}

/// GOST 28147-89 with the words of 1989.
fn cipher<C: KeyInit + BlockCipherEncrypt>(key: &[u8; 32]) -> impl Fn(&[u8]) -> Vec<u8> {
    let mut words = *key;
    words.chunks_mut(4).for_each(<[u8]>::reverse);
    let cipher = C::new_from_slice(&words).unwrap();
    move |block| {
        let turned: Vec<u8> = block.iter().rev().copied().collect();
        let mut array = Array::try_from(&turned[..]).unwrap();
        cipher.encrypt_block(&mut array);
        array.iter().rev().copied().collect()
    }
}

fn encrypted<C: KeyInit + BlockCipherEncrypt>(key: &[u8; 32], data: &[u8]) -> Vec<u8> {
    let encrypt = cipher::<C>(key);
    data.chunks(8).flat_map(encrypt).collect()
}

#[test]
fn a_container_gives_its_key() {
    for kind in [Kind::Gost256, Kind::Gost512] {
        let world = World::new(kind);
        let (key, own) = (&world.person.key, &world.person.certificate);
        for password in [PASSWORD, ""] {
            let opened = Container::new(key, Some(own), password).open(password).unwrap();
            let (found, certificate, _) = opened.identity().unwrap();
            assert_eq!(found.to_pkcs8_der().unwrap(), key.to_pkcs8_der().unwrap());
            assert_eq!(certificate, own);
            assert_eq!(opened.keys[0].name.as_deref(), Some("testova"));
        }
        let bare = Container::new(key, None, PASSWORD).open(PASSWORD).unwrap();
        assert_eq!((bare.keys.len(), bare.certificates.len()), (1, 0));
    }
}

#[test]
fn every_part_of_a_container_counts() {
    let key = key(Kind::Gost256, 9);
    let container = || Container::new(&key, None, PASSWORD);
    let refused = |container: &Container, password| container.open(password).map(drop);
    assert_eq!(refused(&container(), "other"), Err(ContainerError::WrongPassword));
    assert_eq!(refused(&container(), ""), Err(ContainerError::WrongPassword));
    // The second pair helps when the first is damaged.
    let mut damaged = container();
    damaged.masks[0][8] ^= 1;
    assert_eq!(refused(&damaged, PASSWORD), Ok(()));
    damaged.primary[1][8] ^= 1;
    assert_eq!(refused(&damaged, PASSWORD), Err(ContainerError::WrongPassword));
    let mut cut = container();
    cut.masks = [vec![0x30, 0], vec![]];
    assert_eq!(refused(&cut, PASSWORD), Err(ContainerError::Malformed));
    let mut other = container();
    let last = other.header.len() - 7;
    other.header[last] ^= 1;
    assert_eq!(refused(&other, PASSWORD), Err(ContainerError::WrongPassword));
    let mut none = container();
    none.header = write::sequence(&[&write::sequence(&[])]);
    assert_eq!(refused(&none, PASSWORD), Err(ContainerError::NotAContainer));
    let old: Oid = Oid::new_unwrap("1.2.643.2.2.98");
    let mut of_2001 = container();
    let content = write::sequence(&[
        &parameters(&gost(&key), old),
        &write::element(0x8a, &gost(&key).as_ref().as_bytes()[..8]),
    ]);
    of_2001.header = write::sequence(&[&content]);
    assert_eq!(refused(&of_2001, PASSWORD), Err(ContainerError::Unsupported(old)));
}

/// One changed bit, and every cut: nothing panics, and no other key comes out.
#[test]
fn no_change_upsets_the_reader_or_gives_another_key() {
    let world = World::new(Kind::Gost256);
    let (key, own) = (&world.person.key, &world.person.certificate);
    let public = key.public_key();
    let container = || Container::new(key, Some(own), "");
    let judge = |container: &Container| {
        if let Ok(opened) = container.open("") {
            assert!(opened.keys[0].key.public_key().is_same(&public));
        }
    };
    let change = |change: &dyn Fn(&mut Vec<u8>)| {
        let parts: [fn(&mut Container) -> &mut Vec<u8>; 3] =
            [|c| &mut c.header, |c| &mut c.masks[0], |c| &mut c.primary[0]];
        for part in parts {
            let mut changed = container();
            change(part(&mut changed));
            judge(&changed);
            // Alone, without the second pair to help.
            changed.masks[1].clear();
            judge(&changed);
        }
    };
    for place in 0..120 {
        change(&|file| {
            if let Some(octet) = file.get_mut(place) {
                *octet ^= 1 << (place % 8);
            }
        });
        change(&|file| file.truncate(place));
    }
    let exported = exported(key, "", 2, false);
    for place in 0..exported.len() {
        for bit in 0..8 {
            let mut changed = exported.clone();
            changed[place] ^= 1 << bit;
            // Nothing but the MAC of a PFX protects the name of the curve.
            drop(decrypt_pkcs8(&changed, ""));
        }
        assert!(decrypt_pkcs8(&exported[..place], "").is_err());
    }
}

/// The MAC of GOST 28147-89 (RFC 5830 §8), written from its description once more.
fn mac(key: &[u8; 32], iv: [u8; 8], data: &[u8]) -> Vec<u8> {
    let boxes: [[u8; 16]; 8] = <magma::Gost89CryptoProA as Boxes>::TABLE;
    let word = |octets: &[u8]| u32::from_le_bytes(octets.try_into().unwrap());
    let (mut low, mut high) = (word(&iv[..4]), word(&iv[4..]));
    for block in data.chunks(8) {
        low ^= word(&block[..4]);
        high ^= word(&block[4..]);
        for round in 0..16 {
            let sum = low.wrapping_add(word(&key[round % 8 * 4..][..4]));
            let mut mixed = 0;
            for (place, table) in boxes.iter().enumerate() {
                mixed |= u32::from(table[(sum >> (4 * place)) as usize % 16]) << (4 * place);
            }
            (low, high) = (high ^ mixed.rotate_left(11), low);
        }
    }
    low.to_le_bytes().to_vec()
}

trait Boxes {
    const TABLE: [[u8; 16]; 8];
}

impl<S: magma::Sbox> Boxes for magma::Gost89<S> {
    const TABLE: [[u8; 16]; 8] = S::SBOX;
}

/// EncryptedPrivateKeyInfo as CryptoPro CSP puts it into a PFX.
fn exported(key: &PrivateKey, password: &str, rounds: u16, spoil: bool) -> Vec<u8> {
    let key = gost(key);
    let salt = [3; 16];
    let mut state: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for round in 1..=rounds {
        let hash = gost94::Gost94CryptoPro::new().chain_update(&state).chain_update(salt);
        state = hash.chain_update(round.to_be_bytes()).finalize().to_vec();
    }
    let transport: [u8; 32] = state.try_into().unwrap();
    let ukm = [5; 8];
    let kek = gost3410::kdf(&transport, &[0x26, 0xbd, 0xb8, 0x78], &ukm);
    let sealed = encrypted::<magma::Gost89CryptoProA>(&kek, &key.to_bytes());
    let mut check = mac(&kek, ukm, &key.to_bytes());
    check[0] ^= u8::from(spoil);
    let own = match key.size() {
        gost3410::KeySize::Bits256 => oid::ID_GOST3410_256,
        gost3410::KeySize::Bits512 => oid::ID_GOST3410_512,
    };
    let value = write::sequence(&[
        &write::octets(&ukm),
        &write::sequence(&[&write::octets(&sealed), &write::octets(&check)]),
        &write::retag(0xa0, &parameters(&key, own)),
    ]);
    let blob = [&[7; 16][..], &write::sequence(&[&value, &write::octets(&[0; 4])])].concat();
    let mut info =
        write::sequence(&[&write::number(0), &write::algorithm(own, &[]), &write::octets(&blob)]);
    // CFB.
    let encrypt = cipher::<magma::Gost89CryptoProA>(&transport);
    let mut register = salt[..8].to_vec();
    for block in info.chunks_mut(8) {
        let gamma = encrypt(&register);
        block.iter_mut().zip(gamma).for_each(|(octet, gamma)| *octet ^= gamma);
        register = block.to_vec();
    }
    let parameters = write::sequence(&[&write::octets(&salt), &write::number(rounds.into())]);
    write::sequence(&[&write::algorithm(oid::ID_PBE_CRYPTOPRO, &parameters), &write::octets(&info)])
}

#[test]
fn an_exported_key_is_read() {
    for kind in [Kind::Gost256, Kind::Gost512] {
        let key = key(kind, 9);
        let opened = decrypt_pkcs8(&exported(&key, "Пароль", 2000, false), "Пароль").unwrap();
        assert_eq!(opened.to_pkcs8_der().unwrap(), key.to_pkcs8_der().unwrap());
        let refused = |der: &[u8], password| decrypt_pkcs8(der, password).map(drop);
        let der = exported(&key, "Пароль", 3, false);
        assert_eq!(refused(&der, "пароль"), Err(ContainerError::WrongPassword));
        let spoilt = exported(&key, "Пароль", 3, true);
        assert_eq!(refused(&spoilt, "Пароль"), Err(ContainerError::Malformed));
    }
    let parameters = write::sequence(&[&write::octets(&[3; 16]), &write::number(70_000)]);
    let long = write::sequence(&[
        &write::algorithm(oid::ID_PBE_CRYPTOPRO, &parameters),
        &write::octets(&[0; 8]),
    ]);
    assert_eq!(decrypt_pkcs8(&long, "").map(drop), Err(ContainerError::TooMuchWork));
}

/// The program takes a folder and archives of it.
#[test]
fn the_program_signs_with_a_container() {
    let world = World::new(Kind::Gost256);
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let container = Container::new(&world.person.key, Some(&world.person.certificate), PASSWORD);
    container.write(&at("testova.000"));
    let mut zip = zip::ZipWriter::new(fs::File::create(at("testova.zip")).unwrap());
    let mut tar = tar::Builder::new(fs::File::create(at("testova.tar")).unwrap());
    for (name, content) in container.files() {
        let path = format!("testova.000/{}", name.to_uppercase());
        zip.start_file(&path, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o600);
        header.set_cksum();
        tar.append_data(&mut header, &path, content).unwrap();
    }
    zip.finish().unwrap();
    tar.finish().unwrap();
    drop(tar);
    fs::write(at("document"), CONTENT).unwrap();
    fs::write(at("password"), PASSWORD).unwrap();
    fs::write(at("wrong"), "wrong").unwrap();
    fs::write(at("root.cer"), world.root.certificate.as_der()).unwrap();
    fs::write(at("middle.cer"), world.middle.certificate.as_der()).unwrap();
    let run = |line: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cabinet-sign"));
        command.args(line.split_whitespace()).current_dir(folder.path());
        command.output().unwrap().status.code().unwrap()
    };
    for key in ["testova.000", "testova.zip", "testova.tar"] {
        let sign = format!("sign --key {key} --detached --out signed document");
        assert_eq!(run(&format!("{sign} --password-file password")), 0, "{key}");
        let verify = "verify --signature signed --content document --trust root.cer \
                      --intermediates middle.cer --at 2026-11-20T12:00:00Z";
        assert_eq!(run(verify), 0, "{key}");
        assert_eq!(run(&format!("{sign} --password-file wrong")), 2, "{key}");
        assert_eq!(run(&sign), 2, "{key}");
    }
    fs::remove_file(at("testova.000/header.key")).unwrap();
    assert_eq!(run("sign --key testova.000 --password-file password document"), 2);
}
