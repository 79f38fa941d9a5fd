import type { Fault } from './faults/fault';
import { FAULTS } from './matrix';
import type { Kind } from './stores';
import { Trial } from './trial';
import { World } from './world';
import { AT_FULL_SCALE } from '../support/scale';
import { describeStandard } from '../support/stores';

/** `npm run chaos` goes on for longer. */
const MEASURE = AT_FULL_SCALE
  ? { milliseconds: 3000, kills: 20 }
  : { milliseconds: 1000, kills: 2 };
const TIMEOUT_MS = AT_FULL_SCALE ? 120_000 : 30_000;
/** Two stores, two nodes and the first answers of callers. */
const START_TIMEOUT_MS = 90_000;

const SHORT = new Set([
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
]);

const kinds = new Set(faults().map(({ kind }) => kind));

describeStandard.each([...kinds])('under load on stores of the kind %s, with a fault', (kind) => {
  let world: World;
  let trial: Trial;

  beforeAll(async () => {
    world = await World.start(kind);
    trial = await Trial.start(world);
  }, START_TIMEOUT_MS);
  afterAll(() => world.stop());

  it.each(faultsOn(kind))(
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

function faultsOn(kind: Kind): [string, Fault][] {
  return faults()
    .filter((fault) => fault.kind === kind)
    .map((fault) => [fault.name, fault]);
}

function faults(): Fault[] {
  return AT_FULL_SCALE ? FAULTS : FAULTS.filter(({ name }) => SHORT.has(name));
}
