import { createHash, createHmac } from 'node:crypto';
import { solveChallenge } from 'altcha-lib/v1';
import { type AltchaChallenge, encode, solve } from '../../../test/support/altcha';
import { passTime } from '../../../test/support/clock';
import { LIMITERS, type LimiterUnderTest } from '../../../test/support/limiters';
import { Clock } from '../../common/clock';
import type { E164 } from '../../common/phone-number';
import { KeyRing } from '../../config/key-ring';
import { newLimiter } from '../../../test/support/new-limiter';
import type { LimiterService } from '../limiter.service';
import { AltchaCaptcha } from './altcha.captcha';

const MINUTE = 60_000;
const MAX_NUMBER = 1000;
const MOBILE = '+8613812345678' as E164;
const SOLVER = { mobile: MOBILE, address: '203.0.113.7' };

describe('an answer to an ALTCHA challenge', () => {
  let captcha: AltchaCaptcha;
  let challenge: AltchaChallenge;

  beforeEach(async () => {
    captcha = captchaWith(new KeyRing('the secret'));
    challenge = await captcha.challengeFor(MOBILE, 0);
  });
  afterEach(() => jest.restoreAllMocks());

  it('is right when its number is the one to find', async () => {
    expect(await captcha.verify(solve(challenge), SOLVER, 0)).toBe(true);
  });

  it('is right when the library of the widget found it', async () => {
    const { salt, maxnumber } = challenge;
    const solution = await solveChallenge(challenge.challenge, salt, 'SHA-256', maxnumber).promise;

    expect(await captcha.verify(encode({ ...challenge, ...solution }), SOLVER, 0)).toBe(true);
  });

  it('works until its challenge is ten minutes old', async () => {
    const other = await captcha.challengeFor(MOBILE, 0);

    passTime(10 * MINUTE - 5000);
    expect(await captcha.verify(solve(challenge), SOLVER, 0)).toBe(true);

    passTime(6000);
    expect(await captcha.verify(solve(other), SOLVER, 0)).toBe(false);
  });

  it('cannot be given more time, with or without the number for it', async () => {
    const later = challenge.salt.replace(/expires=\d+/, `expires=${Date.now() + MINUTE}`);
    const solvedLater = { ...challenge, salt: later, challenge: sha256OfFirst(later) };
    passTime(11 * MINUTE);

    expect(await captcha.verify(solve(challenge, { salt: later }), SOLVER, 0)).toBe(false);
    expect(
      await captcha.verify(solve(challenge, { salt: challenge.salt.split('?')[0] }), SOLVER, 0),
    ).toBe(false);
    expect(await captcha.verify(solve(solvedLater), SOLVER, 0)).toBe(false);
  });

  it.each<[string, (right: AltchaChallenge) => Record<string, unknown>]>([
    ['another number', () => ({ number: MAX_NUMBER + 1 })],
    ['a number as text', () => ({ number: '1' })],
    ['no number', () => ({ number: undefined })],
    ['another salt', ({ salt }) => ({ salt: `x${salt}` })],
    ['no salt', () => ({ salt: undefined })],
    ['a salt that is no text', () => ({ salt: 5 })],
    ['another challenge', () => ({ challenge: 'f'.repeat(64) })],
    ['another signature', () => ({ signature: 'f'.repeat(64) })],
    ['a signature in capitals', ({ signature }) => ({ signature: signature.toUpperCase() })],
    ['no signature', () => ({ signature: undefined })],
    ['another algorithm', () => ({ algorithm: 'SHA-1' })],
    ['an algorithm that nobody knows', () => ({ algorithm: 'MD5' })],
  ])('is wrong with %s', async (_change, changes) => {
    expect(await captcha.verify(solve(challenge, changes(challenge)), SOLVER, 0)).toBe(false);
    expect(await captcha.verify(solve(challenge), SOLVER, 0)).toBe(true);
  });

  it('is wrong when somebody else made the challenge', async () => {
    const foreign = await captchaWith(new KeyRing('another secret')).challengeFor(MOBILE, 0);
    const selfMade = { ...challenge, challenge: sha256OfFirst(challenge.salt) };
    const signature = createHmac('sha256', 'a guess').update(selfMade.challenge).digest('hex');

    expect(await captcha.verify(solve(foreign), SOLVER, 0)).toBe(false);
    expect(await captcha.verify(solve({ ...selfMade, signature }), SOLVER, 0)).toBe(false);
  });

  it('is wrong for another number, and stays good for its own', async () => {
    const other = { ...SOLVER, mobile: '+8613812345679' as E164 };

    expect(await captcha.verify(solve(challenge), other, 0)).toBe(false);
    expect(await captcha.verify(solve(challenge), SOLVER, 0)).toBe(true);
  });

  it('has to be as hard as is asked for, whatever it says of itself', async () => {
    const hard = await captcha.challengeFor(MOBILE, 2);
    const claimed = challenge.salt.replace('difficulty=0', 'difficulty=2');

    expect(hard.maxnumber).toBe(4 * MAX_NUMBER);
    expect(await captcha.verify(solve(challenge), SOLVER, 1)).toBe(false);
    expect(await captcha.verify(solve(challenge, { salt: claimed }), SOLVER, 1)).toBe(false);
    expect(await captcha.verify(solve(hard), SOLVER, 2)).toBe(true);
  });

  it('is right for a challenge from before the secret changed, and not from before that', async () => {
    const rotated = captchaWith(new KeyRing('the next secret', 'the secret'));
    const rotatedTwice = captchaWith(new KeyRing('the last secret', 'the next secret'));

    expect(await rotatedTwice.verify(solve(challenge), SOLVER, 0)).toBe(false);
    expect(await rotated.verify(solve(challenge), SOLVER, 0)).toBe(true);
    expect(await rotated.verify(solve(await rotated.challengeFor(MOBILE, 0)), SOLVER, 0)).toBe(
      true,
    );
  });

  it.each([
    ['nothing', ''],
    ['text', 'solved!'],
    ['half of an answer', 'eyJhbGdvcml0aG0iOiJTSEEtMjU2Iiwi'],
    ['null', encode(null)],
    ['a number', encode(7)],
    ['a list', encode([{}])],
    ['an empty object', encode({})],
    ['objects as parts', encode({ algorithm: {}, challenge: {}, number: {}, salt: {} })],
    ['deep nesting', Buffer.from('['.repeat(3000)).toString('base64')],
    ['half of a character', '\ud800'],
  ])('is wrong when it is %s', async (_name, answer) => {
    expect(await captcha.verify(answer, SOLVER, 0)).toBe(false);
  });

  it('is wrong when it is longer than 4 KB', async () => {
    const padding = 'x'.repeat(4096);

    expect(await captcha.verify(solve(challenge, { padding }), SOLVER, 0)).toBe(false);
    expect(await captcha.verify(solve(challenge), SOLVER, 0)).toBe(true);
  });

  it('is not wrong just because it cannot be counted', async () => {
    const broken = {
      takeIfLeft: () => Promise.reject(new Error('away')),
    } as Partial<LimiterService>;
    const uncounted = new AltchaCaptcha(
      new KeyRing('the secret'),
      broken as LimiterService,
      new Clock(),
    );

    await expect(uncounted.verify(solve(challenge), SOLVER, 0)).rejects.toThrow('away');
  });
});

