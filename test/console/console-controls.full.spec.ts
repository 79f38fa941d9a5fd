import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { POLICY } from '../admin/policy';
import { describeBrowser } from '../support/chromium';
import { newConsoleOperator, openConsole } from '../support/console';
import {
  BEGINNING,
  buttonsOf,
  changes,
  type ConsoleCall,
  pressAll,
} from '../support/console-controls';
import {
  type ConsoleScreen,
  isAtLeast,
  openScreen,
  type Role,
  ROLES,
  SCREENS,
} from '../support/console-screens';
import { consoleSetting } from '../support/console-setting';
import { type ConsoleWorld, seedConsoleWorld } from '../support/console-world';
import { randomMobile } from '../support/mobile';
import { newOperator } from '../support/operators';

const SOURCES = join(__dirname, '../../apps/console/src');
/** The route of a call, as the sources write it. */
const ROUTE = /[`'](\/admin\/[^`'?]*)/g;

const ON_USERS = {
  'End sessions': ['DELETE /admin/users/:id/sessions'],
  End: ['DELETE /admin/users/:id/sessions/:session'],
  Reveal: ['POST /admin/users/:id/reveal'],
  'Lift limits': ['DELETE /admin/limits'],
  'Load again': [],
};
const DISABLE = { Disable: ['POST /admin/users/:id/disable'] };

/** Each control of a screen, and what it calls beside what the screen begins with. Whoever may call that sees it, and nobody else. */
const CONTROLS: Record<string, Record<string, string[]>> = {
  overview: { Block: ['POST /admin/blocks'], Lift: ['DELETE /admin/sms/pauses/:scope'] },
  find: { Find: ['POST /admin/search'] },
  user: { ...ON_USERS, ...DISABLE },
  disabled: { ...ON_USERS, Enable: ['POST /admin/users/:id/enable'] },
  colleague: { ...ON_USERS, ...DISABLE },
  number: { 'Lift limits': ['DELETE /admin/limits'], 'Load again': [] },
  request: { 'Lift limits': ['DELETE /admin/limits'], 'Load again': [] },
  messages: {
    Lift: ['DELETE /admin/sms/pauses/:scope'],
    Block: ['POST /admin/blocks'],
    Remove: ['DELETE /admin/blocks/:id'],
    Apply: [],
  },
  sessions: {
    'End all sessions': ['GET /admin/sessions/count', 'DELETE /admin/sessions'],
    End: ['DELETE /admin/users/:id/sessions/:session'],
    Apply: [],
  },
  audit: { Apply: [], More: [] },
  operators: {
    'Grant a role': ['PUT /admin/users/:id/roles'],
    Revoke: ['PUT /admin/users/:id/roles'],
  },
  webhooks: { 'Add an endpoint': ['POST /admin/webhooks'] },
  webhook: {
    Test: ['POST /admin/webhooks/:id/test'],
    Replay: ['POST /admin/webhooks/:id/replay'],
    Remove: ['DELETE /admin/webhooks/:id'],
    'Load again': [],
  },
  configuration: {},
};

/** Of users with a role, on whom only admins act. */
const OF_ADMINS = 'colleague';

describeBrowser('the controls of the console', () => {
  const at = consoleSetting();
  let world: ConsoleWorld;
  let screens: ConsoleScreen[];
  /** By screen and control, as the console of an admin makes them. */
  const calls = new Map<string, Map<string, ConsoleCall[]>>();

  beforeAll(async () => {
    const { app } = at;
    world = await seedConsoleWorld(app);
    const colleague = await newOperator(app, 'viewer');
    await app.sql.query("UPDATE users SET status = 'disabled' WHERE id = ?", [world.disabled.id]);
    for (const target of ['messages 198.51.100.0/24', '203.0.113.7']) {
      await app.sql.query('INSERT INTO blocks VALUES (?, 0, 9000000000000)', [target]);
    }
    const minute = Math.floor(Date.now() / 60_000) - 10;
    await app.sql.query("INSERT INTO sms_conversions VALUES ('+861390000', ?, 20, 0)", [minute]);
    const attack = () => app.post('/auth/tokens', { mobile: randomMobile(), code: '000000' });
    await Promise.all(Array.from({ length: 40 }, attack));
    screens = [
      ...SCREENS,
      userScreen('disabled', world.disabled.id),
      userScreen(OF_ADMINS, colleague.id),
    ];
    const admin = await newConsoleOperator(app, 'admin');
    await at.visit({}, async (page) => {
      await openConsole(app, page, admin, '/find');
      for (const screen of screens) {
        calls.set(screen.name, await pressAll(page, () => openScreen(app, page, world, screen)));
      }
    });
  }, 300_000);

  const open = (page: Page, screen: ConsoleScreen) => openScreen(at.app, page, world, screen);

  it('are those of the table, and call what stands there', () => {
    const found = [...calls].map(([screen, controls]) => [
      screen,
      Object.fromEntries(
        [...controls]
          .filter(([control]) => control !== BEGINNING)
          .map(([control, made]) => [control, [...new Set(made.map(({ route }) => route))]]),
      ),
    ]);

    expect(Object.fromEntries(found)).toEqual(CONTROLS);
  });

  it('are all that the sources know of', () => {
    const made = [...calls.values()].flatMap((controls) => [...controls.values()].flat());
    const paths = new Set(made.map(({ route }) => route.split(' ')[1]!.replaceAll(/:\w+/g, ':')));

    expect(routesInSources().filter((route) => !paths.has(route))).toEqual([]);
  });

  describe.each(ROLES)('for the role %s', (role) => {
    it('are there for what it may do; the rest is absent, and refused', () =>
      at.visit({}, async (page) => {
        const operator = await newConsoleOperator(at.app, role);
        await openConsole(at.app, page, operator, '/find');
        const wrong: string[] = [];
        for (const screen of screens) {
          const isOpen = isAtLeast(role, screen.role);
          if (isOpen) await open(page, screen);
          const shown = isOpen ? await buttonsOf(page) : new Set();
          for (const [control, made] of calls.get(screen.name)!) {
            const refused = made.filter((call) => !mayMake(role, screen, call));
            const isAllowed = isOpen && refused.length === 0;
            if (control !== BEGINNING && shown.has(control) !== isAllowed)
              wrong.push(`${control} of ${screen.name}: ${isAllowed ? 'absent' : 'there'}`);
            for (const { method, path, body } of refused) {
              const answer = await at.app.send(method, path, body, { token: operator.token });
              if (answer.body.errorCode !== 'FORBIDDEN')
                wrong.push(`${method} ${path}: ${answer.status}`);
            }
          }
        }

        expect(wrong).toEqual([]);
      }));
  });
});

const userScreen = (name: string, id: string): ConsoleScreen => ({
  ...SCREENS.find((screen) => screen.name === 'user')!,
  name,
  path: () => `/users/${id}`,
});

function mayMake(role: Role, { name }: ConsoleScreen, call: ConsoleCall): boolean {
  const least = POLICY[call.route] as Role;
  return isAtLeast(role, name === OF_ADMINS && changes(call) ? 'admin' : least);
}

/** With `:` for each part that is filled in. */
function routesInSources(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' });
  const texts = files.filter((file) => /\.tsx?$/.test(file) && file !== 'contract.ts');
  return texts
    .flatMap((file) => [...readFileSync(join(SOURCES, file), 'utf8').matchAll(ROUTE)])
    .map(([, route]) => route!.replaceAll(/\/\$\{[^}]*\}/g, '/:').replaceAll(/\$\{[^}]*\}?/g, ''));
}
