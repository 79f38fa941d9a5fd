import { OwnChangesService } from '../../src/auth/own-changes.service';
import { InheritancesService } from '../../src/auth/recycled-numbers/inheritances.service';
import { RecentLoginService } from '../../src/auth/recent-login.service';
import { holdBackgroundJobs } from '../support/background-jobs';
import type { Answer } from '../support/client';
import { answerTo, letLieDormant, ticketFor } from '../support/dormant-numbers';
import { userIdOf } from '../support/jwt';
import { randomMobile } from '../support/mobile';
import { expectRefusal } from '../support/refusal';
import { probe } from '../support/sessions';
import { MODES } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';
import { until } from '../support/until';

const TERMS_VERSION = '2026-01';
const LIMITS = 'codes-per-number=99/1h,codes-per-number-and-network=99/1h,codes-per-address=999/1h';

describe.each(MODES)('what is under way while an account gets another holder (%s)', (mode) => {
  holdBackgroundJobs();
  let app: TestApp;
  let user: LoggedIn;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { LIMITS, TERMS_VERSION, DELETION_GRACE: '0s' } });
  });
  beforeEach(async () => {
    user = await app.logIn();
    await letLieDormant(app, user);
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => app.close());

  const inherit = async () => {
    const ticket = await ticketFor(app, user.mobile);
    return answerTo(app, { ticket, mine: true });
  };

  /** The heir has the account, but for the commit, when the requests of the one before come. */
  async function inheritDuring(requests: () => Promise<Answer>[], areHeld: () => boolean) {
    const inheritances = app.nest.get(InheritancesService);
    const give = inheritances.inherit.bind(inheritances);
    let underWay!: Promise<Answer>[];
    jest.spyOn(inheritances, 'inherit').mockImplementationOnce(async (...parts) => {
      const ended = await give(...parts);
      underWay = requests();
      await until(areHeld);
      return ended;
    });
    const heir = await inherit();
    return { heir, late: await Promise.all(underWay) };
  }

  it('rule 19: no change of the one before reaches the heir', async () => {
    const own: { commit(): unknown } = app.nest.get(OwnChangesService);
    const commit = jest.spyOn(own, 'commit');
    const before = { token: user.token };
    const { heir, late } = await inheritDuring(
      () => [
        app.patch('/users/me', { name: 'Li Wei', introduction: 'still here' }, before),
        app.put('/users/me/terms', { terms_version: TERMS_VERSION }, before),
        app.delete('/auth/sessions', before),
      ],
      () => commit.mock.calls.length === 3,
    );

    expect(heir.status).toBe(201);
    for (const answer of late) expectRefusal(answer, 'UNAUTHORIZED');
    expect(await probe(app, heir.body)).toEqual([200, 201]);
    expect((await app.get('/users/me', heir.body)).body).toMatchObject({
      id: userIdOf(user.token),
      name: expect.stringContaining('*'),
      terms_version: null,
      profile: { introduction: null },
    });
  });

  it.each<[string, 'recentProof' | 'assertRecentCode', (token: string) => Promise<Answer>]>([
    ['deletion', 'assertRecentCode', (token) => app.delete('/users/me', { token })],
    [
      'change of number',
      'recentProof',
      (token) => app.post('/users/me/mobile-changes', { mobile: randomMobile() }, { token }),
    ],
    ['export', 'assertRecentCode', (token) => app.get('/users/me/export', { token })],
  ])('rule 19: no %s that was allowed to the one before', async (_what, check, request) => {
    const logins = app.nest.get(RecentLoginService);
    const allow = logins[check].bind(logins) as (...asked: unknown[]) => Promise<never>;
    let heir!: Answer;
    jest.spyOn(logins, check).mockImplementationOnce(async (...asked) => {
      const allowed = await allow(...asked);
      heir = await inherit();
      return allowed;
    });

    const late = await request(user.token);

    expectRefusal(late, 'UNAUTHORIZED');
    expect(await probe(app, heir.body)).toEqual([200, 201]);
    expect((await app.get('/users/me/mobile-changes', heir.body)).body).toEqual([]);
    expect((await app.get('/users/me', heir.body)).body.deletion_at).toBeNull();
  });
});
