import { AccountPace } from './account-pace';

const elapsed = () => performance.now();

describe('the pace of a throttled account', () => {
  let pace: AccountPace;

  beforeEach(() => {
    jest.useFakeTimers();
    pace = new AccountPace(elapsed);
  });
  afterEach(() => jest.useRealTimers());

  /** As an account with 5 messages a second would answer a burst. */
  const throttleAtFive = () => {
    for (let message = 0; message < 5; message++) pace.noteTaken();
    return pace.noteThrottled(elapsed());
  };
  /** What became of those who wait, in the order of their turns. */
  const waitAll = async (lanes: string[], milliseconds = 7000) => {
    const turns: string[] = [];
    const waits = lanes.map(async (lane) => {
      turns.push(
        `${lane}${(await pace.turn(['strangers', lane], milliseconds)) ? '' : ' refused'}`,
      );
    });
    await jest.advanceTimersByTimeAsync(10_000);
    await Promise.all(waits);
    return turns;
  };

  it('is none before the account says that there is too much, and a minute after', async () => {
    expect(await pace.turn(['a'], 0)).toBe(true);
    throttleAtFive();
    expect(await pace.turn(['a'], 0)).toBe(false);

    jest.advanceTimersByTime(61_000);
    expect(await pace.turn(['a'], 0)).toBe(true);
  });

  it('is what the account took, slower when it is still too much, and faster when it is not', () => {
    expect(throttleAtFive()).toBe(true);
    expect(pace.rate).toBe(5);

    jest.advanceTimersByTime(2000);
    expect(pace.noteThrottled(elapsed())).toBe(false);
    expect(pace.rate).toBeCloseTo(5 / 1.5);
    // It was under way before.
    pace.noteThrottled(elapsed() - 1000);
    expect(pace.rate).toBeCloseTo(5 / 1.5);

    for (let message = 0; message < 500; message++) pace.noteTaken();
    expect(pace.rate).toBeCloseTo(10);
  });

  it('goes round those who wait, and refuses at once who has no turn in time', async () => {
    throttleAtFive();

    const turns = await waitAll([...Array<string>(60).fill('flood'), 'user', 'other']);

    const served = turns.filter((turn) => !turn.endsWith('refused'));
    expect(turns.slice(0, 40)).toEqual(Array(40).fill('flood refused'));
    expect(served.slice(0, 5)).toEqual(['flood', 'flood', 'user', 'other', 'flood']);
    expect(served).toHaveLength(22);
  });

  it('lets nobody wait for longer than they have, when the account is throttled again meanwhile', async () => {
    throttleAtFive();
    const turn = pace.turn(['a'], 2000);
    await jest.advanceTimersByTimeAsync(10);
    pace.noteThrottled(elapsed(), 30);

    await jest.advanceTimersByTimeAsync(2000);
    expect(await turn).toBe(false);
    expect(pace.waitSeconds).toBe(28);
  });
});
