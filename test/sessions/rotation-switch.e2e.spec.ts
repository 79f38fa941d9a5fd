import { MODES } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';

describe.each(MODES)('switching REFRESH_ROTATION (%s)', (mode) => {
  let app: TestApp;
  let user: LoggedIn;
  let successor: string;

  beforeAll(async () => {
    app = await TestApp.start({ mode });
    user = await app.logIn();
  });
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

  it('off: who missed the successor before the switch still gets it within the grace', async () => {
    const { status, body } = await refresh(user.refresh_token);

    expect(status).toBe(201);
    expect(body).toMatchObject({ token: expect.any(String), refresh_token: successor });
  });

  it('on again: the same token gets the next successor', async () => {
    app = await app.restart({ env: { REFRESH_ROTATION: 'on' } });

    const { status, body } = await refresh(successor);

    expect(status).toBe(201);
    expect(body.refresh_token).not.toBe(successor);
  });
});
