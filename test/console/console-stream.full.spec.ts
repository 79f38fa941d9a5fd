import { describeBrowser } from '../support/chromium';
import { newConsoleOperator, openConsole } from '../support/console';
import { consoleSetting } from '../support/console-setting';
import { FaultProxy } from '../support/fault-proxy';
import { userIdOf } from '../support/jwt';

describeBrowser('the stream of the console', () => {
  const at = consoleSetting();

  it('is opened anew when it is silent for 40 s, and goes on where it was', () =>
    at.visit({}, async (page, { clock }) => {
      const proxy = await FaultProxy.before(Number(new URL(at.app.baseUrl).port));
      const asked: string[] = [];
      await page.route('**/admin/events*', (route) => {
        const url = new URL(route.request().url());
        asked.push(url.search);
        url.port = String(proxy.port);
        return route.continue({ url: String(url) });
      });
      await clock.install();
      await openConsole(at.app, page, await newConsoleOperator(at.app, 'viewer'), '/overview');
      const live = page.getByText('Live', { exact: true });
      await live.waitFor();

      proxy.forgetAll();
      const { token } = await at.app.logIn();
      await clock.fastForward(30_000);
      await page.getByText(/^Behind: the last news came/).waitFor();
      const before = asked.length;
      await clock.fastForward(12_000);
      await page
        .locator('.moments')
        .getByRole('link', { name: userIdOf(token) })
        .first()
        .waitFor();
      await live.waitFor();
      await proxy.close();

      expect([before, asked.length, asked[0]]).toEqual([1, 2, '']);
      expect(asked[1]).toMatch(/^\?after=\d+$/);
    }));
});
