import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuditEvent } from '../../src/audit/audit-event.entity';
import { BY_SYSTEM } from '../../src/audit/change';
import { NumberRefsService } from '../../src/audit/number-refs.service';
import { DeletionService } from '../../src/auth/deletion/deletion.service';
import { ErasureService } from '../../src/auth/deletion/erasure.service';
import { OwnChangesService } from '../../src/auth/own-changes.service';
import { UserOperationsService } from '../../src/auth/user-operations.service';
import { BlockGuardService } from '../../src/codes/blocks/block-guard.service';
import { BlocksService } from '../../src/codes/blocks/blocks.service';
import type { E164 } from '../../src/common/phone-number';
import { Session } from '../../src/sessions/session.entity';
import { SmsDelivery } from '../../src/sms/sms-delivery.entity';
import { User } from '../../src/users/user.entity';
import { UserProfile } from '../../src/users/user-profile.entity';
import { holdBackgroundJobs } from '../support/background-jobs';
import { registerWithPassword, type UserWithPassword } from '../support/credentials';
import { dumpRedis, dumpSql } from '../support/dumps';
import { userIdOf } from '../support/jwt';
import { lapseCooldown } from '../support/lapse';
import { newOperator } from '../support/operators';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { auditOf } from '../support/told';

const FROM = {
  'x-forwarded-for': '198.51.100.77',
  'user-agent': 'Mozilla/5.0 (Android 15) Chrome/140.0',
};

