/** The pages of `/console`: apps/console as scripts and one style sheet, named by what is in them, and the page that loads them. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
const APP = join(ROOT, 'apps/console');

/** @returns the files by name, the page, and what esbuild says of how they hang together. */
export async function bundleConsole() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [join(APP, 'src/main.tsx'), join(APP, 'src/style/main.css')],
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    outdir: 'assets',
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    tsconfig: join(APP, 'tsconfig.json'),
  });
  const files = new Map(
    outputFiles.map(({ path, contents }) => [
      join('assets', basename(path)),
      Buffer.from(contents),
    ]),
  );
  const entries = entriesOf(metafile);
  return { files, entries, outputs: metafile.outputs, page: pageFor(entries) };
}

function entriesOf({ outputs }) {
  return Object.keys(outputs).filter((file) =>
    /\/main\.(tsx|css)$/.test(outputs[file].entryPoint ?? ''),
  );
}

function pageFor(entries) {
  const nameOf = (ending) => basename(entries.find((file) => file.endsWith(ending)));
  const page = readFileSync(join(APP, 'index.html'), 'utf8');
  return Buffer.from(page.replace('{script}', nameOf('.js')).replace('{style}', nameOf('.css')));
}
