// The signing engine of the browser without the page that uses it: a worker of the test's own.

import type { Page, Worker } from '@playwright/test';

/** What the script of the worker has at its top. */
interface Inside {
  wasm_bindgen(): Promise<{ memory: WebAssembly.Memory }>;
  desk: Promise<{ reply(request: string, bytes: Uint8Array): { answer: string; free(): void } }>;
}

declare const wasm_bindgen: Inside['wasm_bindgen'];
declare const desk: Inside['desk'];

interface Hashed {
  size: number;
  sha256: string;
  gost: string;
}

export class Engine {
  readonly #page: Page;
  readonly #worker: Worker;

  private constructor(page: Page, worker: Worker) {
    this.#page = page;
    this.#worker = worker;
  }

  /** Starts the engine in a page of the cabinet that is open. */
  static async start(page: Page): Promise<Engine> {
    const address = (await page.locator('meta[name=signer]').getAttribute('content')) ?? '';
    const [worker] = await Promise.all([
      page.waitForEvent('worker'),
      page.evaluate((address) => {
        Object.assign(window, { engine: new Worker(address) });
      }, address),
    ]);
    const engine = new Engine(page, worker);
    await engine.memory();
    return engine;
  }

  /** Bytes of the module's memory; it never shrinks. */
  memory(): Promise<number> {
    return this.#worker.evaluate(async () => (await wasm_bindgen()).memory.buffer.byteLength);
  }

  /** Hashes so many mebibytes of zeros, which exist once only, and tells the milliseconds. */
  hash(mebibytes: number): Promise<Hashed & { took: number }> {
    return this.#page.evaluate(async (mebibytes) => {
      const { engine } = window as unknown as { engine: globalThis.Worker };
      const piece = new Blob([new Uint8Array(1 << 20)]);
      const file = new Blob(Array.from({ length: mebibytes }, () => piece));
      const start = performance.now();
      const answer = await new Promise<string>((resolve) => {
        engine.onmessage = ({ data }) => {
          if (typeof data.answer === 'string') resolve(data.answer);
        };
        engine.postMessage({ id: 1, request: '{"task":"hash"}', file });
      });
      return { ...JSON.parse(answer), took: performance.now() - start };
    }, mebibytes);
  }

  /** Opens a container and signs; milliseconds for opening, and for a signature in each sample. */
  sign(pfx: string, password: string, samples: number): Promise<{ open: number; sign: number[] }> {
    return this.#worker.evaluate(
      async ({ pfx, password, samples }) => {
        // A sample is long enough for a coarse clock.
        const TOGETHER = 10;
        const mine = await desk;
        const ask = (request: object, bytes: Uint8Array): Record<string, unknown> => {
          const parcel = mine.reply(JSON.stringify(request), bytes);
          const answer = JSON.parse(parcel.answer);
          parcel.free();
          return answer;
        };
        const bytes = Uint8Array.from(atob(pfx), (char) => char.charCodeAt(0));
        const begun = performance.now();
        const opened = ask({ task: 'open', password }, bytes) as { certificates: { id: string }[] };
        const open = performance.now() - begun;
        const request = { task: 'sign', certificate: opened.certificates[0]?.id, time: Math.floor(Date.now() / 1000) };
        const content = new Uint8Array(10_000);
        const sign: number[] = [];
        for (let sample = 0; sample < samples; sample += 1) {
          const start = performance.now();
          for (let at = 0; at < TOGETHER; at += 1) {
            const { answer } = ask(request, content);
            if (answer !== 'signed') throw new Error(`not signed: ${JSON.stringify(answer)}`);
          }
          sign.push((performance.now() - start) / TOGETHER);
        }
        return { open, sign };
      },
      { pfx, password, samples },
    );
  }
}
