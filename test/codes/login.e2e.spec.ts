import { CONTRACTS } from '../support/contracts';
import { lapseCooldown } from '../support/lapse';
import { TestApp } from '../support/test-app';

describe.each(CONTRACTS)('logging in with a code (%s)', (_name, contract) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start(contract);
  });
  afterAll(() => app.close());

  it('answers a token pair and creates the user with a profile', async () => {
    const { mobile, token, ...pair } = await app.logIn();

    expect(pair).toMatchObject({
      token_type: 'Bearer',
      expires_in: 7200,
      refresh_expires_in: 1_209_600,
    });
    const me = await app.get('/users/me', { token });
    expect(me.status).toBe(200);
    expect(me.body).toMatchObject({ mobile, name: `${mobile.slice(0, 6)}****${mobile.slice(-4)}` });
  });

  it('tells whether it has created the user', async () => {
    const first = await app.logIn();
    await lapseCooldown(app, first.mobile);

    const second = await app.logIn(first.mobile);

    expect([first, second]).toMatchObject([{ is_new_user: true }, { is_new_user: false }]);
  });

  it('rule 6: 100 parallel logins with the same code make one session', async () => {
    const request = await app.requestCode();

    const answers = await Promise.all(
      Array.from({ length: 100 }, () => app.post('/auth/tokens', request)),
    );

    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    // What a busy machine does not come to in time is unavailable.
    expect(statuses.filter((status) => ![201, 400, 429, 503].includes(status))).toEqual([]);
  });
});
