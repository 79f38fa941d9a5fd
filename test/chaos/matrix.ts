import type { Fault, Measure } from './faults/fault';
import { NODE_FAULTS } from './faults/node';
import { REDIS_FAULTS } from './faults/redis';
import { SQL_FAULTS } from './faults/sql';
import { Figures } from './figures';
import { Trial } from './trial';
import { World } from './world';

export const FAULTS: Fault[] = [...REDIS_FAULTS, ...SQL_FAULTS, ...NODE_FAULTS];

export interface Outcome {
  readonly name: string;
  readonly figures: Figures;
}

/** Every fault once, in worlds of the kinds that they need, and last for each what was lost or went wrong otherwise. */
export async function* runMatrix(faults: Fault[], measure: Measure): AsyncGenerator<Outcome> {
  for (const kind of new Set(faults.map((fault) => fault.kind))) {
    const world = await World.start(kind);
    try {
      const trial = await Trial.start(world);
      for (const fault of faults.filter((one) => one.kind === kind)) {
        yield { name: fault.name, figures: await trial.run(fault, measure) };
      }
      const afterwards = new Figures();
      afterwards.wrong.push(...(await trial.end()));
      yield { name: `afterwards, ${kind}`, figures: afterwards };
    } finally {
      await world.stop();
    }
  }
}
