import type { By } from '../../src/audit/change';

/** Who changes something in specs. */
export const CLI: By = { actor: { kind: 'cli', id: 'spec' } };
