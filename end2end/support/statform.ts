// What people do with a statistical form: begin it, fill it, sign it, look at what customs says.

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';
import { gotoHydrated, hydrated } from './pages.ts';
import type { Sandbox } from './sandbox.ts';

/** A form's own page; one that came from a file is judged as a whole. */
const FORM = /\/statforms\/[0-9a-f]{8}-[0-9a-f-]{27}(\?checked=1)?$/;
/** A number that customs gave: `CCCCCCCC/DDMMYY/NNNNNNN`. */
export const NUMBER = /\d{8}\/\d{6}\/\S{7}/;
/** The status line once the server has everything. */
export const SAVED = /^Сохранено в \d\d:\d\d$/;

/** A buyer that no other test knows, so that a list can be searched for his forms. */
export function someBuyer(): string {
  return `ТОО "ПОКУПАТЕЛЬ ${randomUUID().slice(0, 8).toUpperCase()}"`;
}

/** A month of Moscow's calendar as people write it, `MM.YYYY`; `back` months ago. */
export function month(back = 0): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: 'Europe/Moscow',
    year: 'numeric',
    month: 'numeric',
  }).formatToParts(new Date());
  const part = (type: string): number => Number(parts.find((known) => known.type === type)?.value);
  const months = part('year') * 12 + part('month') - 1 - back;
  return `${String((months % 12) + 1).padStart(2, '0')}.${Math.floor(months / 12)}`;
}

/** Writes into a field with suggestions and takes the one that begins with `code`. */
export async function pick(field: Locator, code: string): Promise<void> {
  const list = field.page().locator(`[id="${await field.getAttribute('aria-controls')}"]`);
  const option = list.getByRole('option').filter({ hasText: new RegExp(`^\\s*${code} —`) });
  // The classifiers arrive a moment after the page.
  await expect(async () => {
    await field.fill('');
    await field.fill(code);
    await expect(option).toBeVisible({ timeout: 3_000 });
  }).toPass();
  await option.click();
  await expect(field).toHaveValue(new RegExp(`^${code}`));
}

export type Section =
  | 'Стороны'
  | 'Маршрут и условия'
  | 'Документы'
  | 'Товары'
  | 'Прочие сведения'
  | 'Проверка и отправка';

/** The editor of one form. */
export class Editor {
  readonly page: Page;
  readonly status: Locator;

  constructor(page: Page) {
    this.page = page;
    this.status = page.locator('.save-status');
  }

  /** Begins an empty form for this month, or for another one. */
  static async create(page: Page, period = month()): Promise<Editor> {
    await gotoHydrated(page, '/statforms/new');
    await page.getByRole('textbox', { name: 'Отчётный месяц' }).fill(period);
    await page.getByRole('button', { name: 'Создать форму' }).click();
    return Editor.opened(page);
  }

  /** The editor that is about to open in this page. */
  static async opened(page: Page): Promise<Editor> {
    await expect(page).toHaveURL(FORM);
    await hydrated(page);
    const editor = new Editor(page);
    await expect(editor.status).toBeVisible();
    return editor;
  }

  /** Opens a form by its address, alive and listening. */
  static async goto(page: Page, url: string): Promise<Editor> {
    await gotoHydrated(page, url);
    return Editor.opened(page);
  }

  get path(): string {
    return new URL(this.page.url()).pathname;
  }

  /** Goes to a section; on a phone only this section is then on the screen. */
  async go(section: Section): Promise<void> {
    const steps = this.page.getByRole('navigation', { name: 'Разделы формы' });
    await steps.getByRole('button', { name: section }).click();
    await expect(this.page.getByRole('region', { name: section })).toBeVisible();
  }

  party(name: string): Locator {
    return this.page.getByRole('group', { name, exact: true });
  }

  /** The name of the buyer, the field that most tests write into. */
  get buyer(): Locator {
    return this.party('Покупатель').getByRole('textbox', { name: 'Наименование' });
  }

  /** The name of the seller, prefilled from the profile. */
  get seller(): Locator {
    return this.party('Продавец').getByRole('textbox', { name: 'Наименование' });
  }

  /** Waits until the server has everything. */
  async saved(): Promise<void> {
    await expect(this.status).toHaveText(SAVED);
  }

  async fillParties(buyer: string): Promise<void> {
    await this.go('Стороны');
    const party = this.party('Покупатель');
    await this.buyer.fill(buyer);
    await pick(party.getByRole('combobox', { name: 'Страна', exact: true }), 'KZ');
    await party.getByRole('textbox', { name: 'БИН' }).fill('010140001230');
    await party.getByRole('textbox', { name: 'Город' }).fill('Алматы');
  }

  async fillRoute(total: string): Promise<void> {
    await this.go('Маршрут и условия');
    const route = this.page.getByRole('region', { name: 'Маршрут и условия' });
    await pick(route.getByRole('combobox', { name: 'Торгующая страна' }), 'KZ');
    await pick(route.getByRole('combobox', { name: 'Страна назначения' }), 'KZ');
    await pick(route.getByRole('combobox', { name: 'Вид транспорта на границе' }), '40');
    await route.getByRole('textbox', { name: 'Общая стоимость товаров' }).fill(total);
  }

