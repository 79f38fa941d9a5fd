/**
 * The words of the login page, from those of `@tandem/client`, which the server cannot load: they are modules of the web.
 * `--check` writes nothing, and fails when they differ.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { format } from 'prettier';

const FILE = 'src/login-page/words.ts';
const LOCALES = 'packages/client/src/locales';

const text = await format(await file(), {
  parser: 'typescript',
  singleQuote: true,
  printWidth: 100,
});

if (!process.argv.includes('--check')) writeFileSync(FILE, text);
else if (readFileSync(FILE, 'utf8') !== text) {
  console.error(`${FILE} is not what ${LOCALES} says: npm run openapi writes it.`);
  process.exitCode = 1;
}

async function file() {
  const { languages, loadWords } = await words();
  const loaded = await Promise.all(
    languages.map(async (one) => [one, shown(await loadWords(one))]),
  );
  const comment = `/** Written from ${LOCALES} by \`npm run openapi\`. */`;
  return `${comment}\nexport const WORDS = ${JSON.stringify(Object.fromEntries(loaded))};\n`;
}

function shown({ form, claims, errors, limits, tryAgainIn }) {
  return { form, claims, errors, limits, tryAgainIn };
}

async function words() {
  const { outputFiles } = await build({
    entryPoints: [`${LOCALES}/../words.ts`],
    bundle: true,
    write: false,
    format: 'esm',
  });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}
