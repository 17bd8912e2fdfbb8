// PKI.js: an implementation of X.509, CMS, OCSP, RFC 3161 and PKCS #12 over the WebCrypto of Node.
import { pathToFileURL } from 'node:url';
import { hex, load, octets, serve } from './peer.mjs';

const packageOf = (name) => import(pathToFileURL(load.resolve(name)).href);
const pkijs = await packageOf('pkijs');
const asn1js = await packageOf('asn1js');

const buffer = (text) => octets(text).buffer;
const certificate = (der) => pkijs.Certificate.fromBER(buffer(der));
const signed = (der) =>
  new pkijs.SignedData({ schema: pkijs.ContentInfo.fromBER(buffer(der)).content });
const ecdsa = (curve) => ({ name: 'ECDSA', namedCurve: curve });
const digestOf = (curve) => curve.replace('P-', 'SHA-');

async function certify(name, keys, issuer, authority) {
  const made = new pkijs.Certificate();
  made.version = 2;
  made.serialNumber = new asn1js.Integer({ value: authority ? 1 : 2 });
  const named = (target, text) =>
    target.typesAndValues.push(
      new pkijs.AttributeTypeAndValue({
        type: '2.5.4.3',
        value: new asn1js.Utf8String({ value: text }),
      }),
    );
  named(made.subject, name);
  named(made.issuer, issuer.name);
  made.notBefore.value = new Date(Date.now() - 3_600_000);
  made.notAfter.value = new Date(Date.now() + 86_400_000);
  const extension = (extnID, critical, value) =>
    new pkijs.Extension({ extnID, critical, extnValue: value.toBER(false) });
  const usage = Uint8Array.of(authority ? 0x06 : 0xc0).buffer;
  made.extensions = [
    extension(
      '2.5.29.19',
      true,
      new pkijs.BasicConstraints(authority ? { cA: true } : {}).toSchema(),
    ),
    extension('2.5.29.15', true, new asn1js.BitString({ valueHex: usage, unusedBits: authority ? 1 : 6 })),
  ];
  await made.subjectPublicKeyInfo.importKey(keys.publicKey);
  await made.sign(issuer.keys.privateKey, issuer.digest);
  return made;
}

async function world(curve) {
  const generate = () => crypto.subtle.generateKey(ecdsa(curve), true, ['sign', 'verify']);
  const [rootKeys, personKeys] = [await generate(), await generate()];
  const issuer = { name: 'Root', keys: rootKeys, digest: digestOf(curve) };
  const root = await certify('Root', rootKeys, issuer, true);
  const person = await certify('Person', personKeys, issuer, false);
  return { root, rootKeys, person, personKeys };
}

const der = (object) => hex(object.toSchema(true).toBER(false));

