import type { Fault } from './faults/fault';
import { FAULTS } from './matrix';
import { Trial } from './trial';
import { World } from './world';
import { describeStandard } from '../support/stores';

/** The short form of `npm run chaos`. */
const MEASURE = { milliseconds: 1000, kills: 2 };
/** For two stores, two nodes and the first answers of callers, and for a fault with its end. */
const TIMEOUT_MS = 90_000;

const SHORT = [
  'Redis: black hole',
  'Redis: killed',
  'Redis: READONLY after a failover',
  'Redis: FLUSHALL',
  'SQL: black hole',
  'SQL: killed in the middle of transactions',
  'SQL: connection lost when COMMIT was sent',
  'SQL: deadlocks',
  'SQL: read-only',
  'node: SIGKILL, again and again',
];

const faultsOf = (names: string[]): [string, Fault][] =>
  names.map((name) => [name, FAULTS.find((fault) => fault.name === name)!]);

describeStandard('under load, with a fault', () => {
  let world: World;
  let trial: Trial;

  beforeAll(async () => {
    world = await World.start('single');
    trial = await Trial.start(world);
  }, TIMEOUT_MS);
  afterAll(() => world.stop());

  it.each(faultsOf(SHORT))(
    '%s, no answer is wrong, and all is well again',
    async (_, fault) => {
      const { answered, refused, wrong } = await trial.run(fault, MEASURE);

      expect(wrong).toEqual([]);
      expect(answered).toBeGreaterThan(refused);
    },
    TIMEOUT_MS,
  );

  it('afterwards nothing is lost that was acknowledged, and nothing has come back', async () => {
    expect(await trial.end()).toEqual([]);
  });
});
