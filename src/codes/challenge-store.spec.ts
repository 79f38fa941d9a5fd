import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { CHALLENGE_STORES, type StoreUnderTest } from '../../test/support/challenge-stores';
import { passTime } from '../../test/support/clock';
import { randomMobile } from '../../test/support/mobile';
import { until } from '../../test/support/until';
import type { E164 } from '../common/phone-number';
import type { Challenge } from './challenge.entity';
import { UnjudgedError, UsedCodeError, WrongCode } from './challenge-store';

const LIFETIME = 60_000;

describe.each(Object.entries(CHALLENGE_STORES))('the challenge store (%s)', (_name, start) => {
  let subject: StoreUnderTest;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    subject = await start();
  });
  afterAll(() => subject.close());

  /** Without Redis nobody can tell whether it knew of a challenge: also then none is handed out. */
  const consume = async (mobile: E164, tag: string): Promise<Challenge | null> => {
    const judged = await outcomeOf(mobile, tag);
    if (judged instanceof WrongCode) return null;
    if (judged instanceof UnjudgedError || judged instanceof UsedCodeError) return null;
    if (judged instanceof Error) throw judged;
    return judged;
  };
  const outcomeOf = (mobile: E164, tag: string) =>
    subject.store.consume({ mobile, tags: [tag], charges: {} }).catch((error: Error) => error);

  it('opens one challenge for 100 parallel candidates of a number', async () => {
    const candidates = times(100, () => challenge('+8613800000001'));

    const opened = await Promise.all(candidates.map((candidate) => subject.store.open(candidate)));

    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    expect(candidates).toContainEqual(opened[0]);
  });

  it('resolves to the same challenge while it lives', async () => {
    const first = challenge();
    await subject.store.open(first);

    const again = await subject.store.open(challenge(first.mobile));

    expect(again).toEqual(first);
  });

  it('opens one new challenge for 100 parallel candidates after the old one expired', async () => {
    const old = challenge();
    await subject.store.open(old);
    await subject.expire(old.mobile);

    const opened = await Promise.all(times(100, () => subject.store.open(challenge(old.mobile))));

    const ids = new Set(opened.map(({ id }) => id));
    expect(ids.size).toBe(1);
    expect(ids).not.toContain(old.id);
  });

  it('lets exactly one of 100 parallel calls consume a challenge', async () => {
    const sent = challenge();
    await subject.store.open(sent);

    const consumed = await Promise.all(times(100, () => consume(sent.mobile, sent.tag)));

    expect(consumed.filter((one) => one !== null)).toEqual([sent]);
  });

  it('consumes nothing for a wrong tag', async () => {
    const sent = challenge();
    await subject.store.open(sent);

    const wrong = await consume(sent.mobile, challenge().tag);

    expect(wrong).toBeNull();
    expect(await consume(sent.mobile, sent.tag)).toEqual(sent);
  });

  it('does not consume an expired challenge', async () => {
    const sent = challenge();
    await subject.store.open(sent);
    await subject.expire(sent.mobile);

    expect(await consume(sent.mobile, sent.tag)).toBeNull();
  });

  it('ends a challenge at the time that it names', async () => {
    const over = challenge();
    over.expiresAt = new Date(Date.now() - 1);
    await subject.store.open(over);

    await until(async () => (await subject.store.open(challenge(over.mobile))).id !== over.id);

    expect(await consume(over.mobile, over.tag)).toBeNull();
  });

  it('ends a challenge by the time of the nodes, whatever the clock of the store shows', async () => {
    const sent = challenge();
    await subject.store.open(sent);
    // The clock of a node may be a little behind the one that `challenge()` reads.
    passTime(LIFETIME + 1000);

    const consumed = await consume(sent.mobile, sent.tag);
    const next = await subject.store.open(challenge(sent.mobile));
    jest.restoreAllMocks();

    expect(consumed).toBeNull();
    expect(next.id).not.toBe(sent.id);
  });

  it('tells a code that was used from a wrong one, until its end', async () => {
    const sent = challenge();
    await subject.store.open(sent);

    const outcomes = await Promise.all(times(20, () => outcomeOf(sent.mobile, sent.tag)));
    const next = challenge(sent.mobile);
    await subject.store.open(next);
    const later = await outcomeOf(sent.mobile, sent.tag);
    passTime(LIFETIME);
    const tooLate = await consume(sent.mobile, sent.tag);
    jest.restoreAllMocks();

    const used = outcomes.filter((outcome) => outcome instanceof UsedCodeError);
    expect([used.length, later]).toEqual([19, expect.any(UsedCodeError)]);
    expect(tooLate).toBeNull();
    expect(await consume(next.mobile, next.tag)).toEqual(next);
  });

  it('opens a new challenge beside one that has too little life left, and both work once', async () => {
    const old = { ...challenge(), expiresAt: new Date(Date.now() + LIFETIME / 4) };
    await subject.store.open(old);

    const opened = await Promise.all(
      times(20, () => subject.store.open(challenge(old.mobile), undefined, LIFETIME / 2)),
    );

    const ids = new Set(opened.map(({ id }) => id));
    const [next] = opened;
    expect([ids.size, ids.has(old.id)]).toEqual([1, false]);
    const both = [old, next!].flatMap(({ tag }) => times(10, () => consume(old.mobile, tag)));
    const consumed = (await Promise.all(both)).filter((one) => one !== null);
    expect(consumed).toHaveLength(2);
    expect(consumed).toEqual(expect.arrayContaining([old, next]));
  });

  it('lets the old one work once after the new one was used', async () => {
    const old = { ...challenge(), expiresAt: new Date(Date.now() + LIFETIME / 4) };
    await subject.store.open(old);
    const next = await subject.store.open(challenge(old.mobile), undefined, LIFETIME / 2);

    const [first, second, third] = [
      await consume(old.mobile, next.tag),
      await consume(old.mobile, old.tag),
      await consume(old.mobile, next.tag),
    ];

    expect([first, second, third]).toEqual([next, old, null]);
  });

  it('keeps a used one usable when it is put back', async () => {
    const sent = challenge();
    await subject.store.open(sent);
    await consume(sent.mobile, sent.tag);

    await subject.store.open(sent);

    expect(await consume(sent.mobile, sent.tag)).toEqual(sent);
    expect(await consume(sent.mobile, sent.tag)).toBeNull();
  });

  it('keeps the challenges of two numbers apart', async () => {
    const [one, other] = [challenge(), challenge()];
    await subject.store.open(one);
    await subject.store.open(other);

    expect(await consume(other.mobile, one.tag)).toBeNull();
    expect(await consume(one.mobile, one.tag)).toEqual(one);
    expect(await consume(other.mobile, other.tag)).toEqual(other);
  });

  it('opens a number again after its challenge was consumed', async () => {
    const [first, second] = [challenge(), challenge()];
    second.mobile = first.mobile;
    await subject.store.open(first);
    await consume(first.mobile, first.tag);

    expect(await subject.store.open(second)).toEqual(second);
    expect(await consume(second.mobile, second.tag)).toEqual(second);
  });

  it('opens a number at whatever moment its challenge is consumed', async () => {
    for (let turns = 0; turns < 60; turns++) {
      const { mobile, tag } = await subject.store.open(challenge());
      const opening = subject.store.open(challenge(mobile));
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      await consume(mobile, tag);

      expect(await opening).toMatchObject({ mobile });
    }
  });
});

function challenge(mobile: string = randomMobile()): Challenge {
  const [id, tag] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  return { mobile: mobile as E164, id, tag, expiresAt: new Date(Date.now() + LIFETIME) };
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
