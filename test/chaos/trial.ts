import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../support/client';
import { until } from '../support/until';
import { Caller } from './caller';
import type { Fault, Measure } from './faults/fault';
import { Figures } from './figures';
import { losses } from './losses';
import { NEWS_TRAVELS, Traffic } from './traffic';
import type { World } from './world';

const CALLERS = 8;
/** Answers before the first fault, so that there are sessions, codes and ends in every state. */
const WARM_UP = 150;
/** Milliseconds. */
const RECOVERY_LIMIT = 30_000;

/** Faults one after the other in one world, under load all the while. */
export class Trial {
  /** What went wrong while there was no fault. */
  private readonly stray: string[] = [];

  private constructor(
    private readonly world: World,
    private readonly traffic: Traffic,
  ) {}

  static async start(world: World): Promise<Trial> {
    const traffic = new Traffic(world.inbox, world.nodes);
    traffic.start(CALLERS);
    await until(() => traffic.figures.answered > WARM_UP, 30);
    return new Trial(world, traffic);
  }

  /** Lets a fault happen, and waits until all is well again. */
  async run(fault: Fault, measure: Measure): Promise<Figures> {
    const { world, traffic } = this;
    this.stray.push(...traffic.figures.wrong);
    const figures = new Figures();
    traffic.figures = figures;
    traffic.mercy = fault;
    const end = await fault.begin(world, traffic, measure);
    await delay(measure.milliseconds);
    await end();
    traffic.mayHaveForgotten(Date.now());
    figures.recovery = await recovery(world);
    if (figures.recovery > RECOVERY_LIMIT) figures.wrong.push('no recovery');
    if (fault.isBlind) await delay(NEWS_TRAVELS);
    traffic.mercy = {};
    traffic.figures = new Figures();
    return figures;
  }

  /** @returns what was lost, or went wrong between the faults. */
  async end(): Promise<string[]> {
    const { world, traffic } = this;
    await traffic.stop();
    await delay(NEWS_TRAVELS);
    return [...this.stray, ...traffic.figures.wrong, ...(await losses(world, traffic))];
  }
}

/** @returns milliseconds until every node does everything, one after the other, without a refusal. */
async function recovery(world: World): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const passes = await Promise.all(world.nodes.map((node) => isWell(world, node)));
    const took = performance.now() - startedAt;
    if (passes.every(Boolean) || took > RECOVERY_LIMIT) return took;
    await delay(20);
  }
}

async function isWell({ inbox }: World, node: Client): Promise<boolean> {
  const traffic = new Traffic(inbox, [node]);
  traffic.mercy = { forgetsCodes: true, dropsConnections: true };
  const caller = new Caller(traffic);
  const session = await caller.logIn();
  if (!session) return false;
  await caller.use(session);
  await caller.logOut(session);
  const { status, body } = await node.get('/health/ready');
  const { refused, wrong } = traffic.figures;
  return refused + wrong.length === 0 && status === 200 && body.redis === 'up';
}
