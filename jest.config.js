/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  transform: {
    '\\.[jt]s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: true,
          },
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  // These are ESM; @nestjs-modules/ioredis has a health indicator that loads it.
  transformIgnorePatterns: ['/node_modules/(?!(@nestjs(-modules)?|@formatjs|uid|jose)/)'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  reporters: ['default', 'summary', '<rootDir>/test/support/stores-reporter.js'],
  testSequencer: '<rootDir>/test/support/processes-first.js',
  testTimeout: 30_000,
  maxWorkers: 2,
};
