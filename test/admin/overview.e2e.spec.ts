import { SealingService } from '../../src/audit/sealing.service';
import { AuditEvent } from '../../src/audit/audit-event.entity';
import { newOperator } from '../support/operators';
import { randomMobile } from '../support/mobile';
import { insertDeliveries } from '../support/receipts';
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

  it('finds messages by country, prefix, provider, outcome and receipt, however many others there are', async () => {
    const { token } = await newOperator(app, 'viewer');
    const rare = { country: 'FJ', mobile: '+679****0123', provider: 'aliyun' } as const;
    const lost = { country: 'FJ', mobile: '+679****0124', receipt: 'failed' } as const;
    const refused = { country: 'FJ', mobile: '+6791****0125', outcome: 'refused' } as const;
    const old = await insertDeliveries(app, [rare, lost, refused]);
    const usual = { country: 'FJ', mobile: '+679****0126' };
    await insertDeliveries(
      app,
      Array.from({ length: 2100 }, () => usual),
    );
    const places = async (query: string) => {
      const found: number[] = [];
      for (let pages = 1, after = ''; ; pages++) {
        const { body } = await app.get(`/admin/sms/deliveries?${query}${after}`, { token });
        found.push(...body.deliveries.map(({ id }: { id: string }) => old.indexOf(id)));
        if (!body.has_more) return { found, pages };
        after = `&after=${body.next}`;
      }
    };

    expect(await places('provider=aliyun')).toEqual({ found: [0], pages: 1 });
    expect(await places('outcome=refused&country=FJ')).toEqual({ found: [2], pages: 1 });
    expect(await places('country=FJ&provider=aliyun')).toEqual({ found: [0], pages: 2 });
    expect(await places('prefix=%2B679&receipt=failed')).toEqual({ found: [1], pages: 2 });
    expect((await places('prefix=%2B6791&outcome=refused')).found).toEqual([2]);
    expect((await places('prefix=%2B6792&outcome=refused')).found).toEqual([]);
    expect((await places('country=FJ')).found).toHaveLength(2103);
    for (const wrong of ['country=fj', 'prefix=%2B8613812345', 'provider=pigeon', 'outcome=lost']) {
      expect((await app.get(`/admin/sms/deliveries?${wrong}`, { token })).status).toBe(400);
    }
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
