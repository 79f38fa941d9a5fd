import { askAgain, askForCode, otherThan, presentCode } from './support/codes';
import { lapseCode, lapseLimit } from './support/lapse';
import { randomMobile } from './support/mobile';
import { MODES } from './support/stores';
import { TestApp } from './support/test-app';

const GUESSES = 5;
const LOCKOUT = 600;

describe.each(MODES)('guessing codes (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1' } });
  });
  afterAll(() => app.close());

  const guessWrong = async (mobile: string, code: string, times: number) => {
    const statuses: number[] = [];
    for (let offset = 1; offset <= times; offset++) {
      statuses.push((await presentCode(app, mobile, otherThan(code, offset))).status);
    }
    return statuses;
  };

  it('rule 7: wrong guesses survive resends, new codes and addresses', async () => {
    const mobile = randomMobile();
    const first = await askForCode(app, mobile);
    const statuses = await guessWrong(mobile, first, 2);
    const resent = await askAgain(app, mobile);
    statuses.push(...(await guessWrong(mobile, resent, 2)));
    await lapseCode(app, mobile, 300);
    const fresh = await askAgain(app, mobile);
    statuses.push(...(await guessWrong(mobile, fresh, 1)));

    const right = await presentCode(app, mobile, fresh);

    expect(statuses).toEqual(Array(GUESSES).fill(400));
    expect(right.status).toBe(429);
    expect(right.body.message).toMatch(/^Too many wrong codes for this number\./);
  });

  it('rule 7: wrong guesses at one number leave all others alone', async () => {
    const [attacked, other] = [randomMobile(), randomMobile()];
    await guessWrong(attacked, await askForCode(app, attacked), GUESSES + 1);

    const answer = await presentCode(app, other, await askForCode(app, other));

    expect(answer.status).toBe(201);
  });

  it('rule 7: of 100 parallel wrong guesses no more are checked than the limit allows', async () => {
    const mobile = randomMobile();
    const code = await askForCode(app, mobile);

    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, offset) =>
        presentCode(app, mobile, otherThan(code, offset + 1)),
      ),
    );

    const checked = answers.filter(({ status }) => status === 400);
    expect(checked).toHaveLength(GUESSES);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(100 - GUESSES);
  });

  it('rule 7: the owner is let in again when ten minutes have passed', async () => {
    const mobile = randomMobile();
    await guessWrong(mobile, await askForCode(app, mobile), GUESSES);
    const locked = await presentCode(app, mobile, await askAgain(app, mobile));
    await lapseLimit(app, 'guesses-per-number', mobile);

    const answer = await presentCode(app, mobile, await askAgain(app, mobile));

    expect(locked.status).toBe(429);
    expect(Number(locked.headers.get('retry-after'))).toBeLessThanOrEqual(LOCKOUT);
    expect(answer.status).toBe(201);
  });

  it('rule 7: the owner gets in after wrong guesses that are below the limit', async () => {
    const mobile = randomMobile();
    const code = await askForCode(app, mobile);
    await guessWrong(mobile, code, GUESSES - 1);

    expect((await presentCode(app, mobile, code)).status).toBe(201);
  });

  it('does not count right codes', async () => {
    const mobile = randomMobile();
    const statuses: number[] = [];

    for (let login = 0; login <= GUESSES; login++) {
      await lapseLimit(app, 'codes-per-number', mobile);
      statuses.push((await presentCode(app, mobile, await askAgain(app, mobile))).status);
    }

    expect(statuses).toEqual(Array(GUESSES + 1).fill(201));
  });
});
