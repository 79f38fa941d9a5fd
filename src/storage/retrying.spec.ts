import { Logger } from '@nestjs/common';
import { retrying } from './retrying';

const isTransient = (error: unknown) => error === 'deadlock';

function failing(times: number, problem: string) {
  let attempts = 0;
  return jest.fn(async () => {
    if (++attempts <= times) throw problem;
    return 'done';
  });
}

describe('a transaction', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it('is tried again after a deadlock', async () => {
    expect(await retrying(failing(4, 'deadlock'), isTransient)).toBe('done');
  });

  it('is tried five times at most', async () => {
    const attempt = failing(Infinity, 'deadlock');

    await expect(retrying(attempt, isTransient)).rejects.toBe('deadlock');
    expect(attempt).toHaveBeenCalledTimes(5);
  });

  it('is not tried again after any other failure', async () => {
    const attempt = failing(Infinity, 'full disk');

    await expect(retrying(attempt, isTransient)).rejects.toBe('full disk');
    expect(attempt).toHaveBeenCalledTimes(1);
  });
});
