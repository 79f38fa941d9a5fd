import { interruptMigrations } from '../support/interrupted-migrations';

describe('a first migration that is killed', () => {
  it('before any of its statements is completed by the next start (embedded)', () =>
    interruptMigrations('embedded', 1));

  it('before one of its statements is completed by the next start (standard)', () =>
    interruptMigrations('standard', 11));
});
