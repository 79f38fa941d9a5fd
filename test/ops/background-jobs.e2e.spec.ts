import { BackgroundJobsService } from '../../src/common/background-jobs.service';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

describe.each(MODES)('background jobs (%s)', (mode) => {
  it('run a last time while the connections are open', async () => {
    const app = await TestApp.start({ mode });
    const jobs = app.nest.get(BackgroundJobsService);
    let rows: unknown;
    const work = async () => (rows = await app.sql.query('SELECT 1 AS one'));
    jobs.every('test', 60_000, work, { runsAtShutdown: true });

    await app.close();

    expect(rows).toEqual([expect.objectContaining({ one: expect.anything() })]);
    expect(app.sql.isInitialized).toBe(false);
  });
});
