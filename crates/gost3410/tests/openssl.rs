//! Both directions against OpenSSL with Debian's gost engine: keys, signatures, key agreement.

#[cfg(test)]
mod engine {
    use std::{
        fs,
        path::{Path, PathBuf},
        process::Command,
    };

    use gost3410::{Curve, KeySize, Signature, SigningKey, VerifyingKey};
    use pkcs8::{
        DecodePrivateKey, EncodePrivateKey,
        spki::{DecodePublicKey, EncodePublicKey},
    };
    use signature::{Keypair, SignatureEncoding, Signer, Verifier};

    /// The curves that the engine makes keys on, by its names for them.
    const CURVES: [(Curve, &str); 13] = [
        (Curve::Test256, "0"),
        (Curve::CryptoProA, "A"),
        (Curve::CryptoProB, "B"),
        (Curve::CryptoProC, "C"),
        (Curve::CryptoProXchA, "XA"),
        (Curve::CryptoProXchB, "XB"),
        (Curve::Tc26_256A, "TCA"),
        (Curve::Tc26_256B, "TCB"),
        (Curve::Tc26_256C, "TCC"),
        (Curve::Tc26_256D, "TCD"),
        (Curve::Tc26_512A, "A"),
        (Curve::Tc26_512B, "B"),
        (Curve::Tc26_512C, "C"),
    ];

    /// OpenSSL with the engine, in a folder of its own.
    struct OpenSsl {
        folder: tempfile::TempDir,
    }

    impl OpenSsl {
        fn new() -> Self {
            let library = library().expect(
                "OpenSSL's gost engine is not installed: apt-get install openssl \
                 libengine-gost-openssl (CABINET_GOST_ENGINE may name gost.so)",
            );
            let folder = tempfile::tempdir().unwrap();
            let configuration = format!(
                "openssl_conf = main\n[main]\nengines = engines\n[engines]\ngost = gost\n[gost]\n\
                 engine_id = gost\ndynamic_path = {}\ndefault_algorithms = ALL\n",
                library.display()
            );
            fs::write(folder.path().join("openssl.cnf"), configuration).unwrap();
            Self { folder }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn write(&self, name: &str, content: &[u8]) {
            fs::write(self.path(name), content).unwrap();
        }

        fn read(&self, name: &str) -> Vec<u8> {
            fs::read(self.path(name)).unwrap()
        }

        /// Runs in the folder; whether it succeeded, and what it said.
        fn run(&self, arguments: &[&str]) -> (bool, String) {
            let output = Command::new("openssl")
                .args(arguments)
                .current_dir(&self.folder)
                .env("OPENSSL_CONF", self.path("openssl.cnf"))
                .output()
                .unwrap();
            let text = [output.stdout, output.stderr].concat();
            (output.status.success(), String::from_utf8_lossy(&text).into_owned())
        }

        fn must(&self, arguments: &[&str]) {
            let (success, text) = self.run(arguments);
            assert!(success, "{arguments:?}: {text}");
        }

        /// A key made by the engine, as `name.der`.
        fn key(&self, curve: Curve, paramset: &str, name: &str) -> SigningKey {
            let algorithm =
                if curve.size() == KeySize::Bits256 { "gost2012_256" } else { "gost2012_512" };
            let (option, out) = (format!("paramset:{paramset}"), format!("{name}.der"));
            self.must(&[
                "genpkey",
                "-algorithm",
                algorithm,
                "-pkeyopt",
                &option,
                "-outform",
                "DER",
                "-out",
                &out,
            ]);
            self.must(&["pkey", "-inform", "DER", "-in", &out, "-out", &format!("{name}.pem")]);
            let key = SigningKey::from_pkcs8_der(&self.read(&out)).unwrap();
            assert_eq!(key.curve(), curve);
            key
        }
    }

    fn library() -> Option<PathBuf> {
        if let Some(path) = std::env::var_os("CABINET_GOST_ENGINE") {
            return Some(path.into());
        }
        let folders = fs::read_dir("/usr/lib").ok()?.filter_map(Result::ok);
        folders
            .map(|folder| folder.path().join("engines-3/gost.so"))
            .find(|path: &PathBuf| Path::is_file(path))
    }

