// What the peers share: requests come as a JSON array on standard input, `{ call, ...fields }`
// each; answers go as an array of `{ value }` or `{ error }`. Octets are in hexadecimal.
import { createRequire } from 'node:module';

/** Loads the packages of end2end, wherever the tests lie. */
export const load = createRequire(`${process.env.CABINET_END2END}/package.json`);

export const octets = (text) => new Uint8Array(Buffer.from(text, 'hex'));
export const hex = (bytes) => Buffer.from(bytes).toString('hex');

export async function serve(calls) {
  const pieces = [];
  for await (const piece of process.stdin) pieces.push(piece);
  const answers = [];
  for (const { call, ...fields } of JSON.parse(Buffer.concat(pieces).toString())) {
    try {
      answers.push({ value: await calls[call](fields) });
    } catch (error) {
      answers.push({ error: String(error?.message ?? error) });
    }
  }
  process.stdout.write(JSON.stringify(answers));
}
