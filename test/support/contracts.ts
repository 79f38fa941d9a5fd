import { MODES } from './stores';
import type { TestAppOptions } from './test-app';

type Contract = Pick<TestAppOptions, 'adapter' | 'mode'>;

/** Who keeps the contract, for `describe.each`: our server, which runs on Fastify, and a host application on Express. */
export const CONTRACTS = MODES.flatMap((mode): [name: string, contract: Contract][] => [
  [mode, { mode }],
  [`${mode}, in a host on Express`, { mode, adapter: 'Express' }],
]);
