import { passTime } from '../support/clock';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';

const DAY = 86_400_000;

describe.each(MODES)('switching REFRESH_ROTATION (%s)', (mode) => {
  let app: TestApp;
  let user: LoggedIn;
  let successor: string;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1' } });
    user = await app.logIn();
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => app.close());

  const refresh = (token: string) => app.put('/auth/tokens', undefined, { token });

  it('on: a token from before the switch gets a successor', async () => {
    app = await app.restart({ env: { REFRESH_ROTATION: 'on' } });

    const { status, body } = await refresh(user.refresh_token);

    expect(status).toBe(201);
    successor = body.refresh_token;
    expect(successor).not.toBe(user.refresh_token);
  });

  it('off: the successor works and stays the same', async () => {
    app = await app.restart({ env: { REFRESH_ROTATION: 'off' } });

    const answers = [await refresh(successor), await refresh(successor)];

    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[1]!.body).not.toHaveProperty('refresh_token');
  });

  it('off: the client that missed the successor before the switch still gets it, whenever it comes', async () => {
    passTime(DAY);

    const { status, body } = await refresh(user.refresh_token);

    expect(status).toBe(201);
    expect(body).toMatchObject({ token: expect.any(String), refresh_token: successor });
  });

  it('off: another client gets none, and the session lives on', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7', 'user-agent': 'curl/8.5.0' };

    const stolen = await app.put('/auth/tokens', undefined, { token: user.refresh_token, headers });

    expectRefusal(stolen, 'WRONG_REFRESH_TOKEN');
    expect((await refresh(successor)).status).toBe(201);
  });

  it('on again: the same token gets the next successor, and the one before is not lost in the grace', async () => {
    app = await app.restart({ env: { REFRESH_ROTATION: 'on' } });

    const { status, body } = await refresh(successor);

    expect(status).toBe(201);
    expect(body.refresh_token).not.toBe(successor);
    expect((await refresh(user.refresh_token)).body.refresh_token).toBe(successor);
    expect((await refresh(successor)).body.refresh_token).toBe(body.refresh_token);
  });
});