  async fillDocument(): Promise<void> {
    await this.go('Документы');
    await this.page.getByRole('button', { name: 'Добавить документ' }).click();
    const document = this.party('Документ 1');
    await pick(document.getByRole('combobox', { name: 'Вид документа' }), '03011');
    await document.getByRole('textbox', { name: 'Номер' }).fill('15/КЗ');
    await document.getByRole('textbox', { name: 'Дата' }).fill('15.01.2026');
  }

  /** One line: notebooks, with the statistical value from the built-in rates. */
  async fillGoods(cost: string): Promise<void> {
    await this.go('Товары');
    await this.page.getByRole('button', { name: 'Добавить товар' }).click();
    const line = this.page.getByRole('region', { name: 'Товар 1' });
    await pick(line.getByRole('combobox', { name: 'Код товара по ТН ВЭД' }), '8471300000');
    await line.getByRole('textbox', { name: 'Описание товара' }).fill('НОУТБУК ПОРТАТИВНЫЙ');
    await line.getByRole('textbox', { name: 'Стоимость товара' }).fill(cost);
    await line.getByRole('textbox', { name: 'Вес нетто' }).fill('2,5');
    await line.getByRole('button', { name: 'Подставить' }).click();
    await expect(line.getByRole('textbox', { name: 'долл. США' })).not.toHaveValue('');
    await pick(line.getByRole('combobox', { name: 'Страна происхождения' }), 'RU');
    await line.getByRole('textbox', { name: 'Количество в дополнительной единице' }).fill('1');
    await expect(line.getByRole('combobox', { name: 'Дополнительная единица' })).toHaveValue(/^796/);
  }

  async fillSignatory(): Promise<void> {
    await this.go('Проверка и отправка');
    await this.party('Кто представляет форму')
      .getByRole('textbox', { name: 'Телефон' })
      .fill('+7 495 000-00-01');
  }

  /** Everything that customs wants, with values that pass the rules. */
  async fill(buyer: string, cost = '150000'): Promise<void> {
    await this.fillParties(buyer);
    await this.fillRoute(cost);
    await this.fillDocument();
    await this.fillGoods(cost);
    await this.fillSignatory();
    await this.saved();
  }

  /** «Подписать и отправить», twice: the form, and what is shown for signing. */
  async send(): Promise<void> {
    await this.go('Проверка и отправка');
    await this.page
      .getByRole('region', { name: 'Отправка', exact: true })
      .getByRole('button', { name: 'Подписать и отправить' })
      .click();
    await sign(this.page);
  }
}

/** Signs what the dialog shows. */
export async function sign(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Подписание и отправка' });
  await expect(dialog.getByText(/^[0-9a-f]{64}$/).first()).toBeVisible();
  await dialog.getByRole('button', { name: 'Подписать и отправить' }).click();
  await expect(dialog).toBeHidden();
}

/** Makes the software signature of this browser for the cabinet entered. */
export async function makeSignature(page: Page): Promise<void> {
  await gotoHydrated(page, '/profile');
  await page.getByRole('button', { name: 'Создать подпись на этом устройстве' }).click();
  await expect(page.getByText('Подпись создана')).toBeVisible();
}

/** Waits for the number that customs gives to the open form, and tells it. */
export async function registered(page: Page): Promise<string> {
  const number = page.locator('dt:text-is("Регистрационный номер") + dd').filter({ hasText: NUMBER });
  await expect(number).toBeVisible({ timeout: 30_000 });
  return (await number.innerText()).trim();
}

/** A form that is filled, signed and registered: its address and its number. */
export async function sentForm(page: Page, buyer: string): Promise<{ url: string; number: string }> {
  const editor = await Editor.create(page);
  await editor.fill(buyer);
  await editor.send();
  return { url: page.url(), number: await registered(page) };
}

/** The row of the list with these words. */
export function row(page: Page, words: string): Locator {
  return page.getByRole('row').filter({ hasText: words });
}

/** The list, narrowed to what was searched for. */
export async function find(page: Page, words: string): Promise<void> {
  await gotoHydrated(page, `/statforms?search=${encodeURIComponent(words)}`);
}

interface CustomsForm {
  message_id: string;
  number: string;
  state: string;
}

/** The inspector of the sandbox does something about a registered form. */
export async function inspect(
  sandbox: Sandbox,
  number: string,
  action: 'explain' | 'control' | 'clear' | 'annul',
  details: { text?: string; days?: number } = {},
): Promise<void> {
  const forms = await sandbox.get<CustomsForm[]>('eais/forms');
  const form = forms.find((known) => known.number === number);
  if (form === undefined) throw new Error(`customs does not know ${number}`);
  await sandbox.post(`eais/forms/${form.message_id}/${action}`, details);
}

/** The bytes that a link gives when it is followed. */
export async function download(page: Page, link: Locator): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}
