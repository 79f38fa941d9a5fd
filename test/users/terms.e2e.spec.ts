import { userIdOf } from '../support/jwt';
import { lapseCooldown } from '../support/lapse';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { auditOf, eventsOf } from '../support/told';

const TERMS_VERSION = '2026-01';
const AGREED = { terms_version: TERMS_VERSION, terms_accepted_at: expect.any(String) };

describe.each(MODES)('the terms that users agree to (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { TERMS_VERSION } });
  });
  afterAll(() => app.close());

  const logIn = async (terms_version?: string, mobile?: string) => {
    const request = await app.requestCode(mobile);
    const answer = await app.post('/auth/tokens', { ...request, terms_version });
    return { ...answer, ...request, token: answer.body.token as string };
  };
  const me = async ({ token }: { token: string }) => (await app.get('/users/me', { token })).body;
  const accept = ({ token }: { token: string }, terms_version: unknown) =>
    app.put('/users/me/terms', { terms_version }, { token });

  it('are named to clients, and noted with a login or later, in profile and export', async () => {
    expect((await app.get('/auth/config')).body.terms_version).toBe(TERMS_VERSION);
    const agreed = await logIn(TERMS_VERSION);
    expect(await me(agreed)).toMatchObject(AGREED);
    const other = await logIn();
    expect(await me(other)).toMatchObject({ terms_version: null, terms_accepted_at: null });

    expect((await accept(other, TERMS_VERSION)).status).toBe(204);

    expect(await me(other)).toMatchObject(AGREED);
    expect((await app.get('/users/me/export', { token: other.token })).body.user).toMatchObject(
      AGREED,
    );
  });

  it('rule 22: are told once, and keep their first time', async () => {
    const user = await logIn(TERMS_VERSION);
    const first = await me(user);
    await accept(user, TERMS_VERSION);
    await lapseCooldown(app, user.mobile);
    await logIn(TERMS_VERSION, user.mobile);

    expect((await me(user)).terms_accepted_at).toBe(first.terms_accepted_at);
    const id = userIdOf(user.token);
    const isOfTerms = ({ detail, data }: { detail?: string | null; data?: string | null }) =>
      (detail ?? data ?? '').includes(TERMS_VERSION);
    expect((await auditOf(app, id)).filter(isOfTerms)).toMatchObject([{ action: 'user.updated' }]);
    expect((await eventsOf(app, id)).filter(isOfTerms)).toHaveLength(1);
  });

  it.each(['2025-01', '', 'x'.repeat(65)])(
    'are no others than those in force: %j',
    async (version) => {
      const request = await app.requestCode();
      const login = await app.post('/auth/tokens', { ...request, terms_version: version });
      expect([login.status, login.body.errorCode]).toEqual([400, 'VALIDATION_FAILED']);
      const { body } = await app.post('/auth/tokens', request);

      expect((await accept(body, version)).body.errorCode).toBe('VALIDATION_FAILED');
      expect((await me(body)).terms_version).toBeNull();
    },
  );
});
