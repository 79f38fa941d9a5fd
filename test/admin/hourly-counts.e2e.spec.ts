import { HOURLY } from '../../src/admin/hourly/hours';
import { HourlyCountsService } from '../../src/admin/hourly/hourly-counts.service';
import { MessageHour } from '../../src/admin/hourly/message-hour.entity';
import { ActivityCountsService } from '../../src/admin/overview/activity-counts.service';
import { spanOf } from '../../src/admin/overview/span';
import { AuditEvent } from '../../src/audit/audit-event.entity';
import { Snowflake } from '../../src/common/snowflake';
import { LeasesService } from '../../src/events/leases.service';
import { SmsDelivery } from '../../src/sms/sms-delivery.entity';
import { holdBackgroundJobs } from '../support/background-jobs';
import { newOperator } from '../support/operators';
import { insertDeliveries } from '../support/receipts';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe.each(MODES)('the counts of an hour (%s)', (mode) => {
  holdBackgroundJobs();
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start({ mode });
    ({ token } = await newOperator(app, 'viewer'));
  });
  afterAll(() => app.close());

  const now = Date.now();
  const ago = (milliseconds: number) => new Date(now - milliseconds);
  const count = async () => {
    await app.nest.get(LeasesService).claim(HOURLY);
    await app.nest.get(HourlyCountsService).count();
  };
  const logIn = async (at: Date) => {
    const id = new Snowflake(1020, () => +at).next();
    const event = { id, at, action: 'session.started', actorKind: 'user', requestId: id } as const;
    await app.sql.getRepository(AuditEvent).insert(event);
  };
  const answers = async () => {
    const activity = app.nest.get(ActivityCountsService);
    const from = ago(29 * DAY_MS)
      .toISOString()
      .slice(0, 10);
    return {
      month: await activity.steps(spanOf('30d', now)),
      day: await activity.steps(spanOf('24h', now)),
      spend: (await app.get(`/admin/sms/spend?from=${from}`, { token })).body,
    };
  };

  it('are those of its rows, of which none is read again', async () => {
    const used = { verifiedAt: ago(0) };
    await insertDeliveries(app, [
      { createdAt: ago(20 * DAY_MS), country: 'FJ', price: 70_000 },
      { createdAt: ago(20 * DAY_MS), country: 'FJ', outcome: 'failed', price: 0 },
      { createdAt: ago(5 * HOUR_MS), country: 'FJ', ...used },
      { createdAt: ago(5 * HOUR_MS), country: 'CN', provider: 'aliyun' },
      { createdAt: ago(1000), country: 'FJ', ...used },
    ]);
    for (const at of [ago(20 * DAY_MS), ago(20 * DAY_MS), ago(5 * HOUR_MS)]) await logIn(at);
    const before = await answers();

    await count();
    await app.sql.query('DELETE FROM sms_deliveries WHERE created_at < ?', [+ago(4 * HOUR_MS)]);
    await app.sql.query('DELETE FROM audit_events WHERE id < ?', [
      Snowflake.firstOf(+ago(4 * HOUR_MS)),
    ]);

    expect(before.month.reduce((sum, { logins }) => sum + logins, 0)).toBe(3);
    expect(before.spend.at(-1)).toMatchObject({ country: 'FJ', messages: 2, sent: 1, spent: 0.07 });
    expect(await answers()).toEqual(before);
    await count();
    expect(await app.sql.getRepository(MessageHour).count()).toBe(3);
    expect(await app.sql.getRepository(SmsDelivery).count()).toBeGreaterThan(0);
  });
});
