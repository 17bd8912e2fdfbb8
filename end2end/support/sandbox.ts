// The control of the sandbox: what customs, ESIA and the mail do next, and what they have seen.

import type { APIRequestContext } from '@playwright/test';

/** Ready persons of the sandbox, by what they are in the tests. */
export const PERSONS = {
  /** Head of two companies. */
  director: { surname: 'Берёзкина', cabinet: 'Ромашка-Экспорт' },
  /** Employee with rights. */
  employee: { surname: 'Осинин', cabinet: 'Ромашка-Экспорт' },
  /** Employee without rights. */
  trainee: { surname: 'Ивушкина', cabinet: 'Ромашка-Экспорт' },
  soleTrader: { surname: 'Кленов', cabinet: 'ИП' },
  selfEmployed: { surname: 'Рябинина', cabinet: 'Рябинина' },
  person: { surname: 'Тополев', cabinet: 'Тополев' },
  /** Not confirmed: may not enter. */
  unconfirmed: { surname: 'Вербин', cabinet: '' },
} as const;

export type PersonKey = keyof typeof PERSONS;

export class Sandbox {
  readonly #request: APIRequestContext;
  readonly #url: () => string;

  constructor(request: APIRequestContext, url: () => string) {
    this.#request = request;
    this.#url = url;
  }

  /** `GET /sandbox/…`, for example `get('eais/messages')`. */
  async get<T>(path: string): Promise<T> {
    const address = `${this.#url()}/sandbox/${path}`;
    const response = await this.#request.get(address);
    if (!response.ok()) {
      throw new Error(`GET ${address}: ${response.status()} ${await response.text()}`);
    }
    return (await response.json()) as T;
  }

  /** `POST /sandbox/…` with JSON that is answered with JSON, for example `ask('ca/signature', { snils })`. */
  async ask<T>(path: string, body: unknown): Promise<T> {
    const address = `${this.#url()}/sandbox/${path}`;
    const response = await this.#request.post(address, { data: body });
    if (!response.ok()) {
      throw new Error(`POST ${address}: ${response.status()} ${await response.text()}`);
    }
    return (await response.json()) as T;
  }

  /** `POST /sandbox/…` with JSON, for example `post('eais/mode', { down: true })`. */
  async post(path: string, body: unknown = {}): Promise<void> {
    const address = `${this.#url()}/sandbox/${path}`;
    const response = await this.#request.post(address, { data: body });
    if (!response.ok()) {
      throw new Error(`POST ${address}: ${response.status()} ${await response.text()}`);
    }
  }
}
