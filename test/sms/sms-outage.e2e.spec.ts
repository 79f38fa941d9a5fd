import type { Answer } from '../support/client';
import { lapseBreakers, lapseLimit } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

describe.each(MODES)('an SMS provider that does not take a message (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { DATABASE_POOL_SIZE: '1' } });
  });
  afterEach(async () => {
    app.inbox.status = 200;
    lapseBreakers(app);
    await lapseLimit(app, 'codes-per-address', '127.0.0.1');
  });
  afterAll(() => app.close());

  const ask = (mobile: string) => app.post('/auth/codes', { mobile });

  /** Asks for a code that the provider has received and never answers for, until `giveUp`. */
  const askInVain = async () => {
    const [patience, { attempts }] = [new AbortController(), app.inbox];
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(patience.signal);
    app.inbox.status = 0;
    const answer = ask(randomMobile());
    await until(() => app.inbox.attempts > attempts);
    app.inbox.status = 200;
    const [[milliseconds]] = timeout.mock.calls as [[number]];
    timeout.mockRestore();
    return { answer, milliseconds, giveUp: () => patience.abort() };
  };

  it.each([404, 500])('makes sending unavailable when it answers %i', async (status) => {
    app.inbox.status = status;

    expectUnavailable(await ask(randomMobile()));
  });

  it('makes sending unavailable when it redirects, and no message goes elsewhere', async () => {
    const { attempts } = app.inbox;
    app.inbox.status = 307;
    app.inbox.location = `${app.inbox.url}/elsewhere`;

    const answer = await ask(randomMobile());

    app.inbox.location = '';
    expectUnavailable(answer);
    expect(app.inbox.attempts).toBe(attempts + 1);
  });

  it('makes sending unavailable when it does not answer within three seconds', async () => {
    const { answer, milliseconds, giveUp } = await askInVain();

    giveUp();

    expect(milliseconds).toBe(3000);
    expectUnavailable(await answer);
  });

  it('tells the caller that it sends nothing to a number, which counts', async () => {
    const mobile = randomMobile();
    app.inbox.status = 422;

    const answers = [await ask(mobile), await ask(mobile)];

    expectRefusal(answers[0]!, 'NUMBER_UNREACHABLE');
    expect(answers[0]!.body.message).toBe('This number cannot receive messages.');
    expectRefusal(answers[1]!, 'TOO_MANY_REQUESTS');
  });

  it('costs nothing of what the number may get, however often it fails', async () => {
    const mobile = randomMobile();
    app.inbox.status = 402;
    const failed: Answer[] = [];
    for (let attempt = 0; attempt < 35; attempt++) failed.push(await ask(mobile));
    app.inbox.status = 200;
    lapseBreakers(app);

    const answer = await ask(mobile);

    expect(failed.filter(({ status }) => status !== 503)).toEqual([]);
    expect(answer.status).toBe(202);
  });

  it('costs nothing of what the number may get when many ask at once', async () => {
    const mobile = randomMobile();
    app.inbox.status = 500;
    const failed = await Promise.all(Array.from({ length: 50 }, () => ask(mobile)));
    app.inbox.status = 200;
    lapseBreakers(app);

    const answer = await ask(mobile);

    expect(failed.filter(({ status }) => status !== 503 && status !== 429)).toEqual([]);
    expect(answer.status).toBe(202);
  });

  it('rule 8: is never called inside a database transaction', async () => {
    const { answer, giveUp } = await askInVain();

    const { token } = await app.logIn().finally(giveUp);

    expect((await app.get('/users/me', { token })).status).toBe(200);
    expect((await answer).status).toBe(503);
  });
});

function expectUnavailable(answer: Answer): void {
  expectRefusal(answer, 'UNAVAILABLE');
  expect(answer.body.message).toBe('Service temporarily unavailable.');
  expect(answer.headers.get('retry-after')).toMatch(/^[1-9][0-9]?$/);
}
