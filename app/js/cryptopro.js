// @ts-check
// Between the cabinet and «КриптоПро ЭЦП Browser plug-in». The plug-in's object is a thenable with
// methods on it, so it must never pass through `await`, a promise or a return of an async
// function: everything here takes and gives plain values. Properties of its objects are promises.
//
// The order of loading and the names are those of CryptoPro's documentation and of the typings
// @types/cadesplugin 2.1.

/**
 * @typedef {{ CreateObjectAsync(name: string): Promise<any> }} Api
 * @typedef {{ state: 'ready', plugin: string, csp: string }} Ready
 * @typedef {{ state: 'missing', cause: string, detail: string }} Missing
 */

/** Extensions of Chrome and others, the present one first, and of Opera and Yandex. */
const EXTENSIONS = [
  "pfhgbfnnjiafkhfdkmpiflachepdcjod",
  "iifchhfnnmpdbibifmljnfjhpififfog",
  "epebfcehmdedogndhlcacafjaacknbcm",
];
/** How long an extension may take to answer at all, and its native part after it. */
const ECHO_MS = 1200;
const NATIVE_MS = 10_000;
/** The first version with GOST R 34.10-2012 and asynchronous objects. */
const OLDEST = [2, 0, 12438];
const CSP_TYPE = 80;

const CURRENT_USER_STORE = 2;
const CONTAINER_STORE = 100;
const OPEN_MAXIMUM_ALLOWED = 2;
const WHOLE_CHAIN = 1;
const BASE64_TO_BINARY = 1;
const CADES_BES = 1;
const CADES_T = 5;
const SIGNING_TIME = 0;
/** Digest algorithms of `CAdESCOM.HashedData` by the plug-in's numbers. */
const HASHES = { gost256: 101, gost512: 102, sha256: 4, sha384: 5, sha512: 6 };

class Absent extends Error {
  /** @param {string} cause @param {unknown} [detail] */
  constructor(cause, detail) {
    super(cause);
    this.cause = cause;
    this.detail = detail === undefined ? "" : words(detail);
  }
}

/** What an error of the plug-in says, with its number. @param {any} error */
function words(error) {
  const text = typeof error === "string" ? error : String(error?.message ?? error);
  const number = error?.number;
  if (typeof number !== "number" || /0x[0-9a-f]{8}/i.test(text)) return text;
  return `${text} (0x${(number >>> 0).toString(16).toUpperCase().padStart(8, "0")})`;
}

/**
 * @template T @param {Promise<T>} promise @param {number} ms @param {string} cause
 * @returns {Promise<T>}
 */
function within(promise, ms, cause) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Absent(cause)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** @param {string} src */
function load(src) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = src;
    script.onload = () => resolve(undefined);
    script.onerror = () => {
      script.remove();
      reject(new Absent("extension"));
    };
    document.head.append(script);
  });
}

/**
 * Asks the extension's content script whether it is here. Only then is its script loaded: where
 * there is no extension, the browser would complain in the console.
 * @returns {Promise<string | undefined>} the address of the script, empty when it is not told
 */
function echo() {
  return new Promise((resolve) => {
    /** @param {MessageEvent} event */
    const listen = ({ data, source }) => {
      if (source !== window || typeof data !== "string" || !data.startsWith("cadesplugin_loaded")) return;
      settle(/url:((?:moz|safari-web|chrome)-extension:\/\/[\w-]+\/nmcades_plugin_api\.js)/.exec(data)?.[1] ?? "");
    };
    /** @param {string} [url] */
    const settle = (url) => {
      window.removeEventListener("message", listen);
      resolve(url);
    };
    window.addEventListener("message", listen);
    window.postMessage("cadesplugin_echo_request", location.origin);
    setTimeout(settle, ECHO_MS);
  });
}

/** Whether the browser has extensions of this kind at all. */
const hopeless = () => /Android|iPhone|iPad|Mobile/i.test(navigator.userAgent);

