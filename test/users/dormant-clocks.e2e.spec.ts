import { holdBackgroundJobs } from '../support/background-jobs';
import type { Answer } from '../support/client';
import { passTime } from '../support/clock';
import { answerTo, ticketFor } from '../support/dormant-numbers';
import { userIdOf } from '../support/jwt';
import { proveNumber } from '../support/number-changes';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const DAY_MS = 86_400_000;
const LIMITS = 'codes-per-number=99/1h,codes-per-number-and-network=99/1h,codes-per-address=999/1h';

describe.each(MODES)('the next holder of a number, 91 days after its last code (%s)', (mode) => {
  holdBackgroundJobs();
  let app: TestApp;
  let id: string;
  let mobile: string;

  afterEach(async () => {
    jest.restoreAllMocks();
    await app.close();
  });

  /** A user with a profile, whom a code proves once more on the 89th day: that is no reason to ask. */
  const letLieDormant = async (RECYCLED_NUMBERS: string) => {
    app = await TestApp.start({ mode, env: { RECYCLED_NUMBERS, LIMITS } });
    const user = await app.logIn();
    [id, mobile] = [userIdOf(user.token), user.mobile];
    await app.patch('/users/me', { introduction: 'mine alone' }, user);
    passTime(89 * DAY_MS);
    expect(await opened(await proveNumber(app, mobile))).toEqual([id, 'mine alone']);
    passTime(91 * DAY_MS);
  };
  const opened = async ({ body: { token } }: Answer) => {
    const { body } = await app.get('/users/me', { token });
    return [body.id, body.profile.introduction];
  };
  const answer = async (mine: boolean) =>
    answerTo(app, { ticket: await ticketFor(app, mobile), mine });

  it('is its user with RECYCLED_NUMBERS=off', async () => {
    await letLieDormant('off');

    expect(await opened(await proveNumber(app, mobile))).toEqual([id, 'mine alone']);
  });

  it('rule 19: has the account with nothing in it with RECYCLED_NUMBERS=ask', async () => {
    await letLieDormant('ask');

    expect(await opened(await answer(true))).toEqual([id, null]);
  });

  it('rule 19: has one of their own with RECYCLED_NUMBERS=strict', async () => {
    await letLieDormant('strict');

    expectRefusal(await answer(true), 'NUMBER_CLAIM_REFUSED');
    expect(await opened(await answer(false))).toEqual([expect.not.stringMatching(id), null]);
  });
});