    fn digest(curve: Curve) -> &'static str {
        match curve.size() {
            KeySize::Bits256 => "-md_gost12_256",
            KeySize::Bits512 => "-md_gost12_512",
        }
    }

    #[test]
    fn the_engine_and_we_verify_each_other() {
        let openssl = OpenSsl::new();
        for (curve, paramset) in CURVES {
            let key = openssl.key(curve, paramset, "key");
            openssl
                .must(&["pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "pub.der"]);
            let public = VerifyingKey::from_public_key_der(&openssl.read("pub.der")).unwrap();
            assert_eq!(public, key.verifying_key());
            openssl
                .must(&["pkey", "-pubin", "-inform", "DER", "-in", "pub.der", "-out", "pub.pem"]);
            for length in [0, 1, 63, 64, 65, 4096] {
                let content: Vec<u8> = (0..length).map(|index| (index * 31 % 251) as u8).collect();
                openssl.write("content", &content);
                openssl.must(&[
                    "dgst",
                    digest(curve),
                    "-sign",
                    "key.pem",
                    "-out",
                    "theirs",
                    "content",
                ]);
                let theirs = Signature::from_slice(&openssl.read("theirs")).unwrap();
                assert!(public.verify(&content, &theirs).is_ok(), "{curve:?} {length}");
                assert!(public.verify(b"another content", &theirs).is_err());

                let ours: Signature = key.sign(&content);
                openssl.write("ours", &ours.to_vec());
                let verify =
                    ["dgst", digest(curve), "-verify", "pub.pem", "-signature", "ours", "content"];
                openssl.must(&verify);
                openssl.write("content", b"another content");
                assert!(!openssl.run(&verify).0, "{curve:?} {length}");
            }
        }
    }

    #[test]
    fn the_engine_reads_our_keys() {
        let openssl = OpenSsl::new();
        for (curve, _) in CURVES {
            let secret: Vec<u8> =
                (0..curve.size().bytes()).map(|index| 0x3A ^ index as u8).collect();
            let key = SigningKey::from_bytes(curve, &secret).unwrap();
            openssl.write("key.der", key.to_pkcs8_der().unwrap().as_bytes());
            let ours = key.verifying_key().to_public_key_der().unwrap();
            openssl.write("ours.der", ours.as_bytes());
            // The engine computes the public key from our private one.
            openssl.must(&[
                "pkey",
                "-inform",
                "DER",
                "-in",
                "key.der",
                "-pubout",
                "-outform",
                "DER",
                "-out",
                "theirs.der",
            ]);
            let theirs = VerifyingKey::from_public_key_der(&openssl.read("theirs.der")).unwrap();
            assert_eq!(theirs, key.verifying_key());
            openssl.must(&[
                "pkey",
                "-pubin",
                "-inform",
                "DER",
                "-in",
                "ours.der",
                "-noout",
                "-pubcheck",
            ]);
        }
    }

    #[test]
    fn both_agree_on_a_key() {
        let openssl = OpenSsl::new();
        let ukm = "0102030405060708";
        for (curve, paramset) in CURVES {
            let own = openssl.key(curve, paramset, "own");
            let other = openssl.key(curve, paramset, "other");
            openssl.must(&["pkey", "-in", "other.pem", "-pubout", "-out", "peer.pem"]);
            let ukm_option = format!("ukmhex:{ukm}");
            openssl.must(&[
                "pkeyutl",
                "-derive",
                "-inkey",
                "own.pem",
                "-peerkey",
                "peer.pem",
                "-pkeyopt",
                &ukm_option,
                "-out",
                "shared",
            ]);
            let ukm = hex::decode(ukm).unwrap();
            let expected = own.vko_256(&other.verifying_key(), &ukm).unwrap();
            assert_eq!(hex::encode(openssl.read("shared")), hex::encode(*expected), "{curve:?}");
        }
    }
}