await serve({
  message: async ({ curve, content, attached }) => {
    const { root, rootKeys, person, personKeys } = await world(curve);
    const digest = await crypto.subtle.digest(digestOf(curve), octets(content));
    const attribute = (type, value) => new pkijs.Attribute({ type, values: [value] });
    const message = new pkijs.SignedData({
      version: 1,
      encapContentInfo: new pkijs.EncapsulatedContentInfo({
        eContentType: pkijs.ContentInfo.DATA,
        ...(attached && { eContent: new asn1js.OctetString({ valueHex: buffer(content) }) }),
      }),
      signerInfos: [
        new pkijs.SignerInfo({
          version: 1,
          sid: new pkijs.IssuerAndSerialNumber({
            issuer: person.issuer,
            serialNumber: person.serialNumber,
          }),
          signedAttrs: new pkijs.SignedAndUnsignedAttributes({
            type: 0,
            attributes: [
              attribute('1.2.840.113549.1.9.3', new asn1js.ObjectIdentifier({ value: pkijs.ContentInfo.DATA })),
              attribute('1.2.840.113549.1.9.4', new asn1js.OctetString({ valueHex: digest })),
            ],
          }),
        }),
      ],
      certificates: [person],
    });
    await message.sign(personKeys.privateKey, 0, digestOf(curve), buffer(content));
    const info = new pkijs.ContentInfo({
      contentType: pkijs.ContentInfo.SIGNED_DATA,
      content: message.toSchema(true),
    });
    const list = new pkijs.CertificateRevocationList({
      version: 1,
      issuer: root.subject,
      thisUpdate: new pkijs.Time({ type: 0, value: new Date(Date.now() - 60_000) }),
      nextUpdate: new pkijs.Time({ type: 0, value: new Date(Date.now() + 3_600_000) }),
      revokedCertificates: [
        new pkijs.RevokedCertificate({
          userCertificate: person.serialNumber,
          revocationDate: new pkijs.Time({ type: 0, value: new Date(Date.now() - 120_000) }),
        }),
      ],
    });
    await list.sign(rootKeys.privateKey, digestOf(curve));
    return { root: der(root), message: hex(info.toSchema().toBER(false)), list: der(list) };
  },

  verified: async ({ message, content, trusted, others, at }) => {
    const read = signed(message);
    read.certificates = [...(read.certificates ?? []), ...others.map(certificate)];
    const result = await read.verify({
      signer: 0,
      ...(content && { data: buffer(content) }),
      trustedCerts: trusted.map(certificate),
      checkDate: new Date(at),
      checkChain: true,
      extendedMode: true,
    });
    return result.signatureVerified && result.signerCertificateVerified;
  },

  chain: async ({ chain, lists, trusted, at }) => {
    const engine = new pkijs.CertificateChainValidationEngine({
      trustedCerts: trusted.map(certificate),
      certs: chain.map(certificate),
      crls: lists.map((list) => pkijs.CertificateRevocationList.fromBER(buffer(list))),
      checkDate: new Date(at),
    });
    const { result, resultMessage } = await engine.verify();
    return result ? 'valid' : resultMessage;
  },

  ocsp: async ({ response, person, issuer }) => {
    const read = pkijs.OCSPResponse.fromBER(buffer(response));
    const answer = await read.getCertificateStatus(certificate(person), certificate(issuer));
    return ['good', 'revoked', 'unknown'][answer.status];
  },

  stamp: async ({ token, content, trusted, at }) =>
    signed(token).verify({
      signer: 0,
      data: buffer(content),
      trustedCerts: trusted.map(certificate),
      checkDate: new Date(at),
      checkChain: true,
    }),

  opened: async ({ container, password }) => {
    const secret = new TextEncoder().encode(password).buffer;
    const pfx = pkijs.PFX.fromBER(buffer(container));
    await pfx.parseInternalValues({ password: secret, checkIntegrity: true });
    const safe = pfx.parsedValue.authenticatedSafe;
    const parameters = safe.safeContents.map(({ contentType }) =>
      contentType === pkijs.ContentInfo.ENCRYPTED_DATA ? { password: secret } : {},
    );
    await safe.parseInternalValues({ safeContents: parameters });
    const found = { keys: [], certificates: [] };
    for (const { value } of safe.parsedValue.safeContents) {
      for (const { bagValue } of value.safeBags) {
        if (bagValue instanceof pkijs.PKCS8ShroudedKeyBag) {
          await bagValue.parseInternalValues({ password: secret });
          found.keys.push(hex(bagValue.parsedValue.toSchema().toBER(false)));
        } else if (bagValue instanceof pkijs.CertBag) {
          found.certificates.push(der(bagValue.parsedValue));
        }
      }
    }
    return found;
  },

  container: async ({ curve, password }) => {
    const { person, personKeys } = await world(curve);
    const secret = new TextEncoder().encode(password).buffer;
    const pkcs8 = await crypto.subtle.exportKey('pkcs8', personKeys.privateKey);
    const aes = { name: 'AES-CBC', length: 256 };
    const shrouded = new pkijs.PKCS8ShroudedKeyBag({
      parsedValue: pkijs.PrivateKeyInfo.fromBER(pkcs8),
    });
    await shrouded.makeInternalValues({
      password: secret,
      contentEncryptionAlgorithm: aes,
      hmacHashAlgorithm: 'SHA-256',
      iterationCount: 2048,
    });
    const contents = (bags) => ({
      privacyMode: 0,
      value: new pkijs.SafeContents({ safeBags: bags }),
    });
    const pfx = new pkijs.PFX({
      parsedValue: {
        integrityMode: 0,
        authenticatedSafe: new pkijs.AuthenticatedSafe({
          parsedValue: {
            safeContents: [
              contents([new pkijs.SafeBag({ bagId: '1.2.840.113549.1.12.10.1.2', bagValue: shrouded })]),
              contents([
                new pkijs.SafeBag({
                  bagId: '1.2.840.113549.1.12.10.1.3',
                  bagValue: new pkijs.CertBag({ parsedValue: person }),
                }),
              ]),
            ],
          },
        }),
      },
    });
    await pfx.parsedValue.authenticatedSafe.makeInternalValues({ safeContents: [{}, {}] });
    await pfx.makeInternalValues({
      password: secret,
      iterations: 2048,
      pbkdf2HashAlgorithm: 'SHA-256',
      hmacHashAlgorithm: 'SHA-256',
    });
    return { container: hex(pfx.toSchema().toBER(false)), person: der(person) };
  },
});
