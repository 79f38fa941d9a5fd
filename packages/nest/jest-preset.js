/** Nest 12 and some of what Tandem uses are ES modules, which plain Jest does not load: SWC translates them, and TypeScript. */
const ES_MODULES =
  '@nestjs|@nestjs-modules|@formatjs|uid|jose|file-type|strtok3|token-types|uint8array-extras|@tokenizer|@borewit';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  moduleFileExtensions: ['js', 'json', 'ts', 'mjs', 'cjs'],
  testRegex: '\\.(spec|test)\\.ts$',
  transform: {
    '\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: false,
          },
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  // Twice: pnpm keeps packages below node_modules/.pnpm.
  transformIgnorePatterns: [`/node_modules/(?!(?:\\.pnpm/[^/]+/node_modules/)?(?:${ES_MODULES})/)`],
};
