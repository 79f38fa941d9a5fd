import { FairQueue, type Lane, type Turn } from './fair-queue';

const CAPACITY = 16;

describe('a fair queue', () => {
  let queue: FairQueue;
  let served: string[];
  let entered: Promise<void>[];
  let finish: () => void;

  beforeEach(() => {
    [queue, served, entered] = [new FairQueue(1, CAPACITY), [], []];
    const until = new Promise<void>((resolve) => (finish = resolve));
    // Its only turn is taken until the test is done with what waits.
    add(['first'], () => until);
  });

  const add = (lane: Lane, work = async () => undefined as void) => {
    const attempt = (turn: Turn) =>
      turn(async () => {
        served.push(lane.join(' '));
        await work();
      });
    entered.push(queue.enter(lane, attempt));
  };
  const fill = (...lane: Lane) => {
    let count = 0;
    for (; queue.hasRoom(lane); count++) add(lane);
    return count;
  };
  const serve = async () => {
    finish();
    await Promise.all(entered);
    return served.slice(1);
  };

  it('serves one lane in the order of its arrivals', async () => {
    const order: number[] = [];
    for (const number of [1, 2, 3]) add(['net'], async () => void order.push(number));
    await serve();

    expect(order).toEqual([1, 2, 3]);
  });

  it('goes round networks, and within one round its users', async () => {
    for (let count = 0; count < 3; count++) add(['flood', 'a']);
    add(['flood', 'b']);
    add(['calm', 'c']);
    add(['calm', 'd']);

    expect(await serve()).toEqual(['flood a', 'calm c', 'flood b', 'calm d', 'flood a', 'flood a']);
  });

  it('lets one network hold half of the room at most, and others the rest', () => {
    const flood = fill('flood');

    expect(flood).toBe(CAPACITY / 2);
    expect(queue.hasRoom(['calm'])).toBe(true);
  });

  it('refuses the user who fills a network, and the network that fills a broader one, before others in it', () => {
    fill('broad', 'narrow', 'user');

    expect(queue.hasRoom(['broad', 'narrow', 'other'])).toBe(true);
    fill('broad', 'narrow', 'other');
    expect(queue.hasRoom(['broad', 'beside', 'user'])).toBe(true);
    fill('broad', 'beside', 'user');
    expect(queue.hasRoom(['calm', 'narrow', 'user'])).toBe(true);
  });

  it('has its room again, and turns, after attempts that failed', async () => {
    const failure = new Error('no luck');
    const failing = queue.enter(['net'], (turn) => turn(() => Promise.reject(failure)));
    const outcome = failing.catch((error: unknown) => error);
    fill('net');
    await serve();

    expect(await outcome).toBe(failure);
    expect(fill('net')).toBe(CAPACITY / 2);
    expect(await queue.enter(['calm'], (turn) => turn(async () => 'served'))).toBe('served');
  });
});
