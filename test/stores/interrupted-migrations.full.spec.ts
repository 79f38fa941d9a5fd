import { interruptMigrations } from '../support/interrupted-migrations';

describe('a first migration of MariaDB that is killed', () => {
  it('before any of its statements is completed by the next start', async () => {
    await interruptMigrations('standard', 1);
  }, 900_000);
});
