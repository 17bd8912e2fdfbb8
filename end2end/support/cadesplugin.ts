// A stand-in for «КриптоПро ЭЦП Browser plug-in»: the object `window.cadesplugin` with the habits of
// the real one that clients trip over. It is a thenable with methods on it; properties of its
// objects are promises; they are set by `propset_…`; collections count from one; errors are texts
// with a code. What it signs is made by OpenSSL outside the browser.

import { createHash, X509Certificate } from 'node:crypto';
import type { Page } from '@playwright/test';
import { opensslSign, type TestSignature } from './signature.ts';

/** What is wrong with the plug-in of this computer. */
export type Fault = 'none' | 'native' | 'csp' | 'old' | 'cancelled';

interface Entry {
  thumbprint: string;
  subject: string;
  der: string;
}

/** Puts the plug-in with these certificates into every page that is opened from now on. */
export async function installPlugin(
  page: Page,
  signatures: TestSignature[],
  fault: Fault = 'none',
): Promise<void> {
  const entries = signatures.map((signature): Entry => {
    const { raw, subject } = new X509Certificate(signature.certificate_pem);
    const thumbprint = createHash('sha1').update(raw).digest('hex').toUpperCase();
    return { thumbprint, subject, der: raw.toString('base64') };
  });
  await page.exposeFunction('signByOpenssl', async (thumbprint: string, content: string) => {
    const at = entries.findIndex((entry) => entry.thumbprint === thumbprint);
    const signature = signatures[at];
    if (signature === undefined) throw new Error('no such certificate');
    return (await opensslSign(signature, Buffer.from(content, 'base64'))).toString('base64');
  });
  await page.addInitScript(plugin, { entries, fault });
}

/** Runs in the page; it must not use anything from outside. */
function plugin({ entries, fault }: { entries: Entry[]; fault: Fault }): void {
  type Members = Record<string, unknown>;
  // Each property is a promise, as everything goes through a message to another process.
  const remote = (members: Members): object =>
    new Proxy(members, {
      get(target, name) {
        if (typeof name !== 'string' || name === 'then') return undefined;
        if (name.startsWith('propset_')) {
          return (value: unknown) => {
            target[name.slice('propset_'.length)] = value;
            return Promise.resolve();
          };
        }
        const member = target[name];
        if (typeof member === 'function') {
          return (...values: unknown[]) => Promise.resolve().then(() => Reflect.apply(member, target, values));
        }
        return Promise.resolve(member);
      },
    });

  const certificate = (entry: Entry): object =>
    remote({
      Thumbprint: entry.thumbprint,
      SubjectName: entry.subject,
      HasPrivateKey: () => true,
      Export: () => entry.der.replaceAll(/(.{64})/g, '$1\r\n'),
      thumbprint: entry.thumbprint,
    });

  const store = (): object => {
    let place = 0;
    return remote({
      Open: (where: number) => {
        // A store of tokens without a reader.
        if (where === 100) throw new Error('Не удалось найти указанный считыватель смарт-карт. (0x80100009)');
        place = where;
      },
      Close: () => { place = 0; },
      Certificates: remote({
        Count: entries.length,
        Item: (index: number) => {
          const entry = entries[index - 1];
          if (entry === undefined || place === 0) throw new Error('Элемент не найден. (0x80070490)');
          return certificate(entry);
        },
      }),
    });
  };

  const signedData = (): object => {
    const data: Members = {
      async SignCades(signer: { Certificate: Promise<{ Thumbprint: Promise<string> }> }, kind: number, detached: boolean) {
        if (fault === 'cancelled') throw new Error('Действие было отменено пользователем. (0x8010006E)');
        if (kind !== 1 || !detached || data['ContentEncoding'] !== 1) {
          throw new Error('Параметр задан неверно. (0x80070057)');
        }
        const thumbprint = await (await signer.Certificate).Thumbprint;
        const sign = (window as unknown as { signByOpenssl: (t: string, c: unknown) => Promise<string> }).signByOpenssl;
        return (await sign(thumbprint, data['Content'])).replaceAll(/(.{64})/g, '$1\r\n');
      },
    };
    return remote(data);
  };

  const make: Record<string, () => object> = {
    'CAdESCOM.About': () =>
      remote({
        Version: fault === 'old' ? '2.0.12245' : '2.0.15000',
        CSPVersion: () => {
          if (fault === 'csp') throw new Error('Набор ключей не определен. (0x80090019)');
          return remote({ MajorVersion: 5, MinorVersion: 0, BuildVersion: 13000 });
        },
      }),
    'CAdESCOM.Store': store,
    'CAdESCOM.CPSigner': () => remote({ AuthenticatedAttributes2: remote({ Add: () => undefined }) }),
    'CADESCOM.CPAttribute': () => remote({}),
    'CAdESCOM.CadesSignedData': signedData,
  };

  const loaded = new Promise<void>((resolve, reject) => {
    setTimeout(() => (fault === 'native' ? reject('Плагин недоступен') : resolve()), 20);
  });
  loaded.catch(() => undefined);
  const root = Object.assign(loaded, {
    CreateObjectAsync: (name: string) =>
      Promise.resolve().then(() => {
        const maker = make[name];
        if (maker === undefined) throw new Error('Класс не зарегистрирован (0x80040154)');
        return maker();
      }),
    getLastError: (error: Error) => error.message,
  });
  Object.assign(window, { cadesplugin: root });
}
