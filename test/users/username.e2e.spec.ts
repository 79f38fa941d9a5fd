import { User } from '../../src/users/user.entity';
import {
  randomCredentials,
  registerWithPassword,
  type UserWithPassword,
} from '../support/credentials';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

describe.each(MODES)('usernames (%s)', (mode) => {
  let app: TestApp;
  let user: UserWithPassword;

  beforeAll(async () => {
    app = await TestApp.start({ mode });
    user = await registerWithPassword(app);
  });
  afterAll(() => app.close());

  const setPassword = ({ token }: { token: string }, credentials: object) =>
    app.put('/users/me/password', credentials, { token });
  const logIn = (credentials: object) => app.post('/auth/login', credentials);

  it('are given away once, in any case', async () => {
    const other = await app.logIn();
    const username = user.credentials.username.toUpperCase();

    const { status, body } = await setPassword(other, { ...randomCredentials(), username });

    expect(status).toBe(409);
    expect(body).toMatchObject({ message: 'This username is taken.', errorCode: 'USERNAME_TAKEN' });
    expect((await logIn(user.credentials)).status).toBe(201);
  });

  it('that are taken leave the credentials and sessions of the caller as they were', async () => {
    const other = await registerWithPassword(app);
    const session = (await logIn(other.credentials)).body;

    await setPassword(other, { ...randomCredentials(), username: user.credentials.username });

    expect((await app.get('/users/me', { token: session.token })).status).toBe(200);
    expect((await logIn(other.credentials)).status).toBe(201);
  });

  it('stay with their owner, who may change the password or the username', async () => {
    const { credentials, ...owner } = await registerWithPassword(app);
    const renamed = randomCredentials();

    const changed = await setPassword(owner, { ...credentials, password: 'another password' });
    const moved = await setPassword(owner, renamed);

    expect([changed.status, moved.status]).toEqual([204, 204]);
    expect((await logIn(credentials)).status).toBe(400);
    expect((await logIn(renamed)).status).toBe(201);
  });

  it('asked for by eight users in parallel go to exactly one', async () => {
    const users = await Promise.all(Array.from({ length: 8 }, () => app.logIn()));
    const { username } = randomCredentials();
    const wishes = users.map(() => ({ ...randomCredentials(), username }));

    const answers = await Promise.all(users.map((who, i) => setPassword(who, wishes[i]!)));

    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(7);
    const winner = statuses.indexOf(204);
    expect((await logIn(wishes[winner]!)).status).toBe(201);
    expect(await app.sql.getRepository(User).findBy({ username })).toMatchObject([
      { mobile: users[winner]!.mobile },
    ]);
  });
});
