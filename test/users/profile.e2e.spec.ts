import { UsersService } from '../../src/users/users.service';
import { userIdOf } from '../support/jwt';
import { expectRefusal } from '../support/refusal';
import { CONTRACTS } from '../support/contracts';
import { type LoggedIn, TestApp } from '../support/test-app';

const UNTOLD = {
  gender: null,
  birthday: null,
  avatar_url: null,
  introduction: null,
  locale: null,
  time_zone: null,
};
const TOLD = {
  gender: 'female',
  birthday: '2000-02-29',
  avatar_url: 'https://cdn.example.com/@li.wei/a%20b.png?size=64&v=(1)#top',
  introduction: 'Hello,\nworld.',
  locale: 'zh-Hant-HK',
  time_zone: 'America/Argentina/Buenos_Aires',
};
const NAMES = [
  '李伟',
  'Zoë Ångström',
  'Zoe\u0308',
  '👩🏽‍🚀🇨🇳❤️‍🔥',
  '𠮷野家 𝕏',
  'می‌خواهم',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿 דוד\u200f',
  'สม\u200bชาย សុខ\u200bសាន្ត',
  `Robert'); DROP TABLE users;-- \\" %_ \``,
  '😀'.repeat(64),
  '水'.repeat(64),
];

describe.each(CONTRACTS)('GET and PATCH /users/me (%s)', (_name, contract) => {
  let app: TestApp;
  let user: LoggedIn;

  beforeAll(async () => {
    app = await TestApp.start(contract);
  });
  beforeEach(async () => {
    user = await app.logIn();
  });
  afterAll(() => app.close());

  const read = async () => (await app.get('/users/me', user)).body;
  const change = (changes: object) => app.patch('/users/me', changes, user);

  it('knows of a new user nothing but the number', async () => {
    const me = await app.get('/users/me', user);

    expect(me.status).toBe(200);
    expect(me.body).toEqual({
      id: expect.stringMatching(/^[1-9][0-9]{14,18}$/),
      mobile: user.mobile,
      name: `${user.mobile.slice(0, 6)}****${user.mobile.slice(-4)}`,
      username: null,
      external_id: null,
      roles: [],
      terms_version: null,
      terms_accepted_at: null,
      deletion_at: null,
      security_notices: [],
      last_login: expect.any(String),
      created_at: expect.any(String),
      updated_at: expect.any(String),
      profile: UNTOLD,
    });
  });

  it('sets every field at once', async () => {
    const answer = await change({ name: 'Li Wei', ...TOLD });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ name: 'Li Wei', mobile: user.mobile, profile: TOLD });
    expect(await read()).toEqual(answer.body);
  });

  it.each(Object.entries(TOLD))('sets %s and leaves the rest alone', async (field, value) => {
    const { body } = await change({ [field]: value });

    expect(body.profile).toEqual({ ...UNTOLD, [field]: value });
    expect(body.name).toContain('****');
  });

  it.each(Object.keys(TOLD))('clears %s by null and leaves the rest alone', async (field) => {
    await change({ name: 'Li Wei', ...TOLD });

    const { status, body } = await change({ [field]: null });

    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'Li Wei', profile: { ...TOLD, [field]: null } });
  });

  it('sets the name alone', async () => {
    await change(TOLD);

    const { status, body } = await change({ name: 'Li Wei' });

    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'Li Wei', profile: TOLD });
  });

  it('changes nothing when nothing is given', async () => {
    const before = (await change(TOLD)).body;

    const { status, body } = await change({});

    expect(status).toBe(200);
    expect(body).toEqual({ ...before, updated_at: expect.any(String) });
  });

  it('stores every script exactly', async () => {
    const stored = [];

    for (const name of NAMES) {
      await change({ name, introduction: name });
      stored.push(await read());
    }

    expect(stored.map(({ name }) => name)).toEqual(NAMES);
    expect(stored.map(({ profile }) => profile.introduction)).toEqual(NAMES);
  });

  it('dates a change', async () => {
    const before = await read();
    const from = new Date().toISOString();

    const { body } = await change({ gender: 'other' });

    expect(body.updated_at >= from && body.updated_at <= new Date().toISOString()).toBe(true);
    expect(body.created_at).toBe(before.created_at);
    expect(body.last_login).toBe(before.last_login);
  });

  it('changes nothing when one field of several is malformed', async () => {
    const before = await read();

    const answer = await change({ name: 'Li Wei', gender: 'male', birthday: '2023-02-30' });

    expectRefusal(answer, 'VALIDATION_FAILED');
    expect(await read()).toEqual(before);
  });

  it('lets a host application change what it is told by others, of users that there are', async () => {
    const users = app.nest.get(UsersService);

    await users.updateProfile(userIdOf(user.token), { name: 'Li Wei', locale: 'zh-CN' });

    expect(await read()).toMatchObject({ name: 'Li Wei', profile: { ...UNTOLD, locale: 'zh-CN' } });
    const nobody = users.updateProfile('1', { name: 'Li Wei' });
    await expect(nobody).rejects.toMatchObject({ errorCode: 'UNAUTHORIZED' });
  });

  it('changes only the user whose token it is', async () => {
    const other = await app.logIn();

    await change({ name: 'Li Wei', ...TOLD });

    const { body } = await app.get('/users/me', other);
    expect(body).toMatchObject({ mobile: other.mobile, profile: UNTOLD });
  });
});
