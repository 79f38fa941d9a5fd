import { LIMITERS, type LimiterUnderTest } from '../../test/support/limiters';
import { randomMobile } from '../../test/support/mobile';
import type { ApiException } from '../common/errors';
import type { Charges } from './charges';
import type { LimiterService, Refund } from './limiter.service';
import { limitsWith } from './limits';

const { points, window } = limitsWith({})['guesses-per-number'];

describe.each(Object.entries(LIMITERS))('the limiter (%s)', (_name, start) => {
  let subject: LimiterUnderTest;
  let limiter: LimiterService;

  beforeAll(async () => {
    subject = await start();
    ({ limiter } = subject);
  });
  afterAll(() => subject.close());

  it('lets exactly as many of 100 parallel requests pass as the limit has points', async () => {
    const { passed, refused } = await takeInParallel(limiter, 100, guessAt(randomMobile()));

    expect([passed.length, refused.length]).toEqual([points, 100 - points]);
  });

  it('counts every bucket and every limit on its own', async () => {
    const [mobile, other] = [randomMobile(), randomMobile()];
    await takeInParallel(limiter, points, guessAt(mobile));

    await expect(limiter.take(guessAt(other))).resolves.toBeDefined();
    await expect(limiter.take({ 'codes-per-number': mobile })).resolves.toBeDefined();
  });

  it('gives back what is refunded', async () => {
    const charges = guessAt(randomMobile());
    const { passed } = await takeInParallel(limiter, points, charges);

    await passed[0]!();
    await passed[1]!();

    expect((await takeInParallel(limiter, points, charges)).passed).toHaveLength(2);
  });

  it('takes nothing from the other limits when one refuses', async () => {
    const mobile = randomMobile();
    await limiter.take({ 'code-cooldown': mobile });

    await takeInParallel(limiter, 20, { 'code-cooldown': mobile, 'codes-per-number': mobile });

    const { passed } = await takeInParallel(limiter, 20, { 'codes-per-number': mobile });
    expect(passed).toHaveLength(limitsWith({})['codes-per-number'].points);
  });

  it('takes nothing while one of the limits that it only asks has no point left, and says which', async () => {
    const mobile = randomMobile();
    await limiter.take({ 'code-cooldown': mobile });

    const taking = await limiter.attempt(guessAt(mobile), { 'code-cooldown': mobile });

    expect(Object.keys(taking.waits)).toEqual(['code-cooldown']);
    expect((await takeInParallel(limiter, 100, guessAt(mobile))).passed).toHaveLength(points);
  });

  it('takes nothing from the limits that it only asks, and says when what it took has a point again', async () => {
    const mobile = randomMobile();
    const charges = { 'code-cooldown': mobile, 'codes-per-number': mobile };

    const taking = await limiter.attempt(charges, guessAt(mobile));

    expect(taking.waits).toEqual({});
    expect([59, 60]).toContain(taking.nextWait());
    expect(taking.nextWait({ 'codes-per-number': mobile })).toBe(0);
    expect((await takeInParallel(limiter, 100, guessAt(mobile))).passed).toHaveLength(points);
  });

  it('takes nothing from the limit that refuses', async () => {
    const charges = guessAt(randomMobile());
    const { passed } = await takeInParallel(limiter, 100, charges);

    await Promise.all(passed.map((refund) => refund()));

    expect((await takeInParallel(limiter, 100, charges)).passed).toHaveLength(points);
  });

  it('gives back and begins anew in one call, and begins nothing', async () => {
    const [mobile, other] = [randomMobile(), randomMobile()];
    for (const one of [mobile, other]) await takeInParallel(limiter, points, guessAt(one));

    await limiter.giveBack(guessAt(mobile), guessAt(other));
    await limiter.giveBack({}, guessAt(randomMobile()));

    expect((await takeInParallel(limiter, points, guessAt(mobile))).passed).toHaveLength(1);
    expect((await takeInParallel(limiter, points, guessAt(other))).passed).toHaveLength(points);
  });

  it('adds nothing to the next window for a refund that comes late', async () => {
    const charges = guessAt(randomMobile());
    const { passed } = await takeInParallel(limiter, points, charges);
    await subject.elapse(window);

    await Promise.all(passed.map((refund) => refund()));

    expect((await takeInParallel(limiter, 100, charges)).passed).toHaveLength(points);
  });

  it('begins a window with the first point that stays taken', async () => {
    const charges = { 'code-cooldown': randomMobile() };
    const refund = await limiter.take(charges);
    await subject.elapse(50);
    await refund();
    await limiter.take(charges);
    await subject.elapse(20);

    expect((await refusalOf(limiter.take(charges))).retryAfter).toBeGreaterThan(30);
  });

  it('says which limit refused and when to try again', async () => {
    const charges = guessAt(randomMobile());
    await takeInParallel(limiter, points, charges);
    await subject.elapse(100);

    const refusal = await refusalOf(limiter.take(charges));

    const seconds = refusal.retryAfter!;
    expect(refusal.limit).toBe('number');
    expect([window - 101, window - 100]).toContain(seconds);
    expect(refusal.getResponse()).toMatchObject({
      statusCode: 429,
      errorCode: 'TOO_MANY_REQUESTS',
      message: `Too many wrong codes for this number. Try again in ${seconds} s.`,
    });
  });

  it('names the limit with the longest wait', async () => {
    const mobile = randomMobile();
    const both = { 'code-cooldown': mobile, 'guesses-per-number': mobile };
    await limiter.take({ 'code-cooldown': mobile });
    await takeInParallel(limiter, points, guessAt(mobile));

    const refusal = await refusalOf(limiter.take(both));

    expect([window - 1, window]).toContain(refusal.retryAfter);
    expect(refusal.message).toContain('wrong codes for this number');
  });

  it('lets the next one pass when the window is over, however often it refused', async () => {
    const charges = guessAt(randomMobile());
    await takeInParallel(limiter, points, charges);
    await subject.elapse(window - 10);
    await takeInParallel(limiter, 100, charges);

    await subject.elapse(10);

    expect((await takeInParallel(limiter, 100, charges)).passed).toHaveLength(points);
  });
});

describe('a count in this process while its clock is set', () => {
  const [minute, hour] = [60, 3600];

  it.each([
    ['an hour forward', hour],
    ['an hour back', -hour],
  ])('waits no longer than its window, and goes on after it: %s', async (_direction, seconds) => {
    const subject = await LIMITERS.memory!();
    const { limiter } = subject;
    const charges = { 'code-cooldown': randomMobile() };
    await limiter.take(charges);
    jest.setSystemTime(Date.now() + seconds * 1000);

    const wait = await limiter.nextWait(charges);
    await subject.elapse(minute);

    expect(wait).toBeGreaterThanOrEqual(1);
    expect(wait).toBeLessThanOrEqual(minute);
    await expect(limiter.take(charges)).resolves.toBeDefined();
    await subject.close();
  });
});

const guessAt = (mobile: string): Charges => ({ 'guesses-per-number': mobile });

async function takeInParallel(limiter: LimiterService, count: number, charges: Charges) {
  const takes = Array.from({ length: count }, () => limiter.take(charges));
  const outcomes = await Promise.allSettled(takes);
  const passed = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  return { passed, refused };
}

function refusalOf(taking: Promise<Refund>): Promise<ApiException> {
  return taking.then(
    () => Promise.reject(new Error('It passed.')),
    (error: ApiException) => error,
  );
}
