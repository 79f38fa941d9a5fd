import { UserOperationsService } from '../../src/auth/user-operations.service';
import { registerWithPassword } from '../support/credentials';
import { userIdOf } from '../support/jwt';
import { expectRefusal } from '../support/refusal';
import { basic, SERVICE_CLIENTS } from '../support/service-client';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const PROFILE = {
  avatar_url: 'https://cdn.example.com/a.png',
  locale: 'zh-CN',
  time_zone: 'Asia/Shanghai',
};

describe.each(MODES)('a service that shows users (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { SERVICE_CLIENTS } });
  });
  afterAll(() => app.close());

  const read = (id: string, headers: Record<string, string> = basic()) =>
    app.get(`/auth/users/${id}`, { headers });

  it('learns what may be shown of a user, and nothing else', async () => {
    const { token, mobile } = await app.logIn();
    const secrets = { gender: 'other', birthday: '1990-02-28', introduction: 'private' };
    await app.patch('/users/me', { name: 'Li Wei', ...PROFILE, ...secrets }, { token });
    const me = (await app.get('/users/me', { token })).body;

    const { status, body } = await read(me.id);

    expect(status).toBe(200);
    expect(body).toEqual({
      id: me.id,
      external_id: null,
      name: 'Li Wei',
      mobile: `${mobile.slice(0, -8)}****${mobile.slice(-4)}`,
      status: 'active',
      ...PROFILE,
      created_at: me.created_at,
    });
  });

  it('learns that a user is disabled', async () => {
    const { token } = await app.logIn();

    await app.nest.get(UserOperationsService).disable(userIdOf(token));

    expect((await read(userIdOf(token))).body).toMatchObject({ status: 'disabled' });
  });

  it.each(['1', '0', '9223372036854775807', '9223372036854775808', 'me', '1%2F2', '-1'])(
    'learns that there is no user %s',
    async (id) => {
      expectRefusal(await read(id), 'NOT_FOUND');
    },
  );

  it('shows users to nobody else, whatever they present', async () => {
    const { credentials, ...user } = await registerWithPassword(app);
    const id = userIdOf(user.token);
    const others: Record<string, string>[] = [
      {},
      { authorization: `Bearer ${user.token}` },
      { authorization: `Bearer ${user.refresh_token}` },
      basic(credentials.username, credentials.password),
      basic('orders', 'wrong'),
      basic('nobody'),
    ];

    for (const headers of others) {
      const answer = await read(id, headers);
      expectRefusal(answer, 'INVALID_CLIENT');
      expect(answer.headers.get('www-authenticate')).toBe('Basic realm="tandem"');
    }
  });
});
