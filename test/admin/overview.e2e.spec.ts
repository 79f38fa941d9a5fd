import { SealingService } from '../../src/audit/sealing.service';
import { AuditEvent } from '../../src/audit/audit-event.entity';
import { newOperator } from '../support/operators';
import { randomMobile } from '../support/mobile';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

const LIMITS = 'codes-per-address=9999/1h,easy-codes-per-address=999/1h';

describe.each(MODES)('what the console asks beside (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { LIMITS, SMS_COUNTRIES: 'CN' } });
  });
  afterAll(() => app.close());

  const overview = (token: string, range: string) =>
    app.get(`/admin/overview?range=${range}`, { token });

  it('counts what happened, and names networks with many refusals to those who may act on them', async () => {
    const viewer = await newOperator(app, 'viewer');
    const support = await newOperator(app, 'support');
    const guess = () => app.post('/auth/tokens', { mobile: randomMobile(), code: '000000' });
    await Promise.all(Array.from({ length: 40 }, guess));
    await until(
      async () =>
        (await app.sql.getRepository(AuditEvent).countBy({ action: 'login.refused' })) > 0,
    );
    // Each range is counted once for all who look.
    await until(async () => (await overview(support.token, '1h')).body.attacks.length > 0);

    const { body } = await overview(support.token, '1h');
    const seen = await overview(viewer.token, '1h');
    const sums = (name: string) =>
      body.steps.reduce((sum: number, step: Record<string, number>) => sum + step[name]!, 0);

    expect(body.steps).toHaveLength(12);
    expect([sums('logins'), sums('first_logins'), sums('sent')]).toEqual([4, 2, 4]);
    expect(body.refusals[0]).toMatchObject({ action: 'login.refused', reason: 'INVALID_CODE' });
    expect(body.attacks).toEqual([{ network: '127.0.0.0/24', refusals: expect.any(Number) }]);
    expect(seen.body.attacks).toEqual([{ network: null, refusals: expect.any(Number) }]);
  });

  it('lists operators, those who may most first', async () => {
    const admin = await newOperator(app, 'admin');
    await app.logIn();

    const { body } = await app.get('/admin/operators', admin);

    expect(body[0]).toMatchObject({ id: admin.id, roles: ['admin'] });
    expect(body.every(({ roles }: { roles: string[] }) => roles.length > 0)).toBe(true);
  });

  it('verifies the newest seals of the audit', async () => {
    const { token } = await newOperator(app, 'viewer');
    await app.nest.get(SealingService).sealAll();
    const [first] = await app.sql.getRepository(AuditEvent).find({ order: { id: 'ASC' }, take: 1 });

    const right = await app.get('/admin/audit/seals', { token });
    await app.sql.getRepository(AuditEvent).update({ id: first!.id }, { reason: 'another' });
    const wrong = await app.get('/admin/audit/seals', { token });

    expect(right.body).toMatchObject({ seals: 1, broken: null });
    expect(wrong.body.broken).toContain('a row was changed');
  });
});