describe.each(MODES)('what is left of a user who was erased (%s)', (mode) => {
  holdBackgroundJobs();
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1' } });
  });
  afterAll(() => app.close());

  const erase = (id: string) => app.nest.get(DeletionService).request(id, BY_SYSTEM, 0);
  const readBlocks = () => app.nest.get(BlockGuardService)['read']();
  const ask = (mobile: string) => app.post('/auth/codes', { mobile }, { headers: FROM });
  const block = (mobile: string) => app.nest.get(BlocksService).add(mobile, 3600, BY_SYSTEM);

  /** A user of whom there is something in every table. */
  async function wholeLife(): Promise<UserWithPassword & { id: string; name: string }> {
    const user = await registerWithPassword(app);
    const [id, name] = [userIdOf(user.token), `Wei ${user.credentials.username}`];
    const profile = {
      name,
      gender: 'male',
      birthday: '1990-02-28',
      introduction: `I, ${name}`,
      time_zone: 'Asia/Tokyo',
      avatar_url: `https://a.example/${user.credentials.username}`,
    };
    expect((await app.patch('/users/me', profile, user)).status).toBe(200);
    await app.sql.getRepository(User).update({ id }, { externalId: `x|${name}` });
    await app.post('/auth/login', user.credentials, { headers: FROM });
    await app.post(
      '/auth/login',
      { ...user.credentials, password: 'wrong one' },
      { headers: FROM },
    );
    await lapseCooldown(app, user.mobile);
    await lapseCooldown(app, user.mobile, FROM['x-forwarded-for']);
    const { body, status } = await ask(user.mobile);
    expect([status, body]).toMatchObject([202, {}]);
    const login = { mobile: user.mobile, code: app.inbox.codeFor(user.mobile) };
    const opened = await app.post('/auth/tokens', login, { headers: FROM });
    expect(opened.status).toBe(201);
    await lapseCooldown(app, user.mobile, FROM['x-forwarded-for']);
    await ask(user.mobile);
    return { ...user, id, name };
  }

  /** What must be nowhere. */
  const tracesOf = ({
    mobile,
    name,
    credentials,
    device_token,
  }: Awaited<ReturnType<typeof wholeLife>>) => {
    const refs = app.nest.get(NumberRefsService).refsOf(mobile as E164);
    return [
      mobile.slice(1),
      mobile.slice('+86'.length),
      `${mobile.slice(0, 6)}****${mobile.slice(-4)}`,
      name,
      credentials.username,
      FROM['x-forwarded-for'],
      ...refs,
      device_token,
      createHash('sha256').update(mobile).digest('hex'),
    ];
  };

  it('rule 20: number, name, username and address are in no store', async () => {
    const user = await wholeLife();
    await block(user.mobile);
    const traces = tracesOf(user);
    const found = (text: string) => traces.filter((trace) => text.includes(trace));
    expect(found(await dumpSql(app.env)).length).toBeGreaterThanOrEqual(5);

    await erase(user.id);

    expect(found(await dumpSql(app.env))).toEqual([]);
    if (mode === 'standard') {
      expect(found(JSON.stringify(await dumpRedis(app.env.REDIS_URL!)))).toEqual([]);
    } else {
      const files = readdirSync(app.env.DATA_DIR!).filter((file) => file.includes('tandem.db'));
      const bytes = files.map((file) => readFileSync(join(app.env.DATA_DIR!, file), 'latin1'));
      expect(files.length).toBeGreaterThan(0);
      expect(found(bytes.join('\n'))).toEqual([]);
    }
    const sessions = await app.sql.getRepository(Session).findBy({ userId: user.id });
    expect(sessions.length).toBeGreaterThanOrEqual(3);
    for (const session of sessions) {
      expect(session).toMatchObject({
        device: null,
        deviceType: null,
        network: '',
        endedAt: expect.any(Date),
      });
    }
    for (const row of await auditOf(app, user.id)) {
      expect(row).toMatchObject({ personal: null, salt: null, numberRef: null });
    }
    expect(await app.sql.getRepository(SmsDelivery).countBy({ network: '198.51.100.0/24' })).toBe(
      0,
    );
  });

  it('rule 20: leaves others alone, who were in the same network', async () => {
    const [user, other] = [await wholeLife(), await wholeLife()];

    await erase(user.id);

    const [session] = await app.sql
      .getRepository(Session)
      .findBy({ userId: other.id, network: '198.51.100.0/24' });
    expect(session!.device).toBe('Chrome on Android');
    expect(
      (await auditOf(app, other.id)).some(({ personal }) => personal?.includes('198.51.100')),
    ).toBe(true);
    expect((await app.get('/users/me', other)).body).toMatchObject({
      name: other.name,
      mobile: other.mobile,
    });
  });

  it('rule 20: a number that is blocked stays blocked, under a seal, until its block ends or is lifted', async () => {
    const user = await wholeLife();
    await block(user.mobile);
    await erase(user.id);
    await readBlocks();

    expectRefusal(await ask(user.mobile), 'TOO_MANY_REQUESTS');
    const blocks = await app.nest.get(BlocksService).list(['all']);
    expect(blocks.some(({ target }) => target.startsWith('#'))).toBe(true);

    expect(await app.nest.get(BlocksService).remove(user.mobile, BY_SYSTEM)).toBe(true);
    await readBlocks();
    await lapseCooldown(app, user.mobile, FROM['x-forwarded-for']);
    expect((await ask(user.mobile)).status).toBe(202);
  });

  it('rule 20: who was disabled does not come back by being erased', async () => {
    const user = await wholeLife();
    await app.nest.get(UserOperationsService).disable(user.id);
    await erase(user.id);
    await readBlocks();

    expectRefusal(await ask(user.mobile), 'TOO_MANY_REQUESTS');
  });

  it('rule 20: what counts against a number counts on', async () => {
    const user = await wholeLife();
    await erase(user.id);

    expectRefusal(await ask(user.mobile), 'TOO_MANY_REQUESTS');
  });

  it('rule 20: what their clients go on trying leaves nothing for long', async () => {
    const user = await wholeLife();
    await erase(user.id);
    await app.put('/auth/tokens', undefined, { token: user.refresh_token, headers: FROM });
    const row = {
      ...(await auditOf(app, user.id)).at(-1)!,
      id: '1',
      personal: '{"network":"198.51.100.0/24"}',
      salt: 'salt',
    };
    await app.sql.getRepository(AuditEvent).insert(row);

    await app.nest.get(ErasureService).eraseTraces();

    for (const { personal } of await auditOf(app, user.id)) expect(personal).toBeNull();
  });

  it('rule 20: what a request under way would write of them is not written', async () => {
    const { token } = await app.logIn();
    const own = app.nest.get(OwnChangesService);
    const update = own.updateProfile.bind(own);
    jest.spyOn(own, 'updateProfile').mockImplementationOnce(async (...admitted) => {
      await erase(userIdOf(token));
      return update(...admitted);
    });

    const answer = await app.patch('/users/me', { introduction: 'still here' }, { token });

    expectRefusal(answer, 'UNAUTHORIZED');
    expect(
      await app.sql.getRepository(UserProfile).findOneBy({ id: userIdOf(token) }),
    ).toMatchObject({ introduction: null, deletedAt: expect.any(Date) });
  });

  it('rule 20: an operator leaves no network where they acted on others', async () => {
    const [operator, user] = [await newOperator(app, 'admin'), await wholeLife()];
    const origin = { network: '203.0.113.0/24' };
    await app.nest.get(UserOperationsService).disable(user.id, {
      actor: { kind: 'operator', id: operator.id },
      isAdmin: true,
      origin,
    });
    await newOperator(app, 'admin');

    await erase(operator.id);

    expect(await dumpSql(app.env)).not.toContain(origin.network);
  });
});
