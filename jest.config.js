const { buildArgv } = require('jest');
const { wholeRun } = require('./test/support/together');

/** @returns {Promise<import('jest').Config>} */
module.exports = async () => {
  const isWhole = !(await namesSpecs());
  if (isWhole) process.env.TEST_MODE ??= 'standard';
  return { ...CONFIG, testMatch: isWhole ? wholeRun() : ['**/*.spec.ts'] };
};

/** @type {import('jest').Config} */
const CONFIG = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  // By .swcrc, as the build does.
  transform: { '\\.[jt]s$': '@swc/jest' },
  // These are ESM; @nestjs-modules/ioredis has a health indicator that loads it.
  transformIgnorePatterns: [
    '/node_modules/(?!(@nestjs(-modules)?|express-adapter|@formatjs|uid|jose)/)',
  ],
  moduleNameMapper: {
    '^@tandem/client$': '<rootDir>/packages/client/src',
    '^@tandem/client/(altcha|words)$': '<rootDir>/packages/client/src/$1.ts',
    '^@tandem/verifier$': '<rootDir>/packages/verifier/src',
  },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  reporters: ['default', 'summary', '<rootDir>/test/support/stores-reporter.js'],
  testSequencer: '<rootDir>/test/support/longest-first.js',
  // Long runs start many servers at once.
  testTimeout: process.env.SIMULATE === 'full' ? 120_000 : 60_000,
  // Two cores are full with three: many tests wait for servers.
  maxWorkers: 3,
};

/** Whether the command line names specs, or leaves it to Jest to find those of what has changed. */
async function namesSpecs() {
  const { _: names, ...options } = await buildArgv();
  const ways = [
    'testPathPatterns',
    'onlyChanged',
    'changedSince',
    'lastCommit',
    'findRelatedTests',
    'watch',
  ];
  return names.length > 0 || ways.some((way) => options[way]);
}
