// CAdES-BES and T made apart from the product: the structure by hand (RFC 5652, RFC 5035), the digests and
// signatures by node and node-gost-crypto.

import { createHash, createPrivateKey, randomBytes, sign as signByNode, X509Certificate } from 'node:crypto';
import { createRequire } from 'node:module';
import { fromBER, type Sequence } from 'asn1js';
import type { TestSignature } from './signature.ts';

interface Subtle {
  digest(algorithm: string, data: Uint8Array): Promise<ArrayBuffer>;
  importKey(form: 'raw', key: ArrayBuffer, algorithm: object, extractable: boolean, usages: string[]): Promise<unknown>;
  sign(algorithm: object, key: unknown, data: Uint8Array): Promise<ArrayBuffer>;
}

const { gostCrypto } = createRequire(import.meta.url)('node-gost-crypto') as { gostCrypto: { subtle: Subtle } };

export type HashName = 'gost256' | 'gost512' | 'sha256';

/** What a key signs with: the identifiers of the digest and of the signature. */
const ALGORITHMS: Record<HashName, { digest: string; bits: number }> = {
  sha256: { digest: '2.16.840.1.101.3.4.2.1', bits: 256 },
  gost256: { digest: '1.2.643.7.1.1.2.2', bits: 256 },
  gost512: { digest: '1.2.643.7.1.1.2.3', bits: 512 },
};

const SIGNATURES: Record<string, { oid: string; hash: HashName }> = {
  '1.2.643.7.1.1.1.1': { oid: '1.2.643.7.1.1.1.1', hash: 'gost256' },
  '1.2.643.7.1.1.1.2': { oid: '1.2.643.7.1.1.1.2', hash: 'gost512' },
  '1.2.840.10045.2.1': { oid: '1.2.840.10045.4.3.2', hash: 'sha256' },
  '1.2.840.113549.1.1.1': { oid: '1.2.840.113549.1.1.11', hash: 'sha256' },
};

/** What a certificate says, as far as a signer needs it. */
export interface Described {
  raw: Buffer;
  serial: Buffer;
  issuer: Buffer;
  /** The key's algorithm, as an object identifier. */
  key: string;
  hash: HashName;
}

/** The pieces of a DER sequence, each with its head. */
function pieces(der: Uint8Array): Buffer[] {
  const { result } = fromBER(der);
  return (result as Sequence).valueBlock.value.map((piece) => Buffer.from(piece.toBER()));
}

function oidOf(der: Uint8Array): string {
  return String(fromBER(der).result.valueBlock);
}

export function describe(certificatePem: string): Described {
  const { raw } = new X509Certificate(certificatePem);
  const [tbs] = pieces(raw);
  const fields = pieces(tbs ?? raw);
  // The version is there in every certificate that has extensions.
  const [, serial, , issuer, , , spki] = fields;
  const [algorithm] = pieces(spki ?? raw);
  const [key] = pieces(algorithm ?? raw);
  const name = oidOf(key ?? raw);
  const known = SIGNATURES[name];
  if (serial === undefined || issuer === undefined || known === undefined) {
    throw new Error(`a certificate with a key of ${name}`);
  }
  return { raw, serial, issuer, key: name, hash: known.hash };
}

export async function hashOf(algorithm: HashName, content: Buffer): Promise<Buffer> {
  if (algorithm === 'sha256') return createHash('sha256').update(content).digest();
  const { bits } = ALGORITHMS[algorithm];
  return Buffer.from(await gostCrypto.subtle.digest(`GOST R 34.11-${bits}`, new Uint8Array(content)));
}

function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const digits = body.length.toString(16);
  const length = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift((left & 0x7f) | 0x80);
    }
    return groups;
  });
  return der(0x06, Buffer.from(octets));
}

const sequence = (...content: Uint8Array[]): Buffer => der(0x30, ...content);
const octets = (content: Uint8Array): Buffer => der(0x04, content);
/** DER sorts the members of a set (X.690, 11.6). */
const setOf = (content: Buffer[], tag = 0x31): Buffer => der(tag, ...content.sort(Buffer.compare));
const attribute = (name: string, value: Buffer): Buffer => sequence(oid(name), setOf([value]));

