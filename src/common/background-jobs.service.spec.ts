import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import { BackgroundJobsService } from './background-jobs.service';

describe('background jobs', () => {
  let jobs: BackgroundJobsService;
  const runs = new EventTarget();
  const nextRun = () => once(runs, 'run');
  const note = () => void runs.dispatchEvent(new Event('run'));

  beforeEach(() => (jobs = new BackgroundJobsService()));
  afterEach(async () => {
    await jobs.onApplicationShutdown();
    jest.restoreAllMocks();
  });

  it('run again and again from the start of the application on', async () => {
    jobs.every('test', 1, note);
    await jobs.onApplicationBootstrap();

    await nextRun();
    await nextRun();
  });

  it('run when they are added later', async () => {
    await jobs.onApplicationBootstrap();
    jobs.every('test', 1, note);

    await nextRun();
  });

  it('are part of the start where that is asked for, which does not fail with them', async () => {
    jest.spyOn(Logger.prototype, 'error').mockImplementation();
    const [atStart, later] = [jest.fn().mockRejectedValue(new Error('no')), jest.fn()];
    jobs.every('at the start', 60_000, atStart, { runsAtStart: true });
    jobs.every('later', 60_000, later);

    await jobs.onApplicationBootstrap();

    expect(atStart).toHaveBeenCalledTimes(1);
    expect(later).not.toHaveBeenCalled();
  });

  it('never overlap themselves, however long a run takes', async () => {
    let [running, most, count] = [0, 0, 0];
    jobs.every('test', 1, async () => {
      most = Math.max(most, ++running);
      // Longer than the interval.
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      if (++count === 3) note();
    });
    const third = nextRun();
    await jobs.onApplicationBootstrap();

    await third;
    expect(most).toBe(1);
  });

  it('are logged by name when they fail, once, and when they work again', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    const log = jest.spyOn(Logger.prototype, 'log').mockImplementation();
    const failure = new Error('no database');
    const outcomes = [failure, failure, undefined, undefined, failure];
    let count = 0;
    jobs.every('purge', 1, () => {
      const outcome = outcomes[count++];
      if (count === outcomes.length) note();
      if (outcome) throw outcome;
    });
    const last = nextRun();
    await jobs.onApplicationBootstrap();
    await last;
    await jobs.onApplicationShutdown();

    expect(error.mock.calls.slice(0, 2)).toEqual([
      [failure, 'Background job failed: purge'],
      [failure, 'Background job failed: purge'],
    ]);
    expect(log.mock.calls).toEqual([['Background job works again: purge']]);
  });

  it('end with the shutdown, which waits for the run under way and for a last one where asked for', async () => {
    const events: string[] = [];
    let finish!: () => void;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const work = () => {
      events.push('run');
      note();
      return finished;
    };
    jobs.every('flush', 1, work, { runsAtShutdown: true });
    const first = nextRun();
    await jobs.onApplicationBootstrap();
    await first;

    const stopped = jobs.onApplicationShutdown().then(() => events.push('stopped'));
    events.push('asked to stop');
    finish();
    await stopped;

    expect(events).toEqual(['run', 'asked to stop', 'run', 'stopped']);
  });
});
