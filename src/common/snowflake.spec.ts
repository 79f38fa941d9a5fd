import * as fc from 'fast-check';
import { FUZZ_SEED } from '../../test/support/scale';
import { isId, MAX_WORKER_ID, Snowflake } from './snowflake';

const NOON = Date.UTC(2026, 0, 1, 12);

describe('snowflakes', () => {
  it('rule 14: only grow, whatever the clock shows', () => {
    const readings = fc.array(
      fc.oneof(fc.integer({ min: NOON - 9, max: NOON + 9 }), fc.nat(2 ** 41)),
    );
    fc.assert(
      fc.property(readings, fc.nat(MAX_WORKER_ID), (clock, worker) => {
        const ids = draw(new Snowflake(worker, readingsOf(clock)), clock.length);
        expect(ids).toEqual(increasing(ids));
        expect(ids.filter((id) => !isId(id))).toEqual([]);
      }),
      { seed: FUZZ_SEED },
    );
  });

  it('rule 14: only grow when far more are drawn than one millisecond holds', () => {
    const ids = draw(new Snowflake(1, () => NOON), 20_000);

    expect(ids).toEqual(increasing(ids));
  });

  it('rule 14: only grow when the clock catches up with time that a burst has borrowed', () => {
    let now = NOON;
    const generator = new Snowflake(1, () => now);
    const burst = draw(generator, 20_000);

    const ids = [...burst];
    for (now = NOON; now < NOON + 20; now++) ids.push(...draw(generator, 2));

    expect(ids).toEqual(increasing(ids));
  });

  it.each([
    ['today', Date.now()],
    ['in 2088', Date.UTC(2088, 11, 31)],
    ['with a clock before 2020', 0],
  ])('are positive signed 64-bit integers in decimal %s', (_when, now) => {
    const [id] = draw(new Snowflake(MAX_WORKER_ID, () => now), 1);

    expect(id).toMatch(/^[1-9][0-9]*$/);
    expect(BigInt.asIntN(64, BigInt(id!))).toBe(BigInt(id!));
  });

  it('differ between workers at the same moment', () => {
    const ids = [0, 1, MAX_WORKER_ID].flatMap((worker) =>
      draw(new Snowflake(worker, () => NOON), 4096),
    );

    expect(new Set(ids).size).toBe(3 * 4096);
  });

  it('sort by time across workers', () => {
    const [earlier] = draw(new Snowflake(MAX_WORKER_ID, () => NOON), 1);
    const [later] = draw(new Snowflake(0, () => NOON + 1), 1);

    expect(BigInt(later!)).toBeGreaterThan(BigInt(earlier!));
  });
});

function draw(generator: Snowflake, count: number): string[] {
  return Array.from({ length: count }, () => generator.next());
}

/** A clock that shows these times, one after the other. */
function readingsOf(times: number[]): () => number {
  const left = [...times];
  return () => left.shift()!;
}

/** The same ids in ascending order, each once. */
function increasing(ids: string[]): string[] {
  return [...new Set(ids)].toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
}
