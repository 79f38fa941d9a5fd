/**
 * Checks what `@tandem/client` adds to a page, and what the console loads: bundled and minified by esbuild, gzipped at level
 * 9. kB are 1000 bytes. What a page loads later, the captcha and the words of one language, is apart.
 */
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { bundleConsole } from './bundle-console.mjs';

const ENTRY = './packages/client/src';
/** By what a page imports. */
const LIMITS = {
  'session core': [
    `export { Session } from '${ENTRY}/session.ts'; export { Api } from '${ENTRY}/api.ts';
     export { ServerClock } from '${ENTRY}/server-clock.ts'; export { storageFor } from '${ENTRY}/storage.ts';
     export { ENVIRONMENT } from '${ENTRY}/environment.ts'; export { AuthorizedRequests } from '${ENTRY}/authorized-requests.ts';`,
    6.0,
  ],
  'with phone login': [`export { createTandem, TandemError } from '${ENTRY}/index.ts';`, 8.0],
  'with <tandem-login>': [`export * from '${ENTRY}/element/index.ts';`, 15.0],
  'of the login page': [`import '${ENTRY}/element/login.ts';`, 15.0],
};

for (const [what, [contents, limit]] of Object.entries(LIMITS)) {
  judge(`@tandem/client, ${what}`, await bundled(contents), limit);
}

/** The first screen is that of a visit to `/console`, with all that it takes to get there; another one is what it adds. */
const CONSOLE_LIMITS = { first: 60, further: 15 };
const { screens, firstScreen } = await consoleSizes();
judge('console, first screen', firstScreen, CONSOLE_LIMITS.first);
for (const [name, size] of screens) judge(`console, ${name}`, size, CONSOLE_LIMITS.further);

function judge(what, bytes, limit) {
  const size = bytes / 1000;
  const text = `${what}: ${size.toFixed(2)} kB gz of ${limit.toFixed(1)}`;
  if (size <= limit) console.log(text);
  else {
    console.error(`${text}: too much`);
    process.exitCode = 1;
  }
}

async function consoleSizes() {
  const { files, outputs, entries } = await bundleConsole();
  const sizeOf = (names) =>
    names.reduce((sum, name) => sum + gzipSync(files.get(name), { level: 9 }).length, 0);
  const loaded = new Set(entries.flatMap((entry) => withImports(outputs, entry)));
  const lazy = Object.entries(outputs).filter(([, { entryPoint }]) =>
    /src\/(screens|words)\//.test(entryPoint ?? ''),
  );
  const parts = lazy.map(([file, { entryPoint }]) => {
    const added = withImports(outputs, file).filter((name) => !loaded.has(name));
    return [entryPoint.replace(/^.*src\//, ''), sizeOf(added), added];
  });
  const overview = parts.find(([name]) => name.endsWith('overview.tsx'));
  const firstFiles = new Set([...loaded, ...overview[2]]);
  return { screens: parts, firstScreen: sizeOf([...firstFiles]) };
}

/** A file with those that it imports before it runs. */
function withImports(outputs, file, seen = new Set()) {
  if (seen.has(file)) return [];
  seen.add(file);
  const imports = outputs[file].imports.filter(({ kind }) => kind === 'import-statement');
  return [file, ...imports.flatMap(({ path }) => withImports(outputs, path, seen))];
}

async function bundled(contents) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: '.', loader: 'ts' },
    bundle: true,
    splitting: true,
    outdir: 'sizes',
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
  });
  const sizes = loadedAtOnce(metafile).map((name) => {
    const file = outputFiles.find(({ path }) => path.endsWith(name));
    return gzipSync(file.contents, { level: 9 }).length;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The first file, and what it imports by `import`. */
function loadedAtOnce({ outputs }) {
  const [first] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === '<stdin>');
  const names = new Set([first]);
  for (const name of names) {
    const direct = outputs[name].imports.filter(({ kind }) => kind === 'import-statement');
    for (const { path } of direct) names.add(path);
  }
  return [...names];
}
