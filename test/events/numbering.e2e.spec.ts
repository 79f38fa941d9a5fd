import { Snowflake } from '../../src/common/snowflake';
import { LeasesService } from '../../src/events/leases.service';
import { NUMBERING, NumberingService } from '../../src/events/numbering.service';
import { OutboxEvent } from '../../src/events/outbox-event.entity';
import { holdBackgroundJobs } from '../support/background-jobs';
import { MODES, type Mode } from '../support/stores';
import { TestApp } from '../support/test-app';
import { numberEvents } from '../support/told';

holdBackgroundJobs();
const ids = new Snowflake(7);

describe.each(MODES)('the order of events (%s)', (mode: Mode) => {
  let app: TestApp;
  let leases: LeasesService;

  beforeAll(async () => {
    app = await TestApp.start({ mode });
    leases = app.nest.get(LeasesService);
    await leases.claim(NUMBERING);
  });
  afterAll(() => app.close());

  const commit = async (count: number, from = ids) => {
    const rows = Array.from({ length: count }, () => ({
      id: from.next(),
      at: new Date(),
      type: 'session.started' as const,
    }));
    await app.sql.getRepository(OutboxEvent).insert(rows);
    return rows.map(({ id }) => id);
  };
  const numbered = async () => {
    const rows = await app.sql.getRepository(OutboxEvent).find({ order: { position: 'ASC' } });
    return rows.map(({ id, position }) => [id, Number(position)]);
  };

  it('has no gap, and an event that is committed late comes behind those that readers have seen', async () => {
    const late = ids.next();
    const early = await commit(1100);
    await numberEvents(app);
    await app.sql
      .getRepository(OutboxEvent)
      .insert({ id: late, at: new Date(), type: 'session.ended' });
    await numberEvents(app);

    expect(await numbered()).toEqual([...early, late].map((id, index) => [id, index + 1]));
  });

  it('is given by nobody who has lost the lease', async () => {
    const before = await numbered();
    const [id] = await commit(1);
    await app.sql.query("UPDATE leases SET holder = 'somebody else' WHERE name = ?", [NUMBERING]);

    await app.nest.get(NumberingService).numberAll();

    expect(await numbered()).toEqual(expect.arrayContaining([[id, 0]]));
    await app.sql.query('UPDATE leases SET expires_at = 1 WHERE name = ?', [NUMBERING]);
    expect(await leases.claim(NUMBERING)).toBe(true);
    await numberEvents(app);
    expect(await numbered()).toEqual([...before, [id, before.length + 1]]);
  });

  it('has no gap when a call that was given up ends after all, amid the next one', async () => {
    const before = await numbered();
    const numbering = app.nest.get(NumberingService);
    const find = numbering['findUnnumbered'].bind(numbering);
    const spy = jest.spyOn(numbering as any, 'findUnnumbered');
    spy.mockImplementationOnce(async (take) => {
      const found = await find(take as number);
      await numbering.numberAll();
      return found;
    });
    const [id] = await commit(1);

    await numbering.numberAll();
    spy.mockRestore();
    const [next] = await commit(1);
    await numberEvents(app);

    expect(await numbered()).toEqual([
      ...before,
      [id, before.length + 1],
      [next, before.length + 2],
    ]);
  });

  it('goes on where it was when all events were purged', async () => {
    const before = await numbered();
    await app.sql.getRepository(OutboxEvent).clear();
    const [id] = await commit(1);

    await numberEvents(app);

    expect(await numbered()).toEqual([[id, before.length + 1]]);
  });
});
