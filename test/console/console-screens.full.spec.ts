import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { axeViolations, describeBrowser, isTooWide } from '../support/chromium';
import {
  type ConsoleOperator,
  consoleUrl,
  newConsoleOperator,
  openConsole,
} from '../support/console';
import { consoleSetting } from '../support/console-setting';
import { type ConsoleWorld, seedConsoleWorld } from '../support/console-world';

type Role = 'viewer' | 'support' | 'admin';

const ROLES: readonly Role[] = ['viewer', 'support', 'admin'];
const IMAGES = join(__dirname, '../../docs/images');
/** `SCREENSHOTS=write` renews those of docs/console.md. */
const writes = process.env.SCREENSHOTS === 'write';

interface ScreenCase {
  readonly name: string;
  readonly path: (world: ConsoleWorld) => string;
  readonly role: Role;
  /** What shows that it is there. */
  readonly shows: string;
}

const SCREENS: readonly ScreenCase[] = [
  { name: 'overview', path: () => '/overview', role: 'viewer', shows: '.figures' },
  { name: 'find', path: () => '/find', role: 'viewer', shows: '#query' },
  { name: 'user', path: ({ user }) => `/users/${user.id}`, role: 'viewer', shows: '.answer' },
  { name: 'messages', path: () => '/sms', role: 'viewer', shows: '#deliveries table' },
  {
    name: 'number',
    path: ({ strangerRef }) => `/numbers/${strangerRef}`,
    role: 'viewer',
    shows: '.answer',
  },
  {
    name: 'request',
    path: ({ requestId }) => `/requests/${requestId}`,
    role: 'viewer',
    shows: '.answer',
  },
  { name: 'sessions', path: () => '/sessions', role: 'support', shows: 'main table' },
  { name: 'audit', path: () => '/audit', role: 'viewer', shows: 'main table' },
  { name: 'operators', path: () => '/operators', role: 'admin', shows: 'main table' },
  { name: 'webhooks', path: () => '/webhooks', role: 'admin', shows: 'main table' },
  {
    name: 'webhook',
    path: ({ webhook }) => `/webhooks/${webhook}`,
    role: 'admin',
    shows: 'main table',
  },
  { name: 'configuration', path: () => '/configuration', role: 'admin', shows: 'main table' },
];

/** A control, the least role that sees it, and the route behind it. */
const CONTROLS: readonly [
  screen: string,
  name: string,
  least: Role,
  route: (world: ConsoleWorld) => [string, string],
][] = [
  ['user', 'Reveal', 'support', ({ user }) => ['POST', `/admin/users/${user.id}/reveal`]],
  ['user', 'Disable', 'support', ({ user }) => ['POST', `/admin/users/${user.id}/disable`]],
  ['user', 'End sessions', 'support', ({ user }) => ['DELETE', `/admin/users/${user.id}/sessions`]],
  ['user', 'Lift limits', 'support', () => ['DELETE', '/admin/limits?number_ref=none']],
  ['messages', 'Block', 'admin', () => ['POST', '/admin/blocks']],
  ['sessions', 'End all sessions', 'admin', () => ['DELETE', '/admin/sessions']],
  ['operators', 'Grant a role', 'admin', ({ user }) => ['PUT', `/admin/users/${user.id}/roles`]],
  ['webhooks', 'Add an endpoint', 'admin', () => ['POST', '/admin/webhooks']],
];

const isAtLeast = (role: Role, least: Role) => ROLES.indexOf(role) >= ROLES.indexOf(least);

describeBrowser('the screens of the console', () => {
  const at = consoleSetting();
  let world: ConsoleWorld;

  beforeAll(async () => {
    world = await seedConsoleWorld(at.app);
  });

  describe.each(ROLES)('for the role %s', (role) => {
    let context: BrowserContext;
    let page: Page;
    let operator: ConsoleOperator;

    beforeAll(async () => {
      operator = await newConsoleOperator(at.app, role);
      context = await at.browser.newContext({
        bypassCSP: true,
        viewport: { width: 1200, height: 800 },
      });
      page = await context.newPage();
      await openConsole(at.app, page, operator, '/find');
    });
    afterAll(() => context.close());

    const open = async ({ path, shows }: ScreenCase) => {
      await page.goto(consoleUrl(at.app) + path(world));
      await page.waitForSelector(shows);
    };

    it('shows the screens that it may see, and no other', async () => {
      await open(SCREENS[0]!);
      const links = await page
        .getByRole('navigation', { name: 'Screens' })
        .getByRole('link')
        .count();

      expect(links).toBe({ viewer: 4, support: 5, admin: 8 }[role]);
      for (const screen of SCREENS.filter(({ role: least }) => !isAtLeast(role, least))) {
        await page.goto(consoleUrl(at.app) + screen.path(world));
        await page.getByText(`This screen is for ${screen.role}`).waitFor();
      }
    });

    it('has what it may do, and neither buttons nor routes for anything else', async () => {
      const wrong: string[] = [];
      for (const [name, control, least, route] of CONTROLS) {
        const screen = SCREENS.find((one) => one.name === name)!;
        if (isAtLeast(role, screen.role)) {
          await open(screen);
          const count = await page.getByRole('button', { name: control, exact: true }).count();
          if (count > 0 !== isAtLeast(role, least)) wrong.push(`${role} sees ${count} ${control}`);
        }
        if (isAtLeast(role, least)) continue;
        const [method, path] = route(world);
        const { status } = await at.app.send(method, path, {}, { token: operator.token });
        if (status !== 403) wrong.push(`${role} gets ${status} of ${method} ${path}`);
      }

      expect(wrong).toEqual([]);
    });

    it.each(['light', 'dark'] as const)(
      'is accessible and fits a narrow window, %s',
      async (colorScheme) => {
        const found: unknown[] = [];
        await page.emulateMedia({ colorScheme });
        for (const screen of SCREENS.filter(({ role: least }) => isAtLeast(role, least))) {
          await open(screen);
          if (writes && role === 'admin') await shoot(`${screen.name}-${colorScheme}`);
          found.push(...(await axeViolations(page)).map((id) => `${screen.name}: ${id}`));
          await page.setViewportSize({ width: 320, height: 640 });
          if (await isTooWide(page)) found.push(`${screen.name} is too wide`);
          await page.setViewportSize({ width: 1200, height: 800 });
        }

        expect(found).toEqual([]);
      },
    );

    async function shoot(name: string): Promise<void> {
      mkdirSync(IMAGES, { recursive: true });
      await page.screenshot({ path: join(IMAGES, `console-${name}.png`) });
    }
  });
});
