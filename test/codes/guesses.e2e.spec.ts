import { fromNewAddress } from '../support/address';
import type { Answer } from '../support/client';
import { askAgain, askForCode, otherThan, presentCode } from '../support/codes';
import { lapseCode, lapseLimit } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const GUESSES = 10;
const LOCKOUT = 86_400;

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
    const statuses = await guessWrong(mobile, first, 4);
    const resent = await askAgain(app, mobile);
    statuses.push(...(await guessWrong(mobile, resent, 4)));
    await lapseCode(app, mobile, 300);
    const fresh = await askAgain(app, mobile);
    statuses.push(...(await guessWrong(mobile, fresh, 2)));

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

  it('rule 7: the owner is let in again when a day has passed', async () => {
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

  it('does not count a right code that is pressed twice', async () => {
    const mobile = randomMobile();
    const statuses: string[] = [];

    for (let login = 0; login <= GUESSES; login++) {
      await lapseLimit(app, 'codes-per-number', mobile);
      await lapseLimit(app, 'codes-per-number-daily', mobile);
      const code = await askAgain(app, mobile);
      const taps = [presentCode(app, mobile, code), presentCode(app, mobile, code)];
      const answers = (await Promise.all(taps)).map(({ status }) => String(status));
      statuses.push(answers.toSorted().join());
    }

    expect(statuses).toEqual(Array(GUESSES + 1).fill('201,400'));
  });

  it('does not count right codes', async () => {
    const mobile = randomMobile();
    const statuses: number[] = [];

    for (let login = 0; login <= GUESSES; login++) {
      await lapseLimit(app, 'codes-per-number', mobile);
      await lapseLimit(app, 'codes-per-number-daily', mobile);
      statuses.push((await presentCode(app, mobile, await askAgain(app, mobile))).status);
    }

    expect(statuses).toEqual(Array(GUESSES + 1).fill(201));
  });

  describe('at a number whose owner has logged in before', () => {
    let mobile: string;
    let deviceToken: string;

    const ask = (device_token: string, spelling = mobile) =>
      app.post('/auth/codes', { mobile: spelling, device_token }, fromNewAddress());
    const present = (code: string, device_token: string, spelling = mobile) =>
      app.post('/auth/tokens', { mobile: spelling, code, device_token }, fromNewAddress());
    const guessWrongOnDevice = async (code: string, times: number) => {
      const offsets = Array.from({ length: times }, (_, index) => index + 1);
      const answers: Answer[] = [];
      for (const offset of offsets) {
        answers.push(await present(otherThan(code, offset), deviceToken));
      }
      return answers.map(({ status }) => status);
    };

    beforeEach(async () => {
      mobile = randomMobile();
      const login = await presentCode(app, mobile, await askForCode(app, mobile));
      deviceToken = login.body.device_token;
    });

    it('rule 7: guesses of strangers do not lock out the device of the owner', async () => {
      await guessWrong(mobile, await askAgain(app, mobile), GUESSES);

      const asked = await ask(deviceToken);
      const code = app.inbox.codeFor(mobile);
      const [stranger, owner] = [
        await presentCode(app, mobile, code),
        await present(code, deviceToken),
      ];

      expect([asked.status, stranger.status, owner.status]).toEqual([202, 429, 201]);
    });

    it('rule 15: the device is the same for every spelling of the number', async () => {
      const spelling = mobile.replace(/^\+86(...)(....)/, '+86 $1-$2-');
      await guessWrong(mobile, await askAgain(app, mobile), GUESSES);

      const asked = await ask(deviceToken, spelling);
      const answer = await present(app.inbox.codeFor(mobile), deviceToken, spelling);

      expect([asked.status, answer.status]).toEqual([202, 201]);
    });

    it('rule 7: ten wrong guesses a day are checked on a device, and cost others nothing', async () => {
      await ask(deviceToken);
      const code = app.inbox.codeFor(mobile);
      const statuses = await guessWrongOnDevice(code, GUESSES);

      const onDevice = await present(code, deviceToken);
      const elsewhere = await presentCode(app, mobile, code);

      expect(statuses).toEqual(Array(GUESSES).fill(400));
      expect(onDevice.status).toBe(429);
      expect(onDevice.body.message).toMatch(/^Too many wrong codes for this number\./);
      expect(elsewhere.status).toBe(201);
    });

    it('rule 7: two devices of the owner count apart', async () => {
      const login = await presentCode(app, mobile, await askAgain(app, mobile));
      await ask(deviceToken);
      const code = app.inbox.codeFor(mobile);
      await guessWrongOnDevice(code, GUESSES);

      const other = await present(code, login.body.device_token);

      expect(other.status).toBe(201);
    });

    it.each<[string, () => Promise<string>]>([
      [
        'of another number',
        async () => {
          const other = randomMobile();
          const login = await presentCode(app, other, await askForCode(app, other));
          return login.body.device_token;
        },
      ],
      [
        'that was tampered with',
        async () => deviceToken.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')),
      ],
      ['that is garbage', async () => 'garbage'],
    ])('rule 7: a device token %s counts as a stranger', async (_what, obtain) => {
      const token = await obtain();
      const code = await askAgain(app, mobile);
      await guessWrong(mobile, code, GUESSES);

      const [asked, answer] = [await ask(token), await present(code, token)];

      expect([asked.status, answer.status]).toEqual([429, 429]);
      expect((await present(code, deviceToken)).status).toBe(201);
    });
  });
});
