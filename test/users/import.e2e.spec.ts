import { randomUUID } from 'node:crypto';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { AuditEvent } from '../../src/audit/audit-event.entity';
import { OutboxEvent } from '../../src/events/outbox-event.entity';
import { User } from '../../src/users/user.entity';
import { userIdOf } from '../support/jwt';
import { randomMobile } from '../support/mobile';
import { changeNumber } from '../support/number-changes';
import { moveIn, moveOut } from '../support/moving';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

/** Of the vector of github.com/firebase/scrypt. */
const FIREBASE_SIGNER_KEY =
  'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==';
const FIREBASE_USER = {
  salt: '42xEC+ixf3L2lw==',
  passwordHash:
    'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
};
const OUR_OWN = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;

const randomUsername = () => `user-${randomUUID().slice(0, 18)}`;
const two = () => [{ mobile: randomMobile() }, { mobile: randomMobile() }];

describe.each(MODES)('users who move in and out (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { FIREBASE_SIGNER_KEY } });
  });
  afterAll(() => app.close());

  const users = () => app.sql.getRepository(User);
  const passwordHashOf = async (mobile: string) => {
    const where = { mobile: mobile as never };
    const select = { id: true, passwordHash: true } as const;
    return (await users().findOneOrFail({ where, select })).passwordHash;
  };

  it('keep old ids, times and passwords, which become our own at the next login', async () => {
    const [mobile, username, secret] = [randomMobile(), randomUsername(), 'motor vehicle rain'];
    const verified_at = new Date(Date.now() - 86_400_000).toISOString();
    const old = { external_id: `old|${randomUUID()}`, verified_at };
    const password_hash = await bcrypt(secret, 5);

    const user = { mobile, username, password_hash, ...old, profile: { locale: 'de' } };
    expect(await moveIn(app, [user])).toMatchObject({ imported: 1, refused: 0 });

    const logIn = (password: string) => app.post('/auth/login', { username, password });
    expect((await logIn(`${secret}x`)).body.errorCode).toBe('INVALID_CREDENTIALS');
    expect(await passwordHashOf(mobile)).toBe(password_hash);
    const answers = await Promise.all([logIn(secret), logIn(secret), logIn(secret)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await passwordHashOf(mobile)).toMatch(OUR_OWN);
    expect((await logIn(secret)).status).toBe(201);
    const me = await app.get('/users/me', { token: answers[0].body.token });
    expect(me.body).toMatchObject({ external_id: old.external_id, profile: { locale: 'de' } });
    expect(await app.logIn(mobile)).toMatchObject({ is_new_user: false });
  });

  it('have the passwords that Firebase knew', async () => {
    const [mobile, username] = [randomMobile(), randomUsername()];
    const record = { localId: randomUUID(), phoneNumber: mobile, ...FIREBASE_USER };
    await moveIn(app, [{ users: [record] }], { format: 'firebase' });
    await users().update({ mobile: mobile as never }, { username });

    const { status } = await app.post('/auth/login', { username, password: 'user1password' });

    expect(status).toBe(201);
    expect(await passwordHashOf(mobile)).toMatch(OUR_OWN);
  });

  it('are refused line by line, as a dry run foretells, and are there once however often', async () => {
    const { mobile: taken } = await app.logIn();
    const moved = await app.logIn();
    await changeNumber(app, moved);
    const [fresh, external_id, username] = [randomMobile(), randomUUID(), randomUsername()];
    await moveIn(app, [{ mobile: randomMobile(), external_id: `${external_id} before`, username }]);
    const lines = [
      { mobile: fresh, external_id },
      { mobile: taken, external_id: 'of somebody else' },
      { mobile: `${fresh}0` },
      '{"mobile":',
      { mobile: randomMobile(), external_id },
      { mobile: fresh },
      { mobile: randomMobile(), external_id: `${external_id} before` },
      { mobile: randomMobile(), username: username.toUpperCase() },
      { mobile: moved.mobile },
    ];
    const report = `line,reason
2,"mobile is another user's"
3,"mobile must be a valid mobile number"
4,"is not a JSON object"
5,"external_id is that of line 1"
6,"mobile is that of line 1"
7,"external_id is another user's"
8,"username is another user's"
9,"mobile is another user's"
`;
    const before = await users().count();

    const trial = await moveIn(app, lines, { isDryRun: true });
    expect(trial).toEqual({ imported: 1, alreadyThere: 0, refused: 8, report });
    expect(await users().count()).toBe(before);

    expect(await moveIn(app, lines)).toEqual(trial);
    expect(await moveIn(app, lines)).toEqual({ ...trial, imported: 0, alreadyThere: 1 });
    expect(await users().count()).toBe(before + 1);
  });

  it('sign up meanwhile, and the batch goes on without them', async () => {
    const lines = Array.from({ length: 20 }, () => ({ mobile: randomMobile() }));
    const [{ mobile }] = lines as [{ mobile: string }];

    const [counts, { is_new_user: signedUp }] = await Promise.all([
      moveIn(app, lines),
      app.logIn(mobile) as Promise<{ is_new_user?: boolean }>,
    ]);

    expect(counts).toMatchObject({ imported: signedUp ? 19 : 20, alreadyThere: signedUp ? 1 : 0 });
    expect(await users().countBy({ mobile: mobile as never })).toBe(1);
  });

  it('are told of once, and each of them only where asked for', async () => {
    const created = () => app.sql.getRepository(OutboxEvent).countBy({ type: 'user.created' });
    const before = await created();

    await moveIn(app, two());
    expect(await created()).toBe(before);
    await moveIn(app, two(), { tellsOfEach: true });
    expect(await created()).toBe(before + 2);

    const action = 'users.imported' as const;
    const [told] = await app.sql
      .getRepository(AuditEvent)
      .find({ where: { action }, order: { id: 'DESC' }, take: 1 });
    expect(told).toMatchObject({ actorKind: 'cli', actorId: 'Ana', personal: null });
    expect(JSON.stringify(told!.detail)).toMatch(/ndjson.*users\W+2/);
  });

  it('leave with all that they are, and arrive elsewhere as that', async () => {
    const [other, counts] = [await TestApp.start(), { withoutNumber: 0 }];
    const [leaving, detached] = [await app.logIn(), await app.logIn()];
    await app.delete('/users/me', leaving);
    await users().update({ id: userIdOf(detached.token) }, { mobile: null });

    const all = await moveOut(app, true, counts);

    expect([all.length, counts.withoutNumber]).toEqual([
      (await users().countBy({ status: 'active' })) - 1,
      1,
    ]);
    expect(await moveIn(other, all)).toMatchObject({ imported: all.length, refused: 0 });

    const arrived = new Map((await moveOut(other)).map((user) => [user.mobile, user]));
    for (const { id, external_id, updated_at: _, ...user } of all) {
      expect(arrived.get(user.mobile)).toMatchObject({ ...user, external_id: external_id ?? id });
    }
    expect(arrived.get(leaving.mobile).deletion_at).toMatch(/^20/);
    expect(JSON.stringify(await moveOut(app, false))).not.toMatch(/password|\$argon2id/);
    await other.close();
  });
});
