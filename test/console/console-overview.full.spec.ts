import { BY_SYSTEM } from '../../src/audit/change';
import { Node } from '../../src/events/node.entity';
import { SmsConversion } from '../../src/sms/sms-conversion.entity';
import { WebhookEndpointsService } from '../../src/webhooks/webhook-endpoints.service';
import { describeBrowser } from '../support/chromium';
import { passTime } from '../support/clock';
import { newConsoleOperator, openConsole } from '../support/console';
import { consoleSetting } from '../support/console-setting';

const HOUR_MS = 3_600_000;

describeBrowser('the overview of the console', () => {
  const at = consoleSetting();

  const addDisabledEndpoint = async () => {
    const wanted = { url: 'https://hooks.example.com/tandem', events: ['*'] };
    const { endpoint } = await at.app.nest.get(WebhookEndpointsService).add(wanted, BY_SYSTEM);
    await at.app.sql.query('UPDATE webhook_endpoints SET disabled_at = 1');
    return endpoint.id;
  };

  it('shows alerts that no event tells of while it is looked at, to screen readers, too', () =>
    at.visit({}, async (page, context) => {
      await context.clock.install();
      await page.route('**/admin/events*', (route) => route.abort());
      const admin = await newConsoleOperator(at.app, 'admin');
      await openConsole(at.app, page, admin, '/overview');
      await page.locator('.figures').waitFor();
      const news = page.locator('p.hidden[role=status]');
      const before = await news.textContent();
      const dead = ['first of two', 'the second'].map(deadNode);
      // Else this one has come for them.
      await at.app.sql.query('UPDATE nodes SET started_at = 1');
      await at.app.sql.getRepository(Node).insert(dead);
      const id = await addDisabledEndpoint();
      // The server keeps how things stand for some seconds.
      passTime(5000);

      await context.clock.fastForward(21_000);
      const alerts = page.locator('.alerts li');
      await alerts.getByText('dead-1 is silent').waitFor();
      const link = alerts.filter({ hasText: id }).getByRole('link', { name: 'Look at it' });
      const rows = page.locator('tr', { hasText: 'dead-1' }).locator('code');

      expect(before).not.toContain('dead-1');
      expect(await news.textContent()).toContain('dead-1 is silent');
      expect(await alerts.filter({ hasText: 'dead-1' }).count()).toBe(1);
      expect(await link.getAttribute('href')).toMatch(new RegExp(`/webhooks/${id}$`));
      expect((await rows.allTextContents()).toSorted()).toEqual(['first of', 'the seco']);
    }));

  it('keeps what it shows when it cannot look again, and says of when that is', () =>
    at.visit({}, async (page, context) => {
      await context.clock.install();
      await page.route('**/admin/events*', (route) => route.abort());
      await openConsole(at.app, page, await newConsoleOperator(at.app, 'viewer'), '/overview');
      await page.locator('.figures').waitFor();

      await page.route(isBroken, (route) => route.abort());
      await context.clock.fastForward(21_000);
      const failed = page.getByRole('alert');
      await failed.getByText(/^It could not be loaded again. What is shown is of /).waitFor();
      const figures = await page.locator('.figures').count();
      await page.unroute(isBroken);
      await failed.getByRole('button', { name: 'Load again' }).click();
      await failed.waitFor({ state: 'detached' });

      expect(figures).toBe(1);
      await page.route(isBroken, (route) =>
        route.fulfill({ status: 403, json: { errorCode: 'FORBIDDEN', message: 'No.' } }),
      );
      await context.clock.fastForward(21_000);
      await page.locator('.figures').waitFor({ state: 'detached' });
    }));

  it('lifts a pause of the monitor, for support, and leads to the codes that were not used', () =>
    at.visit({}, async (page) => {
      const minute = Math.floor(Date.now() / 60_000) - 10;
      const counts = { scope: '+8613812', minute, sent: 40, verified: 1 };
      await at.app.sql.getRepository(SmsConversion).insert(counts);
      passTime(5000);
      const support = await newConsoleOperator(at.app, 'support');
      await openConsole(at.app, page, support, '/overview');
      const pause = page.getByRole('listitem').filter({ hasText: '+8613812*' });

      const path = await pause.getByRole('link', { name: 'Look at it' }).getAttribute('href');
      await pause.getByRole('button', { name: 'Lift' }).click();
      await page.locator('dialog').getByRole('button', { name: 'Lift' }).click();
      await page.getByText('Done.').waitFor();
      const left = await at.app.sql.getRepository(SmsConversion).countBy({ scope: counts.scope });

      expect(path).toMatch(/\/sms\?prefix=%2B8613812&used=false#deliveries$/);
      expect(left).toBe(0);
    }));

  it('leads from the codes of a range to what was spent in it', () =>
    at.visit({}, async (page) => {
      const viewer = await newConsoleOperator(at.app, 'viewer');
      await openConsole(at.app, page, viewer, '/overview?range=30d');

      const asked = page.waitForRequest(/\/admin\/sms\/spend/);
      await page.getByRole('link', { name: /of those sent$/ }).click();
      const url = new URL((await asked).url());

      const day = new Date(Date.now() - 29 * 24 * HOUR_MS).toISOString().slice(0, 10);
      await page.getByRole('heading', { name: `Spend since ${day}` }).waitFor();
      expect(url.searchParams.get('from')).toBe(day);
    }));
});

const isBroken = (url: URL) => url.pathname === '/admin/overview';

const deadNode = (id: string) => ({
  id,
  name: 'dead-1',
  version: '0.0.9',
  redis: 'up' as const,
  sqlMs: 3,
  startedAt: new Date(Date.now() - HOUR_MS),
  seenAt: new Date(Date.now() - HOUR_MS / 2),
});
