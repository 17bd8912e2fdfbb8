// GOST R 34.10-2012 over the points of @noble/curves: the equations are those of RFC 7091 §6, the
// digests those of node-gost-crypto.
import { pathToFileURL } from 'node:url';
import { hex, load, octets, serve } from './peer.mjs';

const { weierstrass } = await import(
  pathToFileURL(load.resolve('@noble/curves/abstract/weierstrass.js')).href
);
const { gostCrypto } = load('node-gost-crypto');

const number = (text) => BigInt(`0x${text}`);
const backwards = (text) => hex(octets(text).reverse());
const fixed = (value, bits) => value.toString(16).padStart(bits / 4, '0');
const modulo = (value, by) => ((value % by) + by) % by;

function inverse(value, by) {
  let [a, b, x, y] = [modulo(value, by), by, 1n, 0n];
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return modulo(x, by);
}

function group({ p, a, b, q, x, y, cofactor }) {
  const [field, order] = [number(p), number(q)];
  const Point = weierstrass({
    p: field,
    a: number(a),
    b: number(b),
    n: order,
    h: BigInt(cofactor),
    Gx: number(x),
    Gy: number(y),
  });
  return { Point, order };
}

/** RFC 7091 §6.1: the digest as a number modulo q, never zero. */
async function message(bits, content, order) {
  const digest = await gostCrypto.subtle.digest(`GOST R 34.11-${bits}`, octets(content));
  return modulo(number(backwards(hex(digest))), order) || 1n;
}

await serve({
  publicKey: ({ curve, bits, key }) => {
    const { x, y } = group(curve).Point.BASE.multiply(number(backwards(key))).toAffine();
    return backwards(fixed(x, bits)) + backwards(fixed(y, bits));
  },

  sign: async ({ curve, bits, key, nonce, content }) => {
    const { Point, order } = group(curve);
    const [d, k] = [number(backwards(key)), modulo(number(nonce), order)];
    const r = modulo(Point.BASE.multiply(k).toAffine().x, order);
    const s = modulo(r * d + k * (await message(bits, content, order)), order);
    return fixed(s, bits) + fixed(r, bits);
  },

  verify: async ({ curve, bits, publicKey, signature, content }) => {
    const { Point, order } = group(curve);
    const half = bits / 4;
    const [s, r] = [number(signature.slice(0, half)), number(signature.slice(half))];
    const key = Point.fromAffine({
      x: number(backwards(publicKey.slice(0, half))),
      y: number(backwards(publicKey.slice(half))),
    });
    key.assertValidity();
    if (r <= 0n || r >= order || s <= 0n || s >= order) return false;
    const v = inverse(await message(bits, content, order), order);
    const point = Point.BASE.multiply(modulo(s * v, order)).add(key.multiply(modulo(-r * v, order)));
    return modulo(point.toAffine().x, order) === r;
  },
});
