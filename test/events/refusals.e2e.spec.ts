import { RefusalsService } from '../../src/audit/refusals.service';
import { AuditEvent } from '../../src/audit/audit-event.entity';
import { NumberRefsService } from '../../src/audit/number-refs.service';
import type { E164 } from '../../src/common/phone-number';
import { holdBackgroundJobs } from '../support/background-jobs';
import { registerWithPassword } from '../support/credentials';
import { userIdOf } from '../support/jwt';
import { randomMobile } from '../support/mobile';
import { MODES, type Mode } from '../support/stores';
import { TestApp } from '../support/test-app';
import { auditOf, eventsOf } from '../support/told';

holdBackgroundJobs();

describe.each(MODES)('what the audit tells of refusals (%s)', (mode: Mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '127.0.0.1' } });
  });
  beforeEach(() => app.sql.getRepository(AuditEvent).clear());
  afterAll(() => app.close());

  const flush = () => app.nest.get(RefusalsService).flush();
  const guess = (mobile: string, headers = {}) =>
    app.post('/auth/tokens', { mobile, code: '000000' }, { headers });
  const failedLogins = async (userId: string) =>
    (await eventsOf(app, userId)).filter(({ type }) => type === 'login.failed');

  it('who was refused what, why and from where, without the number', async () => {
    const mobile = randomMobile();
    await guess(mobile, { 'x-forwarded-for': '203.0.113.9' });
    await flush();

    const [row] = await auditOf(app);
    expect(row).toMatchObject({
      action: 'login.refused',
      reason: 'INVALID_CODE',
      detail: '{"method":"code","why":"never_sent"}',
      personal: JSON.stringify({
        network: '203.0.113.0/24',
        country: 'CN',
        last_two: mobile.slice(-2),
      }),
      numberRef: app.nest.get(NumberRefsService).refOf(mobile as E164),
      requestId: expect.any(String),
    });
    expect(JSON.stringify(row)).not.toContain(mobile.slice(1));
  });

  it('which limit refused a code', async () => {
    const { mobile } = await app.requestCode();
    await app.post('/auth/codes', { mobile });
    await flush();

    expect(await auditOf(app)).toMatchObject([
      {
        action: 'code.refused',
        reason: 'TOO_MANY_REQUESTS',
        detail: expect.stringContaining('"limit":"number"'),
      },
    ]);
  });

  it('a flood, as samples and as counts that are together all of it', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.7' };
    const mobile = randomMobile();
    for (let count = 0; count < 30; count++) await guess(mobile, headers);
    await flush();

    const told = await auditOf(app);
    // The first of the reason is told; then the limit refuses.
    expect(told.length).toBeLessThanOrEqual(21);
    expect(new Set(told.map(({ reason }) => reason))).toEqual(
      new Set(['INVALID_CODE', 'TOO_MANY_REQUESTS']),
    );
  });

  it('logins of a user that failed, as one event a minute with their count', async () => {
    const user = await registerWithPassword(app);
    const id = userIdOf(user.token);
    const fail = () =>
      app.post('/auth/login', { ...user.credentials, password: 'not the right one' });
    await fail();
    await fail();
    await flush();
    await fail();
    await flush();

    expect((await failedLogins(id)).map(({ data }) => data)).toEqual([
      '{"count":2,"method":"password"}',
    ]);
    expect((await auditOf(app, id)).map(({ action }) => action)).toContain('login.failed');
  });

  it('nothing of a login that failed for a number that nobody has', async () => {
    await guess(randomMobile());
    await flush();

    const told = await auditOf(app);
    expect(told.map(({ action }) => action)).toEqual(['login.refused']);
  });
});
