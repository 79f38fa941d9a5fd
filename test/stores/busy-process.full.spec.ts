import { setImmediate as nextTurn } from 'node:timers/promises';
import { randomMobile } from '../support/mobile';
import { describeStandard } from '../support/stores';
import { TestApp } from '../support/test-app';

/** Longer than MariaDB and Redis may take to answer. */
const STALL_MS = 1600;
/** Of the event loop, in each of which some of the calls wait for an answer of a store. */
const STALLS = 3;

function stall(): void {
  const end = performance.now() + STALL_MS;
  while (performance.now() < end);
}

describeStandard('a process that is busy for longer than a store may take', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode: 'standard' });
  });
  afterAll(() => app.close());

  it('takes no store for away that has answered meanwhile', async () => {
    // Then there are connections to go on with.
    const [user] = await Promise.all(Array.from({ length: 10 }, () => app.logIn()));
    const sent = await app.requestCode();
    const calls = {
      ready: app.get('/health/ready'),
      guarded: app.get('/users/me', { token: user!.token }),
      refresh: app.put('/auth/tokens', undefined, { token: user!.refresh_token }),
      newCode: app.post('/auth/codes', { mobile: randomMobile() }),
      codeLogin: app.post('/auth/tokens', sent),
      passwordLogin: app.post('/auth/login', { username: 'nobody', password: 'a wrong one' }),
    };
    for (let stalls = 0; stalls < STALLS; stalls++) {
      for (let turns = 0; turns < 5; turns++) await nextTurn();
      stall();
    }

    const answers = await Promise.all(Object.values(calls));
    const names = Object.keys(calls);
    const statuses = Object.fromEntries(answers.map(({ status }, index) => [names[index], status]));
    expect(statuses).toEqual({
      ready: 200,
      guarded: 200,
      refresh: 201,
      newCode: 202,
      codeLogin: 201,
      passwordLogin: 400,
    });
  });
});
