// How long the browser's engine takes to sign, how fast it hashes a large file, and what memory that
// takes. Writes JSON to the file that `BENCH_OUTPUT` names.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { Engine } from './support/engine.ts';
import { gotoHydrated } from './support/pages.ts';
import { OWNERS, testSignature } from './support/signature.ts';
import { test } from './support/test.ts';

const SAMPLES = 100;
const MEBIBYTES = 1024;

/** The value below which a part of the samples lies. */
function quantile(samples: number[], part: number): number {
  const sorted = [...samples].sort((one, other) => one - other);
  return rounded(sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? Number.NaN);
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** Parent and command line of a process; nothing when it has gone. */
async function process_(id: string): Promise<{ parent: number; line: string; resident: number } | undefined> {
  try {
    const status = await readFile(`/proc/${id}/status`, 'utf8');
    const number = (name: string): number => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    const line = await readFile(`/proc/${id}/cmdline`, 'utf8');
    return { parent: number('PPid'), line, resident: number('VmRSS') * 1024 };
  } catch {
    return undefined;
  }
}

/** Resident bytes of the largest renderer below this process; nothing where there is no /proc. */
async function renderer(): Promise<number | undefined> {
  const ids = await readdir('/proc').catch(() => []);
  const all = new Map<number, { parent: number; line: string; resident: number }>();
  for (const id of ids.filter((id) => /^\d+$/.test(id))) {
    const found = await process_(id);
    if (found !== undefined) all.set(Number(id), found);
  }
  const isOurs = (id: number): boolean => {
    for (let at = id; at > 1; at = all.get(at)?.parent ?? 0) if (at === process.pid) return true;
    return false;
  };
  const sizes = [...all].filter(([id, { line }]) => line.includes('--type=renderer') && isOurs(id));
  return sizes.length === 0 ? undefined : Math.max(...sizes.map(([, { resident }]) => resident));
}

/** The largest value that a probe gives until the work is done. */
async function peak<T>(work: Promise<T>, probe: () => Promise<number | undefined>): Promise<{ done: T; most: number | undefined }> {
  let most: number | undefined;
  let working = true;
  const watching = (async () => {
    while (working) {
      const now = await probe();
      if (now !== undefined) most = Math.max(most ?? 0, now);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  try {
    return { done: await work, most };
  } finally {
    working = false;
    await watching;
  }
}

test('signing in WebAssembly', async ({ page, sandbox }) => {
  await gotoHydrated(page, '/signature-check');
  const engine = await Engine.start(page);
  const sign: Record<string, object> = {};
  for (const key of ['gost256', 'gost512', 'ecdsa'] as const) {
    const { pfx, password } = await testSignature(sandbox, OWNERS.director, { key });
    const taken = await engine.sign(pfx, password, SAMPLES);
    sign[key] = { open_ms: rounded(taken.open), median_ms: quantile(taken.sign, 0.5), p95_ms: quantile(taken.sign, 0.95) };
  }
  const fresh = await Engine.start(page);
  const before = { module: await fresh.memory(), renderer: await renderer() };
  const { done, most } = await peak(fresh.hash(MEBIBYTES), renderer);
  const report = {
    sign,
    hash: {
      mebibytes: MEBIBYTES,
      seconds: rounded(done.took / 1000),
      mebibytes_per_second: rounded(MEBIBYTES / (done.took / 1000)),
      module_bytes_before: before.module,
      module_bytes_after: await fresh.memory(),
      renderer_bytes_before: before.renderer ?? null,
      renderer_bytes_peak: most ?? null,
    },
  };
  const { BENCH_OUTPUT: path } = process.env;
  if (path === undefined) console.log(JSON.stringify(report, null, 2));
  else await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
});
