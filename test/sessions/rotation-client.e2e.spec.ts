import { Session } from '../../src/sessions/session.entity';
import { passTime } from '../support/clock';
import { decodeJwt } from '../support/jwt';
import { expectRefusal } from '../support/refusal';
import { insertSessions, tokenMint } from '../support/session-rows';
import { MODES } from '../support/stores';
import { report } from '../support/simulation';
import { TestApp } from '../support/test-app';

const JWT_SECRET = 'the secret of the rotation tests, and of nothing else';
const HOUR = 3_600_000;

/** What a client sends besides its token. */
interface Client {
  /** The last part of its address, in a network of its own. */
  network: number;
  userAgent?: string;
  key?: string;
}

const KEY = 'drawn-at-the-login-0123456789';
const OWNER: Client = { network: 1, userAgent: 'Orders/3.1 (iPhone; iOS 26)' };
const ON_THE_ROAD: Client = { network: 2, userAgent: OWNER.userAgent };
const THIEF: Client = { network: 9, userAgent: 'curl/8.5.0' };

describe.each(MODES)('retries of a rotation, by client (%s)', (mode) => {
  const mint = tokenMint(JWT_SECRET);
  let app: TestApp;
  let session: Session;
  /** Its first refresh token. */
  let first: string;

  beforeAll(async () => {
    app = await TestApp.start({
      mode,
      env: { JWT_SECRET, REFRESH_ROTATION: 'on', TRUST_PROXY: '1' },
    });
  });
  beforeEach(async () => {
    [session] = (await insertSessions(app.sql, 1)) as [Session];
    first = mint.signRefresh(session);
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => app.close());

  const refresh = (token: string, { network, userAgent, key }: Client) =>
    app.put('/auth/tokens', undefined, {
      token,
      headers: {
        'x-forwarded-for': `198.51.${network}.7`,
        'user-agent': userAgent ?? '',
        ...(key !== undefined && { 'idempotency-key': key }),
      },
    });
  const successorOf = async (token: string, client: Client): Promise<string> => {
    const { status, body } = await refresh(token, client);
    expect(status).toBe(201);
    return body.refresh_token;
  };
  const rowOf = ({ id }: Session) => app.sql.getRepository(Session).findOneByOrFail({ id });
  const expectReuse = async (token: string, client: Client) => {
    const answer = await refresh(token, client);
    expectRefusal(answer, 'WRONG_REFRESH_TOKEN');
    expect(await rowOf(session)).toMatchObject({ endReason: 'reuse' });
  };

  it.each<[string, Client, Client]>([
    ['with its key, from everywhere', { ...OWNER, key: KEY }, { ...THIEF, key: KEY }],
    ['without a key, on another network', OWNER, ON_THE_ROAD],
    ['without a key, with another user agent', OWNER, { ...OWNER, userAgent: 'Orders/3.2' }],
    ['without a key, with one by now', OWNER, { ...ON_THE_ROAD, key: KEY }],
    ['that names no user agent, on its network', { network: 1 }, { network: 1 }],
  ])(
    'rule 9: a client that was without signal for a day gets the same successor: %s',
    async (_, before, later) => {
      const successor = await successorOf(first, before);
      passTime(24 * HOUR);

      const [again, twice] = [await successorOf(first, later), await successorOf(first, later)];

      expect([again, twice]).toEqual(Array(2).fill(successor));
      expect(await successorOf(again, later)).not.toBe(again);
    },
  );

  it.each<[string, Client, Client]>([
    ['another network and user agent', OWNER, THIEF],
    [
      'a key of its own, on the same network and as the same app',
      { ...OWNER, key: KEY },
      { ...OWNER, key: `${KEY}!` },
    ],
    ['no key, on the same network and as the same app', { ...OWNER, key: KEY }, OWNER],
    ['no user agent, like the owner, on another network', { network: 1 }, { network: 9 }],
  ])('rule 9: a spent token from a client with %s is reuse, at once', async (_, owner, thief) => {
    const successor = await successorOf(first, owner);
    const [other] = await insertSessions(app.sql, 1, { userId: session.userId });

    await expectReuse(first, thief);

    expect((await refresh(successor, owner)).status).toBe(403);
    expect((await refresh(mint.signRefresh(other!), owner)).status).toBe(201);
  });

  it('rule 9: a thief redeems none of six spent tokens within the grace', async () => {
    const attacks = (await insertSessions(app.sql, 6)).map(async (one) => {
      const spent = mint.signRefresh(one);
      await successorOf(spent, OWNER);
      const { status } = await refresh(spent, THIEF);
      return `${status} ${(await rowOf(one)).endReason}`;
    });

    const ends = await Promise.all(attacks);
    report({
      row: '6',
      attack: 'a thief redeems six spent refresh tokens within the grace',
      honest: [ends.filter((end) => end === '403 reuse').length, 6],
      messages: 0,
      gain: 'no successor; each session ends, and its owner logs in again',
    });
    expect(ends).toEqual(Array(6).fill('403 reuse'));
  });

  it('rule 9: of owner and thief who present one token at once, the second ends it', async () => {
    const answers = await Promise.all([OWNER, THIEF].map((client) => refresh(first, client)));

    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['201', '403']);
    expect(await rowOf(session)).toMatchObject({ endReason: 'reuse' });
  });

  it('rule 9: the owner with the key ends what a thief rotated without it', async () => {
    const next = await successorOf(first, { ...OWNER, key: KEY });
    await successorOf(next, OWNER);

    await expectReuse(next, { ...OWNER, key: KEY });
  });

  it('rule 9: tabs that race with one key get one successor, whatever else differs', async () => {
    const tabs = Array.from({ length: 20 }, (_, network) => ({ network, key: KEY }));

    const successors = await Promise.all(tabs.map((tab) => successorOf(first, tab)));

    expect(new Set(successors).size).toBe(1);
  });

  it('rule 9: a tab gets the successor that another one has used, within the grace', async () => {
    const owner = { ...OWNER, key: KEY };
    const successor = await successorOf(first, owner);
    passTime(HOUR);
    const newest = await successorOf(successor, owner);
    passTime(29_000);

    const late = await successorOf(first, owner);

    expect(late).toBe(successor);
    expect(await successorOf(late, owner)).toBe(newest);
    expect(decodeJwt(newest).claims.gen).toBe(2);
  });

  it.each<[string, Client]>([
    ['after the grace', { ...OWNER, key: KEY }],
    ['from another client', { ...OWNER, key: `${KEY}!` }],
  ])('rule 9: a token whose successor was used is reuse %s', async (when, client) => {
    const owner = { ...OWNER, key: KEY };
    await successorOf(await successorOf(first, owner), owner);
    if (when === 'after the grace') passTime(31_000);

    await expectReuse(first, client);
  });

  it('keeps nothing of a client but keyed hashes, which differ by session', async () => {
    const kept: string[] = [];
    for (const one of await insertSessions(app.sql, 2)) {
      const next = await successorOf(mint.signRefresh(one), { ...OWNER, key: KEY });
      await successorOf(next, OWNER);
      const { refreshKey, rotatedFrom } = await rowOf(one);
      kept.push(refreshKey!, ...rotatedFrom!.split(' '));
    }

    expect(new Set(kept).size).toBe(6);
    for (const one of kept) expect(one).toMatch(/^[\w-]{22}$/);
  });

  it('gives what the version before has rotated to everybody, within the grace only', async () => {
    const successor = await successorOf(first, OWNER);
    await app.sql.getRepository(Session).update({ id: session.id }, { rotatedFrom: null });

    expect(await successorOf(first, THIEF)).toBe(successor);
    passTime(31_000);
    await expectReuse(first, OWNER);
  });

  it.each([
    ['15 characters', 'x'.repeat(15)],
    ['129 characters', 'x'.repeat(129)],
    ['no characters', ''],
    ['a space', 'two words in a key'],
    ['a letter that is not ASCII', `${KEY}\xe9`],
  ])('refuses a key of %s, and the token is not spent', async (_, key) => {
    const answer = await refresh(first, { ...OWNER, key });

    expectRefusal(answer, 'VALIDATION_FAILED');
    expect(answer.body.message).toEqual([
      'Idempotency-Key must be 16 to 128 visible ASCII characters',
    ]);
    expect(await rowOf(session)).toMatchObject({ generation: 0, endedAt: null });
  });

  it.each([
    ['16 characters', 'x'.repeat(16)],
    ['128 characters', 'x'.repeat(128)],
    ['quoted signs', '"~!@#$%^&*()_+-=,;"'],
  ])('takes a key of %s', async (_, key) => {
    const successor = await successorOf(first, { ...OWNER, key });

    expect(await successorOf(first, { ...THIEF, key })).toBe(successor);
  });
});
