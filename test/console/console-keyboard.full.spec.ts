import type { Page } from 'playwright-core';
import { describeBrowser } from '../support/chromium';
import { type ConsoleOperator, consoleUrl, newConsoleOperator } from '../support/console';
import { consoleSetting } from '../support/console-setting';
import { registerWithPassword } from '../support/credentials';
import { userIdOf } from '../support/jwt';
import { KeyboardUser } from '../support/keyboard-user';
import { randomMobile } from '../support/mobile';

const HOST = 'hooks.example.com';

describeBrowser('the console by the keyboard alone', () => {
  const at = consoleSetting();
  let admin: ConsoleOperator;
  let page: Page;
  let hands: KeyboardUser;

  beforeAll(async () => {
    admin = await newConsoleOperator(at.app, 'admin');
    page = await at.browser.newPage();
    page.setDefaultTimeout(5000);
    hands = new KeyboardUser(page);
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true }).first();
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const choice = (name: string) => page.getByRole('combobox', { name });
  const heading = (name: string | RegExp) => page.getByRole('heading', { name });
  const dialog = (name: string) => page.getByRole('dialog').getByRole('button', { name });
  const goTo = async (key: string, title: string) => {
    await hands.press('Escape');
    await hands.press('g');
    await hands.press(key);
    await hands.isAt(heading(title));
  };

  it('is entered', async () => {
    await page.goto(consoleUrl(at.app));
    await hands.activate(page.getByRole('link', { name: 'Log in' }));
    await page.locator('#mobile').waitFor();
    await hands.tabTo(page.locator('#mobile'));
    await hands.type(admin.mobile);
    await hands.press('Enter');
    await page.locator('#code').waitFor();
    await hands.tabTo(page.locator('#code'));
    await hands.type(at.app.inbox.codeFor(admin.mobile));
    await hands.isAt(field('Password'));
    await hands.type(admin.password);
    await hands.press('Enter');
    await hands.isAt(heading('Overview'));
  });

  it('has a way past the menu, keys for finding and help, and gives the focus back', async () => {
    await hands.tabTo(page.getByRole('link', { name: 'Skip to the content' }), 'Shift+Tab');
    await hands.press('Enter');
    await hands.isAt(page.locator('main'));
    await hands.press('Tab');
    await hands.isAt(page.locator('main :focus'));
    const stop = page.locator(':focus');
    const passed = await stop.innerText();
    await hands.press('?');
    await dialog('Close').waitFor();
    await hands.press('Escape');
    await hands.isAt(page.getByText(passed, { exact: true }).and(stop));
    await goTo('c', 'Configuration');
    await hands.press('/');
    await hands.isAt(page.getByRole('searchbox', { name: 'Number, id, username…' }));
    await hands.type('nobody');
    await hands.press('Escape');
    await hands.isAt(heading('Configuration'));
    await hands.tabTo(field('Part of the name'));
    await hands.type('jwt_issuer');
    await page.getByRole('cell', { name: 'JWT_ISSUER' }).waitFor();
  });

  it('finds a user, and acts on the diagnosis', async () => {
    const { mobile, token } = await at.app.logIn();
    await hands.press('Escape');
    await hands.press('/');
    await hands.type(mobile);
    await hands.press('Enter');
    await page.waitForURL(`**/users/${userIdOf(token)}`);
    await hands.isAt(page.locator('h1'));
    await hands.activate(button('Disable'));
    await hands.isAt(field('Reason, for the audit'));
    await hands.type('ticket 1');
    await hands.press('Enter');
    await page.locator('.answer').getByText('This account is disabled.').waitFor();
    await hands.isAt(page.locator(':focus'));
    await hands.activate(page.locator('.answer').getByRole('button', { name: 'Enable' }));
    await hands.type('ticket 2');
    await hands.press('Enter');
    await page.locator('.answer:not(.bad)').waitFor();
    await hands.isAt(heading('Diagnosis'));
  });

  it('ends a session, whose row goes', async () => {
    const { token } = await at.app.logIn();
    await page.goto(`${consoleUrl(at.app)}/users/${userIdOf(token)}`);
    await hands.isAt(page.locator('h1'));
    await hands.activate(button('End'));
    await hands.isAt(dialog('End'));
    await hands.press('Enter');
    await button('End').waitFor({ state: 'detached' });
    await hands.isAt(heading('Sessions'));
    await goTo('s', 'Sessions');
    await hands.tabTo(field('Opened from the network'));
    await hands.type('127.0.0.0/24');
    await hands.press('Enter');
    await page.waitForURL('**/sessions?network=*');
    await hands.isAt(field('Opened from the network'));
  });

  it('filters messages, blocks numbers and lets them in again', async () => {
    await goTo('m', 'Messages');
    await hands.tabTo(choice('Outcome'));
    await hands.press('ArrowDown');
    await page.waitForURL('**/sms?outcome=sent');
    await hands.isAt(choice('Outcome'));
    await hands.press('Escape');
    await hands.isAt(heading('Deliveries'));
    await hands.activate(button('Block'));
    await hands.isAt(field('Numbers or network'));
    await hands.press('Escape');
    await hands.isAt(button('Block'));
    await hands.press('Enter');
    await hands.isAt(field('Numbers or network'));
    await hands.type(`${randomMobile().slice(0, 8)}*`);
    await hands.tabTo(field('Reason, for the audit'));
    await hands.type('ticket 3');
    await hands.press('Enter');
    await hands.isAt(button('Block'));
    await hands.activate(button('Remove'));
    await hands.isAt(dialog('Remove'));
    await hands.press('Enter');
    await page.getByText('Nothing is blocked.').waitFor();
    await hands.isAt(heading('Blocks'));
  });

  it('reads the audit', async () => {
    await goTo('a', 'Audit');
    await hands.tabTo(choice('Action'));
    await hands.type('session.started');
    await page.waitForURL('**/audit?action=session.started');
    await hands.isAt(choice('Action'));
    await hands.activate(page.getByRole('table').getByRole('link').first());
    await page.waitForURL(/\/(users|requests)\//);
    await hands.isAt(page.locator('h1'));
    await page.goBack();
    await hands.isAt(heading('Audit'));
  });

  it('adds an endpoint, and removes it by typing what it is called', async () => {
    await goTo('w', 'Webhooks');
    await hands.activate(button('Add an endpoint'));
    await hands.isAt(field('Address'));
    await hands.type(`https://${HOST}/tandem`);
    await hands.press('Enter');
    await page.getByText('This secret verifies').waitFor();
    await hands.isAt(heading('Add an endpoint'));
    await hands.activate(dialog('Close'));
    await hands.isAt(button('Add an endpoint'));
    await hands.activate(page.getByRole('link', { name: `https://${HOST}/tandem` }));
    await hands.isAt(heading('Endpoint'));
    await hands.activate(button('Remove'));
    await hands.isAt(field(`Type ${HOST} to confirm`));
    await hands.type(HOST);
    await hands.press('Enter');
    await page.waitForURL('**/console/webhooks');
    await hands.isAt(heading('Webhooks'));
  });

  it('grants a role, and takes it away', async () => {
    const user = await registerWithPassword(at.app);
    const { username } = user.credentials;
    await goTo('r', 'Operators');
    await hands.activate(button('Grant a role'));
    await hands.isAt(field('User id'));
    await hands.type(userIdOf(user.token));
    await hands.tabTo(page.getByRole('dialog').getByRole('combobox'));
    await hands.press('ArrowDown');
    await hands.tabTo(field('Reason, for the audit'));
    await hands.type('ticket 4');
    await hands.tabTo(field('Type support to confirm'));
    await hands.type('support');
    await hands.press('Enter');
    const row = page.getByRole('row', { name: username });
    await row.waitFor();
    await hands.isAt(button('Grant a role'));
    await hands.activate(row.getByRole('button', { name: 'Revoke' }));
    await hands.isAt(field('Reason, for the audit'));
    await hands.type('ticket 5');
    await hands.tabTo(field(`Type ${username} to confirm`));
    await hands.type(username);
    await hands.press('Enter');
    await row.waitFor({ state: 'detached' });
    await hands.isAt(heading('Operators'));
  });

  it('is locked, opened again and left', async () => {
    await hands.activate(button('Lock'));
    await hands.isAt(field('Password'));
    await hands.type(admin.password);
    await hands.press('Enter');
    await hands.isAt(heading('Operators'));
    await hands.activate(button('Log out'));
    await hands.isAt(heading('Log in to the console'));
  });
});
