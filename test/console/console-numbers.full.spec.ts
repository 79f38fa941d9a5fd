import type { Page } from 'playwright-core';
import { AuditEvent } from '../../src/audit/audit-event.entity';
import { Snowflake } from '../../src/common/snowflake';
import { describeBrowser } from '../support/chromium';
import { newConsoleOperator, openConsole } from '../support/console';
import { consoleSetting } from '../support/console-setting';
import { randomMobile } from '../support/mobile';
import { insertDeliveries } from '../support/receipts';
import { until } from '../support/until';

const HOUR_MS = 3_600_000;
const AUDIT = '/admin/audit';
const MESSAGES = '/admin/sms/deliveries';

describeBrowser('the numbers of the overview', () => {
  const at = consoleSetting({ SMS_COUNTRIES: 'CN', SMS_BUDGET_DAILY: '80' });

  beforeAll(async () => {
    await happenBefore(2 * HOUR_MS);
    await insertDeliveries(at.app, [{ receipt: 'delivered', deliveredAt: new Date() }]);
  });

  /** What is in no list of the last hour. */
  const happenBefore = async (milliseconds: number) => {
    const then = new Date(Date.now() - milliseconds);
    const id = Snowflake.firstOf(+then);
    const event = { id, at: then, actorKind: 'user', requestId: id } as const;
    await at.app.sql.getRepository(AuditEvent).insert({ ...event, action: 'session.started' });
    const used = { id, createdAt: then, verifiedAt: then };
    await insertDeliveries(at.app, [{ ...used, receipt: 'delivered', deliveredAt: then }]);
  };
  const isRefused = async () =>
    (await at.app.sql.getRepository(AuditEvent).countBy({ action: 'login.refused' })) > 0;

  it('lead to what was counted: the same rows of the same hour, also after a reload', () =>
    at.visit({}, async (page) => {
      const viewer = await newConsoleOperator(at.app, 'viewer');
      await at.app.post('/auth/tokens', { mobile: randomMobile(), code: '000000' });
      await until(isRefused);
      await openConsole(at.app, page, viewer, '/overview?range=1h');
      await page.getByRole('table', { name: 'Refusals' }).waitFor();

      const logins = await follow(page, 'Logins', AUDIT);
      const sent = await follow(page, 'Codes sent', MESSAGES);
      const used = await follow(page, 'Codes used', MESSAGES);
      const delivered = await follow(page, 'Time to delivered', MESSAGES);
      const refused = await follow(page, 'Refusals', AUDIT);

      expect(logins).toEqual({ shown: 3, listed: 3, filter: { action: 'session.started' } });
      expect(sent).toMatchObject({ listed: sent.shown, filter: { outcome: 'sent' } });
      expect(used).toMatchObject({ listed: used.shown, filter: { used: 'true' } });
      expect(delivered).toMatchObject({ listed: 1, filter: { receipt: 'delivered' } });
      expect(refused).toEqual({ shown: 1, listed: 1, filter: { action: 'login.refused' } });
    }));

  it('a filter of time is typed in the zone of the viewer, and stays as exact as it was', () =>
    at.visit({ timezoneId: 'Asia/Shanghai' }, async (page) => {
      const viewer = await newConsoleOperator(at.app, 'viewer');
      const exact = '2026-01-31T01:30:15.123Z';
      await openConsole(at.app, page, viewer, `/audit?since=${exact}`);

      const since = await page.getByLabel('Since').inputValue();
      await page.getByLabel('Until').fill('2026-01-31T10:00');
      await page.getByRole('button', { name: 'Apply' }).click();
      await page.waitForURL(/until=/);
      const { searchParams } = new URL(page.url());

      expect(since).toBe('2026-01-31T09:30');
      expect(searchParams.get('since')).toBe(exact);
      expect(searchParams.get('until')).toBe('2026-01-31T02:00:00.000Z');
    }));

  it('what was spent leads to the spend of today', () =>
    at.visit({}, async (page) => {
      await openConsole(at.app, page, await newConsoleOperator(at.app, 'viewer'), '/overview');
      await page.getByRole('link', { name: /of 80\.00$/ }).click();

      const day = new Date().toISOString().slice(0, 10);
      await page.getByRole('heading', { name: `Spend since ${day}` }).waitFor();
    }));
});

/** Goes from a number to its list, reloads that, and comes back. @returns what was asked for, and how much is listed. */
async function follow(page: Page, place: string, path: string) {
  const link = page.getByRole('region', { name: place }).locator('a strong, dd a, td a').first();
  const shown = Number(await link.textContent());
  await link.click();
  await page.locator('main tbody').last().waitFor();
  const asked = page.waitForRequest((request) => new URL(request.url()).pathname === path);
  await page.reload();
  const { searchParams } = new URL((await asked).url());
  const rows = page.getByRole('table', { name: path === AUDIT ? 'Audit' : 'Deliveries' });
  await rows.waitFor();
  const listed = await rows.locator('tbody tr').count();
  await page.goBack();
  await page.locator('.figures').waitFor();
  const { since, until: end, ...filter } = Object.fromEntries(searchParams);
  const hours = (Date.parse(end!) - Date.parse(since!)) / HOUR_MS;
  expect(hours).toBeGreaterThan(0.9);
  expect(hours).toBeLessThanOrEqual(1);
  return { shown, listed, filter };
}
