import { interruptMigrations } from '../support/interrupted-migrations';
import { MODES } from '../support/stores';

describe('a first migration that is killed', () => {
  it.each(MODES)(
    'before any of its statements is completed by the next start (%s)',
    (mode) => interruptMigrations(mode, 1),
    900_000,
  );
});
