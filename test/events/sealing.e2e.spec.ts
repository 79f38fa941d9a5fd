import { Logger } from '@nestjs/common';
import { auditErasure } from '../../src/audit/erasure';
import { AuditPurgeService } from '../../src/audit/audit-purge.service';
import { AuditVerifierService, type Verdict } from '../../src/audit/audit-verifier.service';
import { SealingService } from '../../src/audit/sealing.service';
import { ChangesService } from '../../src/audit/changes.service';
import { SYSTEM } from '../../src/audit/change';
import { NumberRefsService } from '../../src/audit/number-refs.service';
import type { E164 } from '../../src/common/phone-number';
import { change } from '../../src/storage/queries';
import { holdBackgroundJobs } from '../support/background-jobs';
import { MODES, type Mode } from '../support/stores';
import { TestApp } from '../support/test-app';

holdBackgroundJobs();
const DAY_MS = 86_400_000;
const ORIGIN = { network: '203.0.113.0/24', requestId: 'r-1' };
const MOBILE = '+8613812345678' as E164;

describe.each(MODES)('the seals of the audit (%s)', (mode: Mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { AUDIT_RETENTION: '30d' } });
  });
  beforeEach(async () => {
    await app.sql.query('DELETE FROM audit_events');
    await app.sql.query('DELETE FROM audit_seals');
    for (let count = 0; count < 3; count++) await addSealed(4);
  });
  afterAll(() => app.close());

  const verify = (head?: string): Promise<Verdict> =>
    app.nest.get(AuditVerifierService).verify(head);
  const brokenAt = async () => (await verify()).broken;
  const add = async (count: number) => {
    const changes = app.nest.get(ChangesService);
    for (let done = 0; done < count; done++) {
      const about = { userId: '42', sessionId: '7', mobile: MOBILE, origin: ORIGIN };
      await changes.record({
        action: 'session.started',
        actor: SYSTEM,
        ...about,
        detail: { done },
      });
    }
  };
  const seal = () => app.nest.get(SealingService).sealAll();
  const addSealed = async (count: number) => {
    await add(count);
    await seal();
  };
  /** By the clock of the database. */
  const sealedAt = async (now: number) => {
    await add(2);
    const query = app.sql.query.bind(app.sql);
    const clock = jest.spyOn(app.sql, 'query');
    clock.mockImplementation((text: string, ...others) =>
      text.endsWith(' AS now') ? Promise.resolve([{ now }]) : query(text, ...others),
    );
    await seal();
    clock.mockRestore();
  };
  const idsOf = async (sealId: number): Promise<string[]> => {
    const rows = await app.sql.query('SELECT id FROM audit_events WHERE seal = ? ORDER BY id', [
      sealId,
    ]);
    return rows.map(({ id }: { id: unknown }) => String(id));
  };

  it('cover every row, and what is written since is counted', async () => {
    await add(2);

    expect(await verify()).toEqual({
      seals: 3,
      events: 12,
      unsealed: 2,
      head: expect.stringMatching(/^3:[\w-]{43}$/),
    });
  });

  it.each([
    ['at', 1],
    ['action', 'session.ended'],
    ['actor_kind', 'operator'],
    ['actor_id', '43'],
    ['user_id', 43],
    ['session_id', 8],
    ['reason', 'another'],
    ['detail', '{}'],
    ['digest', 'x'],
    ['request_id', 'r-2'],
    ['personal', '{"network":"198.51.100.0/24"}'],
    ['number_ref', 'x'],
    ['salt', 'x'],
    ['personal', null],
    ['salt', null],
  ])(
    'break when %s of a row becomes %p, and the first broken one is named',
    async (column, value) => {
      const [, id] = await idsOf(2);
      await app.sql.query(`UPDATE audit_events SET ${column} = ? WHERE id = ?`, [value, id]);

      expect(await brokenAt()).toMatch(/^seal 2 of \d{4}-\d\d-\d\d: .*row was changed/);
    },
  );

  it('break when a row is removed', async () => {
    const [, id] = await idsOf(2);
    await app.sql.query('DELETE FROM audit_events WHERE id = ?', [id]);

    expect(await brokenAt()).toMatch(/^seal 2 .*: it covers 4 rows, and there are 3$/);
  });

  it.each([2, 99])('break when a row is added under seal %p', async (sealId) => {
    await add(1);
    await app.sql.query('UPDATE audit_events SET seal = ? WHERE seal IS NULL', [sealId]);

    expect(await brokenAt()).toMatch(
      /it covers 4 rows, and there are 5|a seal that does not exist/,
    );
  });

  it('break when a row is added that is said to be older, sealed since or not', async () => {
    await add(1);
    const longAgo = Date.now() - 3_600_000;
    await app.sql.query('UPDATE audit_events SET at = ? WHERE seal IS NULL', [longAgo]);

    expect(await brokenAt()).toMatch(/older than the last seal/);
    await seal();
    expect(await brokenAt()).toMatch(/^seal 4 .*older than the seal before it/);
  });

  it('break when a seal is removed, the first and one in between', async () => {
    await app.sql.query('DELETE FROM audit_seals WHERE id = 2');
    expect(await brokenAt()).toMatch(/^seal 3 .*: the seal before it is missing/);

    await app.sql.query('DELETE FROM audit_seals WHERE id < 3');
    await app.sql.query('DELETE FROM audit_events WHERE seal < 3');
    expect(await brokenAt()).toMatch(/^seal 3 .*: the seals before it are missing/);
  });

  it('tell whoever has kept a head when the end is cut off or made anew', async () => {
    const { head } = await verify();
    await app.sql.query('DELETE FROM audit_seals WHERE id = 3');
    await app.sql.query('DELETE FROM audit_events WHERE seal = 3');

    expect((await verify(head!)).broken).toMatch(/seal 3 is missing/);
    await addSealed(1);
    expect((await verify(head!)).broken).toMatch(/^seal 3 .*not the one that was expected/);
  });

  it('are missed by the process that made them', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    await app.sql.query('DELETE FROM audit_seals WHERE id = 3');
    await app.sql.query("UPDATE audit_events SET seal = NULL, reason = 'forged' WHERE seal = 3");

    await seal();
    await addSealed(1);

    expect(await brokenAt()).toBeUndefined();
    expect(error.mock.calls.map(([text]) => text)).toEqual([
      expect.stringMatching(/^Audit seal 3 is missing, and all behind it/),
    ]);
    error.mockRestore();
  });

  it('cannot be made by whoever has the database and no key', async () => {
    const forger = await app.restart({ env: { JWT_SECRET: 'f'.repeat(40) } });
    await forger.sql.query('DELETE FROM audit_seals');
    await forger.sql.query("UPDATE audit_events SET seal = NULL, reason = 'forged'");
    await forger.nest.get(SealingService).sealAll();
    app = await forger.restart({ env: { JWT_SECRET: app.env.JWT_SECRET! } });

    expect(await brokenAt()).toMatch(/signed with a key that is not configured/);
  });

  it('go on over a change of the secret, as long as the newest was made since or before', async () => {
    const former = app.env.JWT_SECRET!;
    const changed = { JWT_SECRET: 'n'.repeat(40), JWT_SECRET_PREVIOUS: former };
    app = await app.restart({ env: changed });
    expect(await brokenAt()).toBeUndefined();
    await addSealed(1);
    app = await app.restart({ env: { ...changed, JWT_SECRET_PREVIOUS: 'o'.repeat(40) } });

    expect(await verify()).toMatchObject({ seals: 4, events: 13 });
    expect(await brokenAt()).toBeUndefined();
    const [id] = await idsOf(1);
    await app.sql.query("UPDATE audit_events SET reason = 'x' WHERE id = ?", [id]);
    expect(await brokenAt()).toMatch(/^seal 1 /);
  });

  it('hold when everything personal was erased', async () => {
    const refs = app.nest.get(NumberRefsService).refsOf(MOBILE);
    await app.nest.get(ChangesService).record({
      action: 'code.refused',
      actor: SYSTEM,
      mobile: MOBILE,
      origin: ORIGIN,
    });
    await seal();
    for (const statement of auditErasure(app.sql, '42', refs)) await change(app.sql, statement);

    const left = await app.sql.query(
      'SELECT COUNT(*) AS count FROM audit_events WHERE personal IS NOT NULL OR salt IS NOT NULL OR number_ref IS NOT NULL',
    );
    expect(Number(left[0].count)).toBe(0);
    expect(await verify()).toMatchObject({ seals: 4, events: 13 });
    expect(await brokenAt()).toBeUndefined();
  });

  it('hold when whole days were purged, and miss days that somebody else deleted', async () => {
    const purge = () => app.nest.get(AuditPurgeService).purge();
    await app.sql.query('DELETE FROM audit_events');
    await app.sql.query('DELETE FROM audit_seals');
    for (const daysAgo of [40, 39, 33, 2]) await sealedAt(Date.now() - daysAgo * DAY_MS);

    await purge();

    expect(await verify()).toMatchObject({ seals: 2, events: 2 });
    expect(await brokenAt()).toBeUndefined();
    await purge();
    expect(await brokenAt()).toBeUndefined();
    await app.sql.query('DELETE FROM audit_seals WHERE id = 3');
    expect(await brokenAt()).toMatch(/^seal 4 .*: the seals before it are missing/);
  });
});
