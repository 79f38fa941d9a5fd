import type { DataSource } from 'typeorm';
import { openDatabase } from '../../test/support/database';
import { MODES } from '../../test/support/stores';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { inOneTransaction } from '../storage/queries';
import { SmsFlow } from './sms-flow.entity';
import { type Draw, SmsFlowsService } from './sms-flows.service';

const HOUR_MS = 3_600_000;

/** Of a bucket that two messages empty. */
const draw = (scope: string): Draw => ({
  scope,
  shares: { total: { costMs: HOUR_MS, depthMs: 2 * HOUR_MS } },
});

describe.each(MODES)('what a message takes from several shares at once (%s)', (mode) => {
  let database: DataSource;
  let flows: SmsFlowsService;

  beforeAll(async () => {
    database = await openDatabase(mode);
    const buckets = database.getRepository(SmsFlow);
    flows = new SmsFlowsService(buckets, new Clock(), database, new BackgroundJobsService());
  });
  afterAll(() => database.destroy());

  const takeAll = async (...scopes: string[]) =>
    inOneTransaction(database, await flows.takings(scopes.map(draw)));
  const isLeft = async (scope: string) => (await flows.waitFor(draw(scope))) === 0;

  it('is taken from all, whether they are there or not', async () => {
    expect(await takeAll('A1', 'A2')).toEqual([1, 1]);
    expect(await takeAll('A3', 'A1', 'A2')).toEqual([1, 1, 1]);

    expect(await Promise.all(['A1', 'A2', 'A3'].map(isLeft))).toEqual([false, false, true]);
  });

  it('is taken from nothing behind one that has not enough', async () => {
    await takeAll('B1');
    await takeAll('B1');

    expect(await takeAll('B2', 'B1', 'B3', 'B4')).toEqual([1, 0, 0, 0]);
    expect(await takeAll('B3', 'B4')).toEqual([1, 1]);
    expect(await Promise.all(['B3', 'B4'].map(isLeft))).toEqual([true, true]);
  });

  it('is no more than there is, however many ask at once', async () => {
    await takeAll('C1', 'C2');

    const outcomes = await Promise.all(Array.from({ length: 8 }, () => takeAll('C1', 'C2')));

    expect(outcomes.filter(([first]) => first === 1)).toEqual([[1, 1]]);
    expect(outcomes.filter(([first]) => first === 0)).toHaveLength(7);
  });
});
