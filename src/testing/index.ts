/** What the tests of a host application import. */
export { createTandemTest } from './create-tandem-test';
export type { Answer, Caller, TestUser } from './caller';
export { TandemTest, type TandemTestOptions } from './tandem-test';
export type { TestClock } from './test-clock';