/** The plug-in's object in a box, because it may not be the value of a promise. */
async function connect() {
  const given = /** @type {any} */ (window).cadesplugin;
  if (given !== undefined) {
    // Somebody loaded CryptoPro's own script.
    await within(
      new Promise((resolve, reject) => {
        if (typeof given.then === "function") given.then(() => resolve(undefined), reject);
        else resolve(undefined);
      }),
      NATIVE_MS,
      "timeout",
    ).catch((error) => {
      throw error instanceof Absent ? error : new Absent("native", error);
    });
    return { api: () => /** @type {Api} */ (given) };
  }
  if (hopeless()) throw new Absent("device");
  const url = await echo();
  if (url === undefined) throw new Absent("extension");
  const urls = url === "" ? EXTENSIONS.map((id) => `chrome-extension://${id}/nmcades_plugin_api.js`) : [url];
  await Promise.any(urls.map(load)).catch(() => {
    throw new Absent("blocked");
  });
  const bridge = /** @type {any} */ (window).cpcsp_chrome_nmcades;
  if (bridge === undefined) throw new Absent("blocked");
  /** @type {any} */
  let plugin;
  // The extension's script gives its object through this name.
  /** @type {any} */ (window).cadesplugin = { set: (/** @type {any} */ object) => { plugin = object; } };
  try {
    await within(
      new Promise((resolve, reject) => bridge.check_chrome_plugin(() => resolve(undefined), reject)),
      NATIVE_MS,
      "timeout",
    );
  } catch (error) {
    throw error instanceof Absent ? error : new Absent("native", error);
  } finally {
    delete (/** @type {any} */ (window).cadesplugin);
  }
  if (plugin === undefined) throw new Absent("native");
  return { api: () => /** @type {Api} */ (plugin) };
}

/** @type {Promise<{ api: () => Api }> | undefined} */
let connected;

function connection() {
  connected ??= connect();
  connected.catch((error) => {
    // An extension that was installed meanwhile is seen by the next page only; all else may have
    // been mended.
    if (!(error instanceof Absent && error.cause === "extension")) connected = undefined;
  });
  return connected;
}

/** @param {string} version */
const numbers = (version) => version.split(/[.\s]/).map(Number);

/** @param {number[]} one @param {number[]} other */
function older(one, other) {
  for (const [at, number] of other.entries()) {
    if ((one[at] ?? 0) !== number) return (one[at] ?? 0) < number;
  }
  return false;
}

/** The version of the plug-in and of the provider behind it. @param {Api} api */
async function versions(api) {
  const about = await api.CreateObjectAsync("CAdESCOM.About");
  const plugin = String(await about.Version);
  let csp = "";
  try {
    const version = await about.CSPVersion("", CSP_TYPE);
    csp = [await version.MajorVersion, await version.MinorVersion, await version.BuildVersion].join(".");
  } catch (error) {
    throw new Absent("csp", error);
  }
  return { plugin, csp };
}

/** Whether one can sign, else the one cause. @returns {Promise<string>} JSON of Ready or Missing */
export async function status() {
  /** @type {Ready | Missing} */
  let found;
  try {
    const { api } = await connection();
    const { plugin, csp } = await versions(api());
    found = older(numbers(plugin), OLDEST)
      ? { state: "missing", cause: "version", detail: plugin }
      : { state: "ready", plugin, csp };
  } catch (error) {
    const known = error instanceof Absent;
    const denied = /0x80070005|denied|запре/i.test(words(known ? error.detail : error));
    const cause = denied ? "site" : known ? error.cause : "native";
    found = { state: "missing", cause, detail: known ? error.detail : words(error) };
  }
  return JSON.stringify(found);
}

/**
 * Runs with an open store and closes it.
 * @template T @param {Api} api @param {number} place @param {(certificates: any) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function inStore(api, place, work) {
  const store = await api.CreateObjectAsync("CAdESCOM.Store");
  await store.Open(place, "My", OPEN_MAXIMUM_ALLOWED);
  try {
    return await work(await store.Certificates);
  } finally {
    await store.Close();
  }
}

/** @param {any} certificates @returns {Promise<any[]>} */
async function items(certificates) {
  const found = [];
  const count = await certificates.Count;
  for (let index = 1; index <= count; index += 1) {
    // An object of the plug-in is no thenable; only the plug-in itself is.
    found.push(await certificates.Item(index));
  }
  return found;
}

