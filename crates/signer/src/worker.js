// The loop of the worker: tasks one after another, files in pieces. `cargo xtask` puts this behind
// the glue of wasm-bindgen, which defines `wasm_bindgen`, and writes the module's hashed name.

const desk = wasm_bindgen({ module_or_path: new URL("signer_bg.wasm", self.location.href) })
  .then(() => new wasm_bindgen.Desk());

const failed = (id, code) => self.postMessage({ id, answer: JSON.stringify({ answer: "failed", code }) });

/** A file never lies in memory as a whole, however long the pieces are that its stream gives. */
const PIECE = 1 << 16;

async function hash(desk, id, file) {
  desk.hash_begin();
  const reader = file.stream().getReader();
  let seen = 0;
  let told = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    for (let at = 0; at < value.length; at += PIECE) desk.hash_update(value.subarray(at, at + PIECE));
    seen += value.length;
    const progress = seen / Math.max(file.size, 1);
    if (progress - told >= 0.01) {
      told = progress;
      self.postMessage({ id, progress });
    }
  }
  return desk.hash_end();
}

async function work({ id, request, bytes, file }) {
  let mine;
  try {
    mine = await desk;
  } catch {
    failed(id, "engine");
    return;
  }
  try {
    const parcel = file === undefined ? mine.reply(request, bytes ?? new Uint8Array()) : await hash(mine, id, file);
    const beside = parcel.take();
    const { answer } = parcel;
    parcel.free();
    self.postMessage({ id, answer, bytes: beside }, beside === undefined ? [] : [beside.buffer]);
  } catch (error) {
    failed(id, error instanceof DOMException ? "file" : "engine");
  } finally {
    bytes?.fill(0);
  }
}

let last = Promise.resolve();
self.addEventListener("message", ({ data }) => {
  last = last.then(() => work(data));
});
