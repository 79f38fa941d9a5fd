import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describeBrowser } from '../support/chromium';
import { consoleUrl, newConsoleOperator, openConsole } from '../support/console';
import { consoleSetting } from '../support/console-setting';
import { FIELDS } from '../support/filled-fields';
import { FIXED, SHOWN, textIn, UNSHOWN, valueIn } from '../support/hostile-columns';
import { HOSTILE } from '../support/hostile-texts';
import { type HostileUser, seedHostileWorld } from '../support/hostile-world';
import { PageWatch } from '../support/page-watch';

const LISTS = ['overview', 'sms', 'sessions', 'audit', 'operators', 'webhooks', 'configuration'];
/** What addresses may name, each of which anybody may have written. */
const QUERIES = [
  'overview?range=',
  'sms?country=&prefix=&provider=&outcome=&receipt=&used=&since=&until=&number=&from=',
  'sessions?network=&opened_before=&live=',
  'audit?user=&action=&since=&until=&number=',
];
/** Marks that change the direction of what follows. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/;
/** In an address: the server has nothing at longer ones. */
const LONGEST_ID = 100;
const PATHS = ['users', 'numbers', 'requests', 'webhooks'];
/** What people see of themselves. */
const OWN = ['users.name', 'users.username', 'sessions.device', 'user_devices.device'];

describeBrowser('texts of others in the console', () => {
  const at = consoleSetting();
  let users: HostileUser[];

  beforeAll(async () => {
    users = await seedHostileWorld(at.app);
  });

  const origin = () => new URL(consoleUrl(at.app)).origin;
  const visit = (act: (page: Page, watch: PageWatch) => Promise<void>) =>
    at.visit({}, async (page) => act(page, await PageWatch.over(page, origin())));
  const enter = async (page: Page) =>
    openConsole(at.app, page, await newConsoleOperator(at.app, 'admin'), '/find');
  const open = async (page: Page, path: string) => {
    await page.goto(`${consoleUrl(at.app)}/${path}`);
    await page.waitForSelector('main h1');
    await page.waitForSelector('main .loading', { state: 'detached' });
  };

  it('are known by the column in which they are, and the field by which they came', () => {
    const columns = at.app.sql.entityMetadatas.flatMap(({ tableName, columns: all }) =>
      all
        .filter(({ type }) => type === 'varchar')
        .map(({ databaseName }) => `${tableName}.${databaseName}`),
    );
    const known = [...Object.keys({ ...SHOWN, ...UNSHOWN }), ...Object.values(FIXED).flat()];
    const kept = Object.values(FIELDS).filter((column) => column !== null);

    expect(known.toSorted()).toEqual([...new Set(columns)].toSorted());
    expect(Object.keys(FIELDS)).toEqual(textFields());
    expect(kept.filter((column) => !(column in SHOWN || column in UNSHOWN))).toEqual([]);
  });

  it(
    'are shown as text, whatever they are, on every screen',
    () =>
      visit(async (page, watch) => {
        await enter(page);
        const own = users.flatMap(({ id }) => [`users/${id}`, `webhooks/${id}`]);
        const texts: string[] = [];
        for (const path of [...LISTS, ...own]) {
          await open(page, path);
          texts.push(...(await watch.texts()));
        }

        expect(missing(Object.keys(SHOWN), texts)).toEqual([]);
        expect(Object.keys(UNSHOWN).filter((column) => isSomewhere(column, texts))).toEqual([]);
        expect(texts.filter((text) => TURNS.test(text) && !isWhole(text))).toEqual([]);
        expect(watch.found).toEqual([]);
      }),
    120_000,
  );

  it(
    'do nothing in addresses, and in what is looked for',
    () =>
      visit(async (page, watch) => {
        await enter(page);
        for (const [index, text] of HOSTILE.entries()) {
          const encoded = encodeURIComponent(text);
          const queries = QUERIES.map((query) => query.replaceAll('=', `=${encoded}`));
          const one = `${PATHS[index % PATHS.length]}/${encoded}`;
          for (const path of [...queries, ...(encoded.length > LONGEST_ID ? [] : [one])]) {
            await open(page, path);
            await watch.texts();
          }
          await page.keyboard.press('/');
          await page.keyboard.insertText(text);
          await page.keyboard.press('Enter');
          await page.waitForURL(/\/(find|numbers\/.*)$/);
          await watch.texts();
        }

        expect(watch.found).toEqual([]);
      }),
    180_000,
  );

  it('are text on the pages for logins and accounts', async () => {
    const texts: string[] = [];
    for (const { text, mobile } of users) {
      await visit(async (page, watch) => {
        const given = new URLSearchParams({ lang: text, return_to: text, next: text });
        for (const path of [`/login?${given}`, `/login/password?${given}`, '/account']) {
          await page.goto(origin() + path);
          await watch.texts();
        }
        await page.fill('#mobile', text);
        await page.click('main button');
        await page.waitForSelector('#error');
        await watch.texts();
        await page.fill('#mobile', mobile);
        await page.click('main button');
        await page.fill('#code', at.app.inbox.codeFor(mobile));
        await page.waitForSelector('#profile');
        texts.push(...(await watch.texts()));

        expect(watch.found).toEqual([]);
      });
    }

    expect(missing(OWN, texts)).toEqual([]);
  }, 180_000);
});

const missing = (columns: readonly string[], texts: readonly string[]): string[] =>
  columns.flatMap((column) =>
    HOSTILE.filter((text) => {
      const wanted = [textIn(column, text), valueIn(column, text)];
      return !texts.some((one) => wanted.some((part) => one.includes(part)));
    }).map((text) => `${column}: ${text}`),
  );

/** Whether nothing stands beside it: it is all of a value, or the beginning of an id. */
const isWhole = (text: string) =>
  text.length === 8 ||
  Object.keys({ ...SHOWN, ...UNSHOWN }).some((column) =>
    HOSTILE.some((one) => [textIn(column, one), valueIn(column, one)].includes(text)),
  );

const isSomewhere = (column: string, texts: readonly string[]) =>
  missing([column], texts).length < HOSTILE.length;

/** Of all requests: those that are of no closed list. */
function textFields(): string[] {
  const { paths, components } = JSON.parse(readFileSync('openapi.json', 'utf8'));
  const known = (schema: Schema): Schema =>
    schema.$ref ? components.schemas[schema.$ref.split('/').at(-1)!] : schema;
  const operations = Object.values<Record<string, Operation>>(paths).flatMap((one) =>
    Object.values(one),
  );
  const bodies = operations.flatMap(({ requestBody }) =>
    Object.values(requestBody?.content ?? {}).map(({ schema }) => known(schema)),
  );
  const fields = bodies.flatMap(({ properties = {} }) => Object.entries(properties));
  const texts = fields.filter(([, field]) => {
    const { type, enum: list } = known(field.items ?? field);
    return type === 'string' && !list;
  });
  return [...new Set(texts.map(([name]) => name))].toSorted();
}

interface Schema {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
}

interface Operation {
  requestBody?: { content: Record<string, { schema: Schema }> };
}
