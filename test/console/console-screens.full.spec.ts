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
import {
  type ConsoleScreen,
  isAtLeast,
  openScreen,
  ROLES,
  SCREENS,
} from '../support/console-screens';
import { type ConsoleWorld, seedConsoleWorld } from '../support/console-world';

const WIDE = { width: 1200, height: 800 };
const SIZES = [WIDE, { width: 320, height: 640 }];
const IMAGES = join(__dirname, '../../docs/images');
/** `SCREENSHOTS=write` renews those of docs/console.md. */
const writes = process.env.SCREENSHOTS === 'write';

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
        viewport: WIDE,
      });
      page = await context.newPage();
      await openConsole(at.app, page, operator, '/find');
    });
    afterAll(() => context.close());

    const open = (screen: ConsoleScreen) => openScreen(at.app, page, world, screen);

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

    it.each(['light', 'dark'] as const)(
      'is accessible, and fits a narrow window, %s',
      async (colorScheme) => {
        const found: unknown[] = [];
        await page.emulateMedia({ colorScheme });
        for (const screen of SCREENS.filter(({ role: least }) => isAtLeast(role, least))) {
          await open(screen);
          if (writes && role === 'admin') await shoot(`${screen.name}-${colorScheme}`);
          for (const size of SIZES) {
            await page.setViewportSize(size);
            for (const id of await axeViolations(page))
              found.push(`${screen.name}, ${size.width} px: ${id}`);
          }
          if (await isTooWide(page)) found.push(`${screen.name} is too wide`);
          await page.setViewportSize(WIDE);
        }

        expect(found).toEqual([]);
      },
      120_000,
    );

    async function shoot(name: string): Promise<void> {
      mkdirSync(IMAGES, { recursive: true });
      await page.screenshot({ path: join(IMAGES, `console-${name}.png`) });
    }
  });
});