/** Certificates with a private key: of the person's store, and in containers on tokens. */
export async function certificates() {
  const { api } = await connection();
  const seen = new Map();
  for (const place of [CURRENT_USER_STORE, CONTAINER_STORE]) {
    try {
      await inStore(api(), place, async (all) => {
        for (const certificate of await items(all)) {
          if (!(await certificate.HasPrivateKey())) continue;
          const thumbprint = String(await certificate.Thumbprint);
          if (seen.has(thumbprint)) continue;
          const der = String(await certificate.Export(0)).replaceAll(/\s/g, "");
          seen.set(thumbprint, { thumbprint, der });
        }
      });
    } catch (error) {
      // Tokens may be absent; the person's own store may not.
      if (place === CURRENT_USER_STORE) throw new Error(words(error));
    }
  }
  return JSON.stringify([...seen.values()]);
}

/**
 * Certificates that were signed with, by thumbprint. A package of documents is signed without going
 * to the store for each: the plug-in asks for access once, and the provider for the PIN once.
 * @type {Map<string, { certificate: any }>}
 */
const taken = new Map();

/** @param {Api} api @param {string} thumbprint @returns {Promise<{ certificate: any }>} in a box, as it may be anything */
async function take(api, thumbprint) {
  const known = taken.get(thumbprint);
  if (known !== undefined) return known;
  for (const place of [CURRENT_USER_STORE, CONTAINER_STORE]) {
    const found = await inStore(api, place, async (all) => {
      for (const certificate of await items(all)) {
        if (String(await certificate.Thumbprint) === thumbprint) return { certificate };
      }
      return undefined;
    });
    if (found === undefined) continue;
    taken.set(thumbprint, found);
    return found;
  }
  throw new Error("0x80092004");
}

/**
 * @template T @param {Api} api @param {string} thumbprint @param {string} tsa address of the time-stamp
 * service, empty for none @param {(signer: any, kind: number) => Promise<T>} work
 */
async function signing(api, thumbprint, tsa, work) {
  try {
    const { certificate } = await take(api, thumbprint);
    const signer = await api.CreateObjectAsync("CAdESCOM.CPSigner");
    await signer.propset_Certificate(certificate);
    await signer.propset_CheckCertificate(true);
    await signer.propset_Options(WHOLE_CHAIN);
    if (tsa !== "") await signer.propset_TSAAddress(tsa);
    const time = await api.CreateObjectAsync("CADESCOM.CPAttribute");
    await time.propset_Name(SIGNING_TIME);
    await time.propset_Value(new Date());
    const attributes = await signer.AuthenticatedAttributes2;
    await attributes.Add(time);
    return await work(signer, tsa === "" ? CADES_BES : CADES_T);
  } catch (error) {
    // The token may have been taken out: the next try looks for the certificate anew.
    taken.delete(thumbprint);
    throw error;
  }
}

/**
 * A detached signature over a content, base64 of DER: CAdES-BES, and CAdES-T with a service for it.
 * @param {string} thumbprint @param {string} content base64 @param {string} tsa
 */
export async function sign(thumbprint, content, tsa) {
  const { api } = await connection();
  try {
    return await signing(api(), thumbprint, tsa, async (signer, kind) => {
      const data = await api().CreateObjectAsync("CAdESCOM.CadesSignedData");
      // The encoding must be set before the content.
      await data.propset_ContentEncoding(BASE64_TO_BINARY);
      await data.propset_Content(content);
      return String(await data.SignCades(signer, kind, true)).replaceAll(/\s/g, "");
    });
  } catch (error) {
    throw new Error(words(error));
  }
}

/**
 * The same over a hash that was computed elsewhere, for contents that the plug-in cannot take.
 * @param {string} thumbprint @param {keyof typeof HASHES} algorithm @param {string} hash hexadecimal
 * @param {string} tsa
 */
export async function signHash(thumbprint, algorithm, hash, tsa) {
  const { api } = await connection();
  try {
    return await signing(api(), thumbprint, tsa, async (signer, kind) => {
      const hashed = await api().CreateObjectAsync("CAdESCOM.HashedData");
      await hashed.propset_Algorithm(HASHES[algorithm]);
      await hashed.SetHashValue(hash);
      const data = await api().CreateObjectAsync("CAdESCOM.CadesSignedData");
      return String(await data.SignHash(hashed, signer, kind)).replaceAll(/\s/g, "");
    });
  } catch (error) {
    throw new Error(words(error));
  }
}
