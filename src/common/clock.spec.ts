import { setTimeout as delay } from 'node:timers/promises';
import { Clock } from './clock';

const HOUR = 3_600_000;

describe('the clock', () => {
  afterEach(() => jest.restoreAllMocks());

  it.each([
    ['ahead of', -HOUR],
    ['behind', HOUR],
  ])('is within a reading of the database when the node is %s it', async (_where, ahead) => {
    const clock = new Clock();
    const read = () => Promise.resolve(Date.now() + ahead);

    await clock.follow(read);

    expect(Math.abs(clock.now() - Date.now() - ahead)).toBeLessThan(50);
    expect(Math.abs(clock.skew + ahead)).toBeLessThan(50);
  });

  it('is right when the database took long to answer, before or after it looked at its clock', async () => {
    const clock = new Clock();

    await clock.follow(async () => {
      await delay(300);
      return Date.now();
    });
    expect(Math.abs(clock.skew)).toBeLessThan(50);
    await clock.follow(async () => {
      const time = Date.now();
      await delay(300);
      return time;
    });
    expect(Math.abs(clock.skew)).toBeLessThan(50);
  });

  it('goes on when the clock of the node is set', () => {
    const clock = new Clock();
    const before = clock.now();
    jest.spyOn(Date, 'now').mockReturnValue(before + HOUR);

    expect(clock.now() - before).toBeLessThan(1000);
    expect(clock.skew).toBeGreaterThan(HOUR - 1000);
  });

  it('stays as it is when the database does not answer', async () => {
    const clock = new Clock();

    await expect(clock.follow(() => Promise.reject(new Error('away')))).rejects.toThrow('away');

    expect(Math.abs(clock.skew)).toBeLessThan(50);
  });
});
