// A stand-in for «КриптоПро ЭЦП Browser plug-in»: the extension's answer to the page, its script, and
// the objects behind it, with the habits of the real ones that clients trip over. Properties of
// objects are promises; they are set by `propset_…`; collections count from one; errors are texts
// with a code. What it signs is made outside the browser, by `cades.ts`.

import { createHash, X509Certificate } from 'node:crypto';
import type { Page } from '@playwright/test';
import { cades, describe, type HashName, hashOf } from './cades.ts';
import type { TestSignature } from './signature.ts';

/** What is wrong with the plug-in of this computer. */
export type Fault =
  | 'none'
  /** The browser does not load the extension's script. */
  | 'blocked'
  /** There is an extension, but nothing behind it. */
  | 'native'
  | 'csp'
  | 'old'
  /** The person did not let the site use the keys. */
  | 'site'
  | 'cancelled'
  /** No licence for time-stamps. */
  | 'timestamps'
  /** A content of more than a hundred bytes is too much. */
  | 'small';

interface Entry {
  thumbprint: string;
  subject: string;
  issuer: string;
  serial: string;
  from: string;
  to: string;
  der: string;
  key: string;
  hash: HashName;
}

/** How often the plug-in asked the person. */
export interface Asked {
  /** For access to the certificates. */
  access: number;
  /** For the PIN of a key. */
  pin: number;
  /** Time-stamps, of a service. */
  stamps: number;
}

export const asked = (page: Page): Promise<Asked> =>
  page.evaluate(() => (window as unknown as { pluginAsked: Asked }).pluginAsked);

