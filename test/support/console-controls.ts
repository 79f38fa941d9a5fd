import { setTimeout as delay } from 'node:timers/promises';
import type { Locator, Page, Request } from 'playwright-core';
import { POLICY } from '../admin/policy';

/** A call of `/admin`, as the console made it. */
export interface ConsoleCall {
  /** As the policy names it. */
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly body: object | undefined;
}

/** Read by POST, since what they ask for may stand in no address. */
const READS = new Set(['POST /admin/search', 'POST /admin/diagnosis']);
const TYPED = /^Type (.+) to confirm$/;
/** Within this a dialog opens, and a call is made. */
const PATIENCE_MS = 1000;
/** Stands for the calls that a screen begins with. */
export const BEGINNING = '';

/** What the buttons of a screen are called. */
export const buttonsOf = async (page: Page): Promise<Set<string>> =>
  new Set(await page.locator('main button').allInnerTexts());

/**
 * Presses every button of a screen and does what its dialog asks for. What would change something is kept from the server.
 *
 * @returns the calls behind each, and those that the screen begins with.
 */
export async function pressAll(
  page: Page,
  open: () => Promise<void>,
): Promise<Map<string, ConsoleCall[]>> {
  await page.route('**/admin/**', (route) =>
    changes(callOf(route.request())) ? route.fulfill({ status: 503, json: {} }) : route.continue(),
  );
  let calls: ConsoleCall[] = [];
  const note = (request: Request) => {
    if (request.url().includes('/admin/')) calls.push(callOf(request));
  };
  page.on('request', note);
  await open();
  const found = new Map([[BEGINNING, calls]]);
  const begins = new Set(calls.map(({ route }) => route));
  for (const button of await buttonsOf(page)) {
    await open();
    await fillIn(page.locator('main'));
    calls = [];
    await page.locator('main').getByRole('button', { name: button, exact: true }).first().click();
    await answerDialog(page);
    await within(() => calls.some(changes));
    found.set(
      button,
      calls.filter((call) => changes(call) || !begins.has(call.route)),
    );
  }
  page.off('request', note);
  await page.unroute('**/admin/**');
  return found;
}

export const changes = ({ method, route }: ConsoleCall) => method !== 'GET' && !READS.has(route);

function callOf(request: Request): ConsoleCall {
  const { pathname, search } = new URL(request.url());
  const method = request.method();
  return {
    route: routeOf(method, pathname),
    method,
    path: pathname + search,
    body: (request.postDataJSON() as object | null) ?? undefined,
  };
}

function routeOf(method: string, path: string): string {
  const routes = Object.keys(POLICY).filter((route) => {
    const [of, template] = route.split(' ') as [string, string];
    return of === method && new RegExp(`^${template.replaceAll(/:\w+/g, '[^/]+')}$`).test(path);
  });
  // A word goes before what stands for any.
  return routes.find((route) => !route.includes(':')) ?? routes[0] ?? `${method} ${path}`;
}

async function answerDialog(page: Page): Promise<void> {
  const dialog = page.locator('dialog[open]');
  const isOpen = await dialog.waitFor({ timeout: PATIENCE_MS }).then(
    () => true,
    () => false,
  );
  if (!isOpen) return;
  await fillIn(dialog);
  await dialog.locator('button[type=submit]:not([aria-disabled=true])').click();
}

/** Gives each field that must be filled what it asks for. */
async function fillIn(place: Locator): Promise<void> {
  for (const field of await place.locator('input:required').all()) {
    if (await field.inputValue()) continue;
    const label = await field.evaluate((input) => {
      const { labels } = input as unknown as { labels: ArrayLike<{ innerText: string }> };
      return labels[0]!.innerText;
    });
    const isUrl = (await field.getAttribute('type')) === 'url';
    await field.fill(TYPED.exec(label)?.[1] ?? (isUrl ? 'https://hooks.example.com/x' : '4711'));
  }
}

async function within(isDone: () => boolean): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !isDone() && Date.now() < end;) await delay(20);
}
