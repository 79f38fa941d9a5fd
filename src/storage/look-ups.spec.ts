import type { DataSource } from 'typeorm';
import { openDatabase } from '../../test/support/database';
import { MODES } from '../../test/support/stores';
import { lookUp, rowsOf } from './queries';
import { sql } from './sql';

describe.each(MODES)('look-ups that are asked together (%s)', (mode) => {
  let database: DataSource;

  beforeAll(async () => {
    database = await openDatabase(mode);
  });
  afterAll(() => database.destroy());

  const echo = (text: string) => lookUp(database, rowsOf(sql`SELECT ${text} AS text`));

  it('get their own rows each, whatever they look like', async () => {
    const texts = Array.from({ length: 250 }, (_, index) => `?;'"\\ ${index}`);

    const answers = await Promise.all(texts.map(echo));

    expect(answers).toEqual(texts.map((text) => [{ text }]));
  });

  it('go in one call where there is one to save', async () => {
    const calls = jest.spyOn(database.logger, 'logQuery');

    await Promise.all(['one', 'other'].map(echo));

    expect(calls).toHaveBeenCalledTimes(mode === 'standard' ? 1 : 2);
    calls.mockRestore();
  });

  it('are answered when one of them fails', async () => {
    const faulty = lookUp(database, rowsOf(sql`SELECT 1 FROM no_such_table`));

    const outcomes = await Promise.allSettled([echo('before'), faulty, echo('behind')]);

    expect(outcomes).toMatchObject([
      { value: [{ text: 'before' }] },
      { reason: { name: 'QueryFailedError' } },
      { value: [{ text: 'behind' }] },
    ]);
  });
});
