import { randomInt } from 'node:crypto';
import { HousekeepingService } from '../../src/sessions/housekeeping.service';
import { Session } from '../../src/sessions/session.entity';
import { sqlNow } from '../../src/storage/sql-clock';
import { insertEnded } from '../support/ended-sessions';
import { sessionIdOf } from '../support/jwt';
import { expectRefusal } from '../support/refusal';
import { basic, SERVICE_CLIENTS } from '../support/service-client';
import { rowOf } from '../support/sessions';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Page {
  revocations: { sid: string; ended_at: string }[];
  cursor: string;
  more: boolean;
}

describe.each(MODES)('the feed of ended sessions (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { SERVICE_CLIENTS } });
  });
  beforeEach(() => app.sql.getRepository(Session).clear());
  afterAll(() => app.close());

  const get = (after?: string, headers = {}) =>
    app.get(`/auth/revocations${after === undefined ? '' : `?after=${after}`}`, {
      headers: { ...basic(), ...headers },
    });
  const read = async (after?: string): Promise<Page> => (await get(after)).body;

  const databaseTime = async () => {
    const [row] = await app.sql.query(`SELECT ${sqlNow(app.sql).text} AS now`);
    return Number(row.now);
  };

  const insert = (times: number[]) => insertEnded(app.sql, times);

  /** Follows the feed to its end. */
  const readAll = async (after?: string): Promise<{ pages: Page[]; sids: string[] }> => {
    const pages = [await read(after)];
    while (pages.at(-1)!.more) pages.push(await read(pages.at(-1)!.cursor));
    return { pages, sids: pages.flatMap(({ revocations }) => revocations.map(({ sid }) => sid)) };
  };

  it('tells of a logout, with the time of the end', async () => {
    const { token } = await app.logIn();
    const { cursor } = await read();

    await app.delete('/auth/tokens', { token });

    expect(await read(cursor)).toEqual({
      revocations: [{ sid: sessionIdOf(token), ended_at: expect.stringMatching(/T.*Z$/) }],
      cursor: expect.any(String),
      more: false,
    });
  });

  it('rule 10: tells of one that expired, whose tokens a clock set back makes valid again', async () => {
    const pair = await app.logIn();
    const { cursor } = await read();
    const id = sessionIdOf(pair.token);
    const expiresAt = new Date(await databaseTime());
    await app.sql.getRepository(Session).update({ id }, { expiresAt });
    await app.nest.get(HousekeepingService).sweep(new Date(expiresAt.getTime() + 1));

    await app.delete('/auth/tokens', { token: pair.token });

    expect((await rowOf(app, pair)).endReason).toBe('expired');
    expect((await readAll(cursor)).sids).toEqual([id]);
  });

  it('begins with the ends to which an access token may still belong, also when the clock was set by an hour', async () => {
    const now = await databaseTime();
    await insert([now - 3 * HOUR - 10 * MINUTE]);
    const [recent] = await insert([now - 3 * HOUR]);

    expect((await readAll()).sids).toEqual([recent]);
  });

  it('comes in pages of 1,000, in order, each session once', async () => {
    const now = await databaseTime();
    const times = Array.from({ length: 2600 }, () => now - randomInt(600));
    const ids = await insert(times);
    const inOrder = ids
      .map((sid, index) => ({ sid, time: times[index]! }))
      .toSorted((a, b) => a.time - b.time || (BigInt(a.sid) < BigInt(b.sid) ? -1 : 1));

    const { pages, sids } = await readAll();

    expect(pages.map(({ revocations }) => revocations.length)).toEqual([1000, 1000, 600]);
    expect(sids).toEqual(inOrder.map(({ sid }) => sid));
  });

  it('goes on inside a millisecond that more than one page of sessions share', async () => {
    const ids = await insert(Array.from({ length: 2600 }).fill(await databaseTime()) as number[]);

    expect((await readAll()).sids).toEqual(ids);
  });

  it('ends with a page that is exactly full', async () => {
    const ids = await insert(Array.from({ length: 1000 }).fill(await databaseTime()) as number[]);

    const { pages, sids } = await readAll();

    expect(sids).toEqual(ids);
    expect(pages.at(-1)).toMatchObject({ revocations: [], more: false });
  });

  it('misses no session that is committed late, wherever its reader is', async () => {
    const now = await databaseTime();
    await insert(Array.from({ length: 2500 }, () => now - randomInt(9000)));
    const seen = new Set<string>();
    const late: string[] = [];
    let cursor: string | undefined;

    for (let reading = 0; reading < 6; reading++) {
      const page = await read(cursor);
      for (const { sid } of page.revocations) seen.add(sid);
      cursor = page.cursor;
      late.push(...(await insert([1, 3000, 9000].map((age) => Date.now() - age))));
    }
    const rest = await readAll(cursor);
    const next = await readAll(rest.pages.at(-1)!.cursor);
    for (const sid of [...rest.sids, ...next.sids]) seen.add(sid);

    expect(late.filter((sid) => !seen.has(sid))).toEqual([]);
    expect(seen.size).toBe(2500 + late.length);
  });

  it('misses no session that is committed while a slow reader is under way', async () => {
    const begun = (await databaseTime()) - 60_000;
    const last = await read(`${begun}-${begun + 30_000}-0`);
    const [late] = await insert([begun - 5000]);

    const { sids } = await readAll(last.cursor);

    expect(last.more).toBe(false);
    expect(sids).toEqual([late]);
  });

  it('misses no session that ends after the clock of the database was set back', async () => {
    const now = await databaseTime();
    const [ended] = await insert([now]);

    const { sids, pages } = await readAll(String(now + HOUR));

    expect(sids).toEqual([ended]);
    expect(Number(pages[0]!.cursor)).toBeLessThan(now + MINUTE);
  });

  it('answers 304 to a reader who has seen everything, until there is more', async () => {
    await insert([await databaseTime()]);
    const { cursor } = await read();
    const first = await get(cursor);
    const etag = first.headers.get('etag')!;

    const again = await get(cursor, { 'if-none-match': etag });
    await insert([await databaseTime()]);
    const changed = await get(cursor, { 'if-none-match': etag });

    expect([again.status, again.body]).toEqual([304, '']);
    expect(again.headers.get('etag')).toBe(etag);
    expect(changed.status).toBe(200);
    expect(changed.body.revocations).toHaveLength(2);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  it.each([
    [304, (etag: string) => `W/${etag}`],
    [304, (etag: string) => `"other", W/"another",${etag}`],
    [304, () => '*'],
    [200, () => '"other"'],
    [200, (etag: string) => etag.slice(1, -1)],
    [200, (etag: string) => `${etag} or not`],
    [200, (etag: string) => `${etag.slice(0, -1)}x"`],
  ])('answers %d to If-None-Match by RFC 9110: %s', async (status, spell) => {
    await insert([await databaseTime()]);
    const { cursor } = await read();
    const etag = (await get(cursor)).headers.get('etag')!;

    const answer = await get(cursor, { 'if-none-match': spell(etag) });

    expect([answer.status, answer.headers.get('etag')]).toEqual([status, etag]);
  });

  it.each([
    '',
    'x',
    '-1',
    '1-2',
    '1-2-',
    '1-2-3-4',
    '1.5',
    '1%0A',
    '1%20OR%201=1',
    '9'.repeat(16),
    `1-2-${'9'.repeat(20)}`,
    '1&after=2',
    '1&before=2',
  ])('refuses the cursor %j', async (cursor) => {
    expectRefusal(await get(cursor), 'VALIDATION_FAILED');
  });

  it.each(['0', '9'.repeat(15), `1-2-${'9'.repeat(19)}`])(
    'takes the cursor %s, which it may never have given',
    async (cursor) => {
      expect((await get(cursor)).status).toBe(200);
    },
  );
});