describe.each(Object.entries(LIMITERS))('an ALTCHA answer (%s)', (_name, start) => {
  let subject: LimiterUnderTest;

  beforeAll(async () => (subject = await start()));
  afterAll(() => subject.close());

  it('works once, also in parallel, on another node and after a change of the secret', async () => {
    const nodes = [new KeyRing('the secret'), new KeyRing('the next secret', 'the secret')].map(
      (keys) => captchaWith(keys, subject.limiter),
    );
    const answer = solve(await nodes[0]!.challengeFor(MOBILE, 0));
    const uses = Array.from({ length: 20 }, (_, index) =>
      nodes[index % 2]!.verify(answer, SOLVER, 0),
    );

    const verdicts = await Promise.all(uses);

    expect(verdicts.filter(Boolean)).toHaveLength(1);
    expect(await nodes[0]!.verify(answer, SOLVER, 0)).toBe(false);
  });

  it('works once however it is written', async () => {
    const captcha = captchaWith(new KeyRing('the secret'), subject.limiter);
    const challenge = await captcha.challengeFor(MOBILE, 0);
    await captcha.verify(solve(challenge), SOLVER, 0);

    const again = [
      solve(challenge, { took: 2 }),
      solve(challenge, { salt: challenge.salt.replace(/&$/, '') }),
      solve(challenge).replace(/=*$/, '\n'),
      Buffer.from(solve(challenge), 'base64').toString('base64url'),
    ];

    expect(await Promise.all(again.map((answer) => captcha.verify(answer, SOLVER, 0)))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('cannot come back before it has expired', async () => {
    const captcha = captchaWith(new KeyRing('the secret'), subject.limiter);
    const answer = solve(await captcha.challengeFor(MOBILE, 0));
    await captcha.verify(answer, SOLVER, 0);

    await subject.elapse(9 * 60);

    expect(await captcha.verify(answer, SOLVER, 0)).toBe(false);
  });
});

describe('ALTCHA challenges', () => {
  it('differ, and ask for up to 100000 tries', async () => {
    const captcha = new AltchaCaptcha(new KeyRing('the secret'), limiter(), new Clock());
    const challenges = await Promise.all(
      Array.from({ length: 50 }, () => captcha.challengeFor(MOBILE, 0)),
    );

    expect(new Set(challenges.map(({ salt }) => salt)).size).toBe(50);
    expect(new Set(challenges.map(({ challenge }) => challenge)).size).toBe(50);
    expect(challenges[0]).toEqual({
      algorithm: 'SHA-256',
      challenge: expect.stringMatching(/^[0-9a-f]{64}$/),
      maxnumber: 100_000,
      salt: expect.stringMatching(/^[0-9a-f]{24}\?difficulty=0&expires=\d{10}&$/),
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

const limiter = () => newLimiter();
const captchaWith = (keys: KeyRing, counter = limiter()) =>
  new AltchaCaptcha(keys, counter, new Clock(), MAX_NUMBER);

/** A challenge for `salt` whose number is 1, as a forger would make it. */
const sha256OfFirst = (salt: string) => createHash('sha256').update(`${salt}1`).digest('hex');
