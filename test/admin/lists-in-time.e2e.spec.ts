import type { Action } from '../../src/audit/actions';
import { AuditEvent } from '../../src/audit/audit-event.entity';
import { Snowflake } from '../../src/common/snowflake';
import { newOperator } from '../support/operators';
import { insertDeliveries } from '../support/receipts';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const HOUR_MS = 3_600_000;
const START = Date.parse('2025-03-01T10:00:00Z');
const hour = (n: number) => START + n * HOUR_MS;
const text = (time: number) => new Date(time).toISOString();
const idOf = (time: number) => new Snowflake(1020, () => time).next();
const at = (time: number) => ({ id: idOf(time) });

describe.each(MODES)('lists of a time (%s)', (mode) => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start({ mode });
    ({ token } = await newOperator(app, 'viewer'));
  });
  afterAll(() => app.close());

  const insertEvents = async (action: Action, times: readonly number[]) => {
    const events = times.map((time) => {
      const id = idOf(time);
      return { id, at: new Date(time), action, actorKind: 'user' as const, requestId: id };
    });
    await app.sql.getRepository(AuditEvent).insert(events);
    return events.map(({ id }) => id);
  };
  const idsOf = async (path: string, rows: string) => {
    const { body } = await app.get(`/admin/${path}`, { token });
    return body[rows].map(({ id }: { id: string }) => id);
  };
  const audit = (query: string) => idsOf(`audit?${query}`, 'events');
  const messages = (query: string) => idsOf(`sms/deliveries?${query}`, 'deliveries');

  it('the audit has what was recorded from one moment to another, both among them', async () => {
    const [first, second, third] = await insertEvents('user.created', [hour(0), hour(1), hour(2)]);
    const [other] = await insertEvents('user.updated', [hour(1) + 1]);
    const until = `until=${text(hour(2))}`;

    expect(await audit(`since=${text(hour(0))}&${until}`)).toEqual([third, other, second, first]);
    expect(await audit(`since=${text(hour(0) + 1)}&until=${text(hour(2) - 1)}`)).toEqual([
      other,
      second,
    ]);
    expect(await audit(`action=user.created&since=${text(hour(1))}&${until}`)).toEqual([
      third,
      second,
    ]);
    expect(await audit(`${until}&after=${second}`)).toEqual([first]);
    expect(await audit('since=2026-01-01&until=2025-01-01')).toEqual([]);
    expect(await audit('since=9999-12-31T23:59:59Z')).toEqual([]);
    expect((await audit('until=9999-12-31')).length).toBeGreaterThan(4);
  });

  it('messages, too, beside their other filters and from page to page', async () => {
    const used = { verifiedAt: new Date() };
    const [early, one, two, late] = await insertDeliveries(app, [
      { ...at(hour(0)), outcome: 'failed' },
      { ...at(hour(1)), ...used },
      { ...at(hour(1) + 1), country: 'FJ' },
      { ...at(hour(2)), country: 'FJ', ...used },
    ]);
    const inHours = (from: number, to: number) =>
      `since=${text(hour(from))}&until=${text(hour(to))}`;

    expect(await messages(inHours(0, 2))).toEqual([late, two, one, early]);
    expect(await messages(inHours(0.5, 1.5))).toEqual([two, one]);
    expect(await messages(`country=FJ&${inHours(0, 1.5)}`)).toEqual([two]);
    expect(await messages(`outcome=sent&country=FJ&${inHours(1.5, 2)}`)).toEqual([late]);
    expect(await messages(`used=true&${inHours(0, 1.5)}`)).toEqual([one]);
    expect(await messages(`used=false&${inHours(0, 2)}`)).toEqual([two, early]);
    expect(await messages(`${inHours(0, 2)}&after=${two}`)).toEqual([one, early]);
  });

  it('wants times with their offset', async () => {
    for (const path of ['audit?since=now', 'sms/deliveries?until=2026-01-31T09:30']) {
      expectRefusal(await app.get(`/admin/${path}`, { token }), 'VALIDATION_FAILED');
    }
  });
});