/** A name as Windows writes it (CertNameToStr): a value with punctuation is quoted, its quotes doubled. */
function windowsName(name: string): string {
  const part = (line: string): string => {
    const [, key = '', escaped = ''] = /^([^=]+)=(.*)$/s.exec(line) ?? [];
    const value = escaped.replaceAll(/\\(.)/g, '$1');
    return /[,+="<>#;]/.test(value) ? `${key}="${value.replaceAll('"', '""')}"` : `${key}=${value}`;
  };
  return name.split('\n').map(part).join(', ');
}

/** Puts the plug-in with these certificates into every page that is opened from now on. */
export async function installPlugin(
  page: Page,
  signatures: TestSignature[],
  fault: Fault = 'none',
): Promise<void> {
  const entries = signatures.map((signature): Entry => {
    const { raw, subject, issuer, serialNumber, validFrom, validTo } = new X509Certificate(signature.certificate_pem);
    const { key, hash } = describe(signature.certificate_pem);
    return {
      thumbprint: createHash('sha1').update(raw).digest('hex').toUpperCase(),
      subject: windowsName(subject),
      issuer: windowsName(issuer),
      serial: serialNumber,
      from: new Date(validFrom).toISOString(),
      to: new Date(validTo).toISOString(),
      der: raw.toString('base64'),
      key,
      hash,
    };
  });
  await page.exposeFunction('pluginHashes', async (hash: HashName, content: string) =>
    (await hashOf(hash, Buffer.from(content, 'base64'))).toString('hex').toUpperCase(),
  );
  await page.exposeFunction('pluginSigns', async (thumbprint: string, hash: string, content?: string, service?: string) => {
    const signature = signatures[entries.findIndex((entry) => entry.thumbprint === thumbprint)];
    if (signature === undefined) throw new Error('no such certificate');
    const form = {
      ...(content === undefined ? {} : { content: Buffer.from(content, 'base64') }),
      ...(service === undefined ? {} : { service }),
    };
    return (await cades(signature, Buffer.from(hash, 'hex'), form)).toString('base64');
  });
  await page.addInitScript(plugin, { entries, fault });
}

/** Runs in the page; it must not use anything from outside. */
function plugin({ entries, fault }: { entries: Entry[]; fault: Fault }): void {
  type Members = Record<string, unknown>;
  const outside = window as unknown as {
    pluginHashes(hash: string, content: string): Promise<string>;
    pluginSigns(thumbprint: string, hash: string, content?: string, service?: string): Promise<string>;
    pluginAsked: { access: number; pin: number; stamps: number };
    cadesplugin?: { set(object: object): void };
    cpcsp_chrome_nmcades?: object;
  };
  outside.pluginAsked = { access: 0, pin: 0, stamps: 0 };

  // Each property is a promise, as everything goes through a message to another process.
  const remote = (members: Members): object =>
    new Proxy(members, {
      get(target, name) {
        if (typeof name !== 'string' || name === 'then') return undefined;
        if (name.startsWith('propset_')) {
          const set = target[name];
          return async (value: unknown) => {
            if (typeof set === 'function') Reflect.apply(set, target, [value]);
            else target[name.slice('propset_'.length)] = value;
          };
        }
        const member = target[name];
        if (typeof member === 'function') {
          return (...values: unknown[]) => Promise.resolve().then(() => Reflect.apply(member, target, values));
        }
        return name in target ? Promise.resolve(member) : undefined;
      },
    });

  const lines = (base64: string): string => base64.replaceAll(/(.{64})/g, '$1\r\n');
  const fail = (text: string, code: string): never => {
    throw new Error(`${text} (${code})`);
  };
  /** A text as the plug-in takes it: base64 of bytes, or by default UTF-16 (CADESCOM_STRING_TO_UCS2LE). */
  const bytes = (text: string, encoding: unknown): string => {
    if (encoding === 1) return text.replaceAll(/\s/g, '');
    const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
    return btoa(units.map((unit) => String.fromCharCode(unit & 0xff, unit >> 8)).join(''));
  };

  const certificate = (entry: Entry): object => {
    const now = Date.now();
    return remote({
      Thumbprint: entry.thumbprint,
      SubjectName: entry.subject,
      IssuerName: entry.issuer,
      SerialNumber: entry.serial,
      ValidFromDate: entry.from,
      ValidToDate: entry.to,
      Version: 3,
      HasPrivateKey: () => true,
      IsValid: () => remote({ Result: Date.parse(entry.from) <= now && now <= Date.parse(entry.to) }),
      PublicKey: () => remote({ Algorithm: remote({ FriendlyName: entry.hash, Value: entry.key }) }),
      Export: () => lines(entry.der),
      /** The provider asks once for each object that a certificate is taken as. */
      Unlock: function unlock(this: Members) {
        if (this['unlocked'] !== true) outside.pluginAsked.pin += 1;
        this['unlocked'] = true;
        return entry;
      },
    });
  };

  const collection = (found: Entry[]): object =>
    remote({
      Count: found.length,
      Item: (index: number) => {
        const entry = found[index - 1];
        return entry === undefined ? fail('Элемент не найден.', '0x80070490') : certificate(entry);
      },
      Find: (kind: number, wanted: unknown) => {
        const now = Date.now();
        const fits: Record<number, (entry: Entry) => boolean> = {
          0: (entry) => entry.thumbprint === String(wanted).toUpperCase(),
          1: (entry) => entry.subject.includes(String(wanted)),
          6: () => wanted === 2,
          9: (entry) => Date.parse(entry.from) <= now && now <= Date.parse(entry.to),
        };
        return collection(found.filter(fits[kind] ?? (() => fail('Параметр задан неверно.', '0x80070057'))));
      },
    });

  const store = (): object => {
    const members: Members = {
      Open: (where: number) => {
        // A store of tokens without a reader.
        if (where === 100) fail('Не удалось найти указанный считыватель смарт-карт.', '0x80100009');
        outside.pluginAsked.access += 1;
        if (fault === 'site') fail('Доступ запрещен.', '0x80070005');
        members['Certificates'] = collection(entries);
      },
      Close: () => { delete members['Certificates']; },
    };
    return remote(members);
  };

  const CADES_BES = 1;
  const CADES_T = 5;
  const PKCS7 = 0xffff;
  const HASHES: Record<number, { name: string; size: number }> = {
    101: { name: 'gost256', size: 32 },
    102: { name: 'gost512', size: 64 },
    4: { name: 'sha256', size: 32 },
  };
  interface Signer {
    Certificate: Promise<{ Unlock(): Promise<Entry> } | undefined>;
    TSAAddress?: Promise<string>;
  }
  const unlock = async (signer: Signer, kind: number): Promise<Entry> => {
    if (kind !== CADES_BES && kind !== CADES_T && kind !== PKCS7) fail('Параметр задан неверно.', '0x80070057');
    if (fault === 'cancelled') fail('Действие было отменено пользователем.', '0x8010006E');
    const own = await signer.Certificate;
    return own === undefined ? fail('Не задан сертификат.', '0x80090016') : own.Unlock();
  };

  /** A signature, with a time-stamp when the kind asks for one. */
  const make = async (entry: Entry, hash: string, signer: Signer, kind: number, content?: string): Promise<string> => {
    if (kind !== CADES_T) return lines(await outside.pluginSigns(entry.thumbprint, hash, content));
    const service = await signer.TSAAddress;
    if (service === undefined) return fail('Не задан адрес службы штампов времени.', '0x80070057');
    if (fault === 'timestamps') return fail('Лицензия на КриптоПро TSP Client истекла.', '0xC2100120');
    outside.pluginAsked.stamps += 1;
    const signed = outside.pluginSigns(entry.thumbprint, hash, content, service);
    return lines(await signed.catch(() => fail('Ошибка обращения к службе штампов времени.', '0xC2100100')));
  };

  const signedData = (): object => {
    const data: Members = {
      ContentEncoding: 0,
      // The content is taken as the encoding stands at that moment.
      propset_Content(this: Members, content: string) {
        this['Content'] = bytes(content, this['ContentEncoding']);
      },
      async SignCades(this: Members, signer: Signer, kind: number, detached = false) {
        const content = this['Content'];
        if (typeof content !== 'string') return fail('Параметр задан неверно.', '0x80070057');
        if (fault === 'small' && content.length > 140) fail('Недостаточно памяти.', '0x8007000E');
        const entry = await unlock(signer, kind);
        const hash = await outside.pluginHashes(entry.hash, content);
        return make(entry, hash, signer, kind, detached ? undefined : content);
      },
      async SignHash(hashed: { Algorithm: Promise<number>; Value: Promise<string> }, signer: Signer, kind: number) {
        const entry = await unlock(signer, kind);
        // A key of GOST signs hashes of its own length only.
        if (HASHES[await hashed.Algorithm]?.name !== entry.hash) fail('Указан неправильный алгоритм.', '0x80090008');
        return make(entry, await hashed.Value, signer, kind);
      },
    };
    return remote(data);
  };

  const hashedData = (): object => {
    const data: Members = {
      Algorithm: 0,
      DataEncoding: 0,
      async Hash(this: Members, content: string) {
        const kind = HASHES[Number(this['Algorithm'])] ?? fail('Указан неправильный алгоритм.', '0x80090008');
        this['Value'] = await outside.pluginHashes(kind.name, bytes(content, this['DataEncoding']));
      },
      SetHashValue(this: Members, value: string) {
        const kind = HASHES[Number(this['Algorithm'])] ?? fail('Указан неправильный алгоритм.', '0x80090008');
        if (!/^[0-9a-f]+$/i.test(value) || value.length !== kind.size * 2) {
          fail('Неправильный хеш.', '0x80090002');
        }
        this['Value'] = value.toUpperCase();
      },
    };
    return remote(data);
  };

  const version = (major: number, minor: number, build: number): object =>
    remote({
      MajorVersion: major,
      MinorVersion: minor,
      BuildVersion: build,
      toString: () => `${major}.${minor}.${build}`,
    });

  const classes: Record<string, () => object> = {
    'CAdESCOM.About': () =>
      remote({
        Version: fault === 'old' ? '2.0.12245' : '2.0.15000',
        PluginVersion: fault === 'old' ? version(2, 0, 12245) : version(2, 0, 15000),
        CSPVersion: () => {
          if (fault === 'csp') fail('Набор ключей не определен.', '0x80090019');
          return version(5, 0, 13000);
        },
      }),
    'CAdESCOM.Store': store,
    'CAdESCOM.CPSigner': () =>
      remote({ Certificate: undefined, AuthenticatedAttributes2: remote({ Add: () => undefined }) }),
    'CADESCOM.CPAttribute': () => remote({}),
    'CAdESCOM.CadesSignedData': signedData,
    'CAdESCOM.HashedData': hashedData,
  };

  // What the extension's own script gives to the page's loader.
  const bridge = {
    check_chrome_plugin(loaded: () => void, failed: (text?: string) => void): void {
      setTimeout(() => {
        if (fault === 'native') {
          failed('Плагин недоступен');
          return;
        }
        outside.cadesplugin?.set({
          CreateObjectAsync: async (name: string) =>
            (classes[name] ?? (() => fail('Класс не зарегистрирован', '0x80040154')))(),
        });
        loaded();
      }, 0);
    },
    ReleasePluginObjects: async () => true,
  };

  // The extension: its content script answers the page, and its script can be loaded from one
  // address. No other extension is here.
  window.addEventListener('message', ({ data, source }) => {
    if (source === window && data === 'cadesplugin_echo_request') window.postMessage('cadesplugin_loaded', '*');
  });
  const own = 'chrome-extension://iifchhfnnmpdbibifmljnfjhpififfog/nmcades_plugin_api.js';
  const insert = Node.prototype.insertBefore;
  const loads = (node: unknown): boolean => {
    if (!(node instanceof HTMLScriptElement) || !node.src.startsWith('chrome-extension://')) return false;
    const here = node.src === own && fault !== 'blocked';
    if (here) outside.cpcsp_chrome_nmcades = bridge;
    setTimeout(() => node.dispatchEvent(new Event(here ? 'load' : 'error')), 0);
    return true;
  };
  Node.prototype.appendChild = function appendChild<T extends Node>(this: Node, node: T): T {
    return loads(node) ? node : (insert.call(this, node, null) as T);
  };
  const append = Element.prototype.append;
  Element.prototype.append = function appendAll(this: Element, ...nodes: (Node | string)[]): void {
    append.apply(this, nodes.filter((node) => !loads(node)));
  };
}
