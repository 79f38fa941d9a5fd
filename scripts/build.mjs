/**
 * `npm run build`: compiles src to dist by `.swcrc`, without a look at types, bundles the scripts of the login page and the
 * console, and lays out the files of `/docs`. It is the first step of other scripts, and returns at once when nothing has
 * changed, or where there are no sources.
 * A server may run meanwhile: only files that differ are replaced, each at once.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');
const BIN = join(DIST, 'cli/main.js');
const STAMP = 'build-stamp';
/** What the result depends on, beside src. */
const INPUTS = [
  '.swcrc',
  'openapi.json',
  'package-lock.json',
  'scripts/build.mjs',
  'scripts/bundle-console.mjs',
];
const CLIENT = 'packages/client/src';
const CONSOLE = 'apps/console';
const SWAGGER_UI = [
  'favicon-16x16.png',
  'favicon-32x32.png',
  'index.css',
  'index.html',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'swagger-ui.css',
];

if (existsSync(join(ROOT, 'src'))) await build();

async function build() {
  const sources = filesIn('src').filter((file) => !file.endsWith('.spec.ts'));
  const stamp = stampOf([...INPUTS, ...filesIn(CLIENT), ...filesIn(CONSOLE), ...sources]);
  if (contentOf(join(DIST, STAMP))?.toString() === stamp) return;
  const compiled = await Promise.all(sources.filter((file) => file.endsWith('.ts')).map(compile));
  const pages = [...(await pageScripts()), ...(await consolePages())];
  const outputs = new Map([...compiled.flat(), ...docs(), ...pages]);
  for (const [file, content] of outputs) replace(join(DIST, file), content);
  for (const file of filesIn('dist')) {
    if (!outputs.has(file.slice('dist/'.length))) rmSync(join(ROOT, file));
  }
  replace(join(DIST, STAMP), Buffer.from(stamp));
}

function filesIn(folder) {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .toSorted();
}

function stampOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}

function contentOf(file) {
  return existsSync(file) ? readFileSync(file) : undefined;
}

/** Loaded only now: the compiler takes longer than the look for changes. */
async function compile(file) {
  const { transformFile } = await import('@swc/core');
  const output = file.replace(/^src\//, '').replace(/\.ts$/, '.js');
  const { code, map } = await transformFile(join(ROOT, file), {
    configFile: join(ROOT, '.swcrc'),
    cwd: ROOT,
    sourceMaps: true,
    outputPath: join(DIST, output),
  });
  const reference = `//# sourceMappingURL=${output.slice(output.lastIndexOf('/') + 1)}.map\n`;
  return [
    [output, Buffer.from(code + reference)],
    [`${output}.map`, Buffer.from(map)],
  ];
}

/** Loaded only now, like the compiler. */
async function consolePages() {
  const { bundleConsole } = await import('./bundle-console.mjs');
  const { files, page } = await bundleConsole();
  return [...files, ['index.html', page]].map(([name, content]) => [
    join('console-pages', name),
    content,
  ]);
}

function docs() {
  const files = [
    ...SWAGGER_UI.map((name) => join('node_modules/swagger-ui-dist', name)),
    'src/http/swagger-initializer.js',
    'openapi.json',
  ];
  return files.map((file) => [
    join('docs', file.slice(file.lastIndexOf('/') + 1)),
    readFileSync(join(ROOT, file)),
  ]);
}

/** What the login page loads, and what that loads only when it is needed. */
async function pageScripts() {
  const { build: bundle } = await import('esbuild');
  const { outputFiles } = await bundle({
    absWorkingDir: ROOT,
    entryPoints: [join(CLIENT, 'element/login.ts')],
    outdir: join(DIST, 'login-page/assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
  });
  return outputFiles.map(({ path, contents }) => [
    path.slice(DIST.length + 1),
    Buffer.from(contents),
  ]);
}

function replace(file, content) {
  if (contentOf(file)?.equals(content)) return;
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, content, { mode: file === BIN ? 0o755 : 0o644 });
  renameSync(temporary, file);
}
