import { Controller, Get } from '@nestjs/common';
import { MODES } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';

@Controller('order')
class OrderController {
  @Get()
  order() {
    return 'order';
  }
}

describe.each(MODES)('the end of a session (%s)', (mode) => {
  let app: TestApp;
  let ended: LoggedIn;
  let live: LoggedIn;

  beforeAll(async () => {
    app = await TestApp.start({ mode, controllers: [OrderController] });
    [ended, live] = [await app.logIn(), await app.logIn()];
  });
  afterAll(() => app.close());

  const statuses = async (path: string) => ({
    ended: (await app.get(path, { token: ended.token })).status,
    live: (await app.get(path, { token: live.token })).status,
  });

  it('rule 10: logout takes effect on this node with its answer', async () => {
    expect(await statuses('/order')).toEqual({ ended: 200, live: 200 });

    await app.delete('/auth/tokens', { token: ended.token });

    expect(await statuses('/order')).toEqual({ ended: 401, live: 200 });
  });

  it('rule 10: what ended stays ended after a restart', async () => {
    app = await app.restart();

    expect(await statuses('/users/me')).toEqual({ ended: 401, live: 200 });
  });
});
