/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  // By .swcrc, as the build does.
  transform: { '\\.[jt]s$': '@swc/jest' },
  // These are ESM; @nestjs-modules/ioredis has a health indicator that loads it.
  transformIgnorePatterns: ['/node_modules/(?!(@nestjs(-modules)?|@formatjs|uid|jose)/)'],
  moduleNameMapper: { '^@tandem/verifier$': '<rootDir>/packages/verifier/src' },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  reporters: ['default', 'summary', '<rootDir>/test/support/stores-reporter.js'],
  testSequencer: '<rootDir>/test/support/processes-first.js',
  testTimeout: 30_000,
  maxWorkers: 2,
};