function utcTime(time: Date): Buffer {
  const digits = time.toISOString().replaceAll(/\D/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

async function signature(own: Described, pkcs8: Buffer, attributes: Buffer): Promise<Buffer> {
  if (own.hash === 'sha256') {
    return signByNode('sha256', attributes, createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
  }
  const { bits } = ALGORITHMS[own.hash];
  // PrivateKeyInfo of RFC 9548: the number lies bare in the octet string.
  const [, , secret] = pieces(pkcs8);
  const number = (secret ?? pkcs8).subarray(-bits / 8);
  const algorithm = {
    id: `id-tc26-gost3410-12-${bits}`,
    name: `GOST R 34.10-${bits}`,
    namedCurve: bits === 256 ? 'S-256-A' : 'T-512-A',
  };
  const key = await gostCrypto.subtle.importKey('raw', new Uint8Array(number).buffer, algorithm, false, ['sign']);
  const name = `GOST R 34.10-${bits}/GOST R 34.11-${bits}`;
  return Buffer.from(await gostCrypto.subtle.sign({ name }, key, new Uint8Array(attributes)));
}

/** A time-stamp token over the signature (RFC 3161). */
async function timestamp(service: string, hash: HashName, signed: Buffer): Promise<Buffer> {
  const imprint = sequence(sequence(oid(ALGORITHMS[hash].digest)), octets(await hashOf(hash, signed)));
  const request = sequence(der(0x02, Buffer.from([1])), imprint, der(0x02, randomBytes(8).fill(1, 0, 1)), der(0x01, Buffer.from([0xff])));
  const response = await fetch(service, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query' },
    body: new Uint8Array(request),
  });
  if (!response.ok) throw new Error(`the time-stamp service: HTTP ${response.status}`);
  const [, token] = pieces(Buffer.from(await response.arrayBuffer()));
  if (token === undefined) throw new Error('the time-stamp service refused');
  return token;
}

/** What else is wanted of a signature. */
export interface Form {
  /** The content, to be inside. */
  content?: Buffer;
  /** The address of a time-stamp service: CAdES-T instead of BES. */
  service?: string;
}

/** A CAdES signature over a hash, DER. */
export async function cades(
  { certificate_pem, chain_pem, private_key }: TestSignature,
  hash: Buffer,
  { content, service }: Form = {},
): Promise<Buffer> {
  const own = describe(certificate_pem);
  const digest = sequence(oid(ALGORITHMS[own.hash].digest));
  const issuerSerial = sequence(sequence(der(0xa4, own.issuer)), own.serial);
  const certificateHash = octets(createHash('sha256').update(own.raw).digest());
  const attributes = [
    attribute('1.2.840.113549.1.9.3', oid('1.2.840.113549.1.7.1')),
    attribute('1.2.840.113549.1.9.4', octets(hash)),
    attribute('1.2.840.113549.1.9.5', utcTime(new Date())),
    attribute('1.2.840.113549.1.9.16.2.47', sequence(sequence(sequence(certificateHash, issuerSerial)))),
  ];
  const signed = await signature(own, Buffer.from(private_key, 'base64'), setOf(attributes));
  const chain = chain_pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const certificates = [own.raw, ...chain.map((pem) => new X509Certificate(pem).raw)];
  const unsigned = service === undefined
    ? []
    : [setOf([attribute('1.2.840.113549.1.9.16.2.14', await timestamp(service, own.hash, signed))], 0xa1)];
  const signer = sequence(
    der(0x02, Buffer.from([1])),
    sequence(own.issuer, own.serial),
    digest,
    setOf(attributes, 0xa0),
    sequence(oid(SIGNATURES[own.key]?.oid ?? '')),
    octets(signed),
    ...unsigned,
  );
  const inside = content === undefined ? [] : [der(0xa0, octets(content))];
  const signedData = sequence(
    der(0x02, Buffer.from([1])),
    setOf([digest]),
    sequence(oid('1.2.840.113549.1.7.1'), ...inside),
    setOf(certificates, 0xa0),
    setOf([signer]),
  );
  return sequence(oid('1.2.840.113549.1.7.2'), der(0xa0, signedData));
}
