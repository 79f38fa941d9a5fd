import type { BrowserContext, Page } from 'playwright-core';
import { BY_SYSTEM } from '../../src/audit/change';
import { Session } from '../../src/sessions/session.entity';
import { WebhookEndpointsService } from '../../src/webhooks/webhook-endpoints.service';
import { describeBrowser } from '../support/chromium';
import {
  type ConsoleOperator,
  consoleUrl,
  newConsoleOperator,
  openConsole,
} from '../support/console';
import { consoleSetting } from '../support/console-setting';
import { userIdOf } from '../support/jwt';

const HOUR_MS = 3_600_000;
const HOST = 'hooks.example.com';

describeBrowser('habits of the console', () => {
  const at = consoleSetting();
  let admin: ConsoleOperator;

  beforeAll(async () => {
    admin = await newConsoleOperator(at.app, 'admin');
  });

  const visit = (act: (page: Page, context: BrowserContext) => Promise<void>) =>
    at.visit({ timezoneId: 'Asia/Shanghai' }, act);
  const endpoints = () => at.app.nest.get(WebhookEndpointsService);
  const addEndpoint = async () => {
    const wanted = { url: `https://${HOST}/tandem`, events: ['*'] };
    return (await endpoints().add(wanted, BY_SYSTEM)).endpoint.id;
  };
  /** As if all that the operator proved were an hour ago. */
  const ageProofs = async () => {
    const earlier = new Date(Date.now() - HOUR_MS);
    const proofs = { createdAt: earlier, authTime: earlier, codeAt: earlier };
    await at.app.sql.getRepository(Session).update({ userId: admin.id }, proofs);
  };

  it('asks for a fresh proof in the middle of an action, and does what was asked for', () =>
    visit(async (page) => {
      const id = await addEndpoint();
      await openConsole(at.app, page, admin, `/webhooks/${id}`);
      await ageProofs();

      await remove(page);
      await page.keyboard.press('Escape');
      await page.locator('dialog .failed').waitFor();
      const ofNobody = (await endpoints().list()).length;
      await page.keyboard.press('Escape');
      await remove(page);
      await page.fill('input[type=password]', admin.password);
      await page.keyboard.press('Enter');
      await page.waitForURL(`${consoleUrl(at.app)}/webhooks`);

      expect(ofNobody).toBe(1);
      expect(await endpoints().list()).toEqual([]);
    }));

  it('tells an endpoint of a time once more, in the zone of the viewer', () =>
    visit(async (page) => {
      const id = await addEndpoint();
      await openConsole(at.app, page, admin, `/webhooks/${id}`);
      const replay = async (since: number, until: number | null) => {
        await page.getByRole('button', { name: 'Replay' }).click();
        await page.getByLabel('From').fill(shanghai(since));
        await page.getByLabel('Until').fill(until === null ? '' : shanghai(until));
        await page.locator('dialog').getByRole('button', { name: 'Replay' }).click();
        return page.getByText(/^\d+ events will be told once more\.$/).textContent();
      };

      const from = page.getByLabel('From');
      await page.getByRole('button', { name: 'Replay' }).click();
      await from.fill('120261-01-01T00:00');
      await page.locator('dialog').getByRole('button', { name: 'Replay' }).click();
      const isWrong = await from.evaluate((input) => input.matches(':focus:invalid'));
      await page.keyboard.press('Escape');
      const none = await replay(-3, -2);
      await page.reload();
      const some = await replay(-1, null);

      expect(isWrong).toBe(true);
      expect(none).toMatch(/^0 /);
      expect(Number.parseInt(some!, 10)).toBeGreaterThan(0);
      await endpoints().remove(id, BY_SYSTEM);
    }));

  it('goes on from where a replay of too many events ended', () =>
    visit(async (page) => {
      const id = await addEndpoint();
      await openConsole(at.app, page, admin, `/webhooks/${id}`);
      const asked: { since: string }[] = [];
      await page.route('**/replay', (route) => {
        asked.push(route.request().postDataJSON());
        const rest = { events: 10_000, next: '2026-01-02T03:04:05.678Z' };
        return route.fulfill({ json: asked.length === 1 ? rest : { events: 2, next: null } });
      });
      const replay = page.locator('dialog').getByRole('button', { name: 'Replay' });

      await page.getByRole('button', { name: 'Replay' }).click();
      await replay.click();
      await page.getByText(/^10000 events will be told once more. There are more from/).waitFor();
      await replay.click();
      await page.getByText(/^2 events will be told once more\.$/).waitFor();

      expect(asked[1]!.since).toBe('2026-01-02T03:04:05.678Z');
      await endpoints().remove(id, BY_SYSTEM);
    }));

  it('locks when nobody is there, and opens to the password where it was', () =>
    visit(async (page, context) => {
      await context.clock.install();
      await openConsole(at.app, page, admin, '/audit?action=session.started');

      await context.clock.fastForward(16 * 60_000);
      await page.getByText('Nobody has used the console for a while.').waitFor();
      const hidden = await page.locator('.shell').count();
      await page.keyboard.press('Shift');
      await page.reload();
      await page.getByText('Nobody has used the console for a while.').waitFor();
      await page.fill('input[type=password]', 'somebody else');
      await page.keyboard.press('Enter');
      await page.locator('.failed').waitFor();
      await page.fill('input[type=password]', admin.password);
      await page.keyboard.press('Enter');
      await page.locator('.shell h1').waitFor();

      expect(hidden).toBe(0);
      expect(page.url()).toBe(`${consoleUrl(at.app)}/audit?action=session.started`);
    }));

  it('goes on where a stream ended, and says when it is behind', () =>
    visit(async (page, context) => {
      await context.clock.install();
      let isCut = false;
      const asked: string[] = [];
      await page.route('**/admin/events*', (route) => {
        const url = new URL(route.request().url());
        if (isCut) return route.abort();
        asked.push(url.search);
        url.searchParams.set('wait', '1');
        return route.continue({ url: String(url) });
      });
      await openConsole(at.app, page, admin, '/overview');
      const first = await at.app.logIn();
      await page
        .getByRole('link', { name: userIdOf(first.token) })
        .first()
        .waitFor();

      isCut = true;
      await page.waitForEvent('requestfailed', (request) => /\/admin\/events/.test(request.url()));
      const second = await at.app.logIn();
      await context.clock.fastForward(30_000);
      await page.getByText(/^Behind: the last news came/).waitFor();
      isCut = false;
      await context.clock.fastForward(40_000);
      const created = page.locator('.moments li', { hasText: 'user.created' });
      const link = page.getByRole('link', { name: userIdOf(second.token) });
      await created.filter({ has: link }).waitFor();
      await page.getByText('Live', { exact: true }).waitFor();

      expect(await created.filter({ has: link }).count()).toBe(1);
      expect(asked[0]).toBe('');
      expect(asked.at(-1)).toMatch(/^\?after=\d+$/);
    }));
});

/** As `datetime-local` has it, so many hours from now. */
const shanghai = (hours: number) =>
  new Date(Date.now() + (8 + hours) * HOUR_MS).toISOString().slice(0, 16);

const remove = async (page: Page) => {
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByLabel(`Type ${HOST} to confirm`).fill(HOST);
  await page.keyboard.press('Enter');
  await page.getByText('Once more, please').waitFor();
};
