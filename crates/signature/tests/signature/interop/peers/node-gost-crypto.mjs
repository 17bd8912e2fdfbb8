// node-gost-crypto: «WebCrypto GOST» by R. Nickolaev. What it cannot do is not asked: its signing of
// revocation lists and its MAC of PKCS #12 fail in version 1.0.2, it knows neither Kuznyechik nor
// TC26 512-C, its TC26 256-A has the numbers of CryptoPro A, and a key of 512 bits without
// digestParamSet, as RFC 9215 §4.2 wants it, it cannot read but raw.
import { hex, load, octets, serve } from './peer.mjs';

const { gostCrypto } = load('node-gost-crypto');
const { subtle, asn1, cert, cms, keys } = gostCrypto;

cms.options.autoAddCert = true;

const signing = (bits) => ({ name: `GOST R 34.10-${bits}/GOST R 34.11-${bits}` });
const keyAlgorithm = (bits, curve) => ({
  id: `id-tc26-gost3410-12-${bits}`,
  name: `GOST R 34.10-${bits}`,
  namedCurve: curve,
});
const data = (content) => ({ contentType: 'data', content: octets(content).buffer });

async function generate(bits, curve) {
  const pair = await subtle.generateKey(keyAlgorithm(bits, curve), true, ['sign', 'verify']);
  return {
    pair,
    spki: await subtle.exportKey('spki', pair.publicKey),
    pkcs8: await subtle.exportKey('pkcs8', pair.privateKey),
  };
}

/** A certificate over a public key, signed by `issuer` or by itself. */
async function certify(name, key, extensions, issuer) {
  const made = new cert.X509({
    subject: { countryName: 'RU', commonName: name },
    subjectPublicKeyInfo: new asn1.SubjectPublicKeyInfo(key.spki),
    extensions,
  });
  const signer = new asn1.PrivateKeyInfo((issuer?.key ?? key).pkcs8);
  await made.sign(signer, issuer?.certificate);
  return made;
}

await serve({
  digest: async ({ bits, content }) =>
    hex(await subtle.digest(`GOST R 34.11-${bits}`, octets(content))),

  key: async ({ bits, curve, content }) => {
    const key = await generate(bits, curve);
    const signature = await subtle.sign(signing(bits), key.pair.privateKey, octets(content));
    return { spki: hex(key.spki), pkcs8: hex(key.pkcs8), signature: hex(signature) };
  },

  sign: async ({ bits, curve, form, privateKey, content }) => {
    const algorithm = keyAlgorithm(bits, curve);
    const key = await subtle.importKey(form, octets(privateKey).buffer, algorithm, false, ['sign']);
    return hex(await subtle.sign(signing(bits), key, octets(content)));
  },

  verify: async ({ bits, curve, form, publicKey, content, signature }) => {
    const algorithm = keyAlgorithm(bits, curve);
    const key = await subtle.importKey(form, octets(publicKey).buffer, algorithm, false, ['verify']);
    return subtle.verify(signing(bits), key, octets(signature), octets(content));
  },

  encryptedKey: async ({ bits, curve, password }) => {
    const key = await generate(bits, curve);
    const container = new keys.PKCS8Encrypted();
    await container.setKey(octets(hex(key.pkcs8)).buffer, password, 'TC-256');
    return { spki: hex(key.spki), container: hex(container.encode()) };
  },

  message: async ({ bits, curve, content }) => {
    const rootKey = await generate(bits, curve);
    const root = await certify('Root', rootKey, {
      keyUsage: ['digitalSignature', 'keyCertSign', 'cRLSign'],
      basicConstraints: { cA: true },
    });
    const personKey = await generate(bits, curve);
    const usage = { keyUsage: ['digitalSignature', 'nonRepudiation'] };
    const issuer = { key: rootKey, certificate: root };
    const person = await certify('Person', personKey, usage, issuer);
    const message = new cms.SignedDataContentInfo();
    message.setEnclosed(data(content));
    await message.addSignature(new asn1.PrivateKeyInfo(personKey.pkcs8), [person, root], true);
    return {
      root: hex(root.encode()),
      person: hex(person.encode()),
      message: hex(message.encode()),
    };
  },

  certificate: async ({ der, issuer, at }) => {
    const read = new cert.X509(octets(der).buffer);
    await read.verify(new cert.X509(octets(issuer).buffer), undefined, new Date(at));
    return read.subject.commonName;
  },

  list: async ({ der, issuer, at, serial }) => {
    const read = new cert.CRL(octets(der).buffer);
    await read.verify(new cert.X509(octets(issuer).buffer), new Date(at));
    return read.isRevoked(serial, new Date(at));
  },

  opened: async ({ message, person, content }) => {
    const read = new cms.SignedDataContentInfo(octets(message).buffer);
    const signer = new cert.X509(octets(person).buffer);
    const enclosed = await read.verifySignature(signer, content && data(content));
    return hex(enclosed.content);
  },
});
