/**
 * The forms of `<tandem-login>`, which are those of the login page: what both show and read is written once, for the server.
 * `--check` writes nothing, and fails when they differ.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const FOLDER = 'packages/client/src/element';
const SHARED = [
  'src/login-page/claim-forms.ts',
  'src/login-page/countries.ts',
  'src/login-page/form-style.ts',
  'src/login-page/forms.ts',
  'src/login-page/html.ts',
  'src/login-page/inputs.ts',
  'src/common/typed-digits.ts',
];

for (const file of SHARED) {
  const copy = `${FOLDER}/${file.slice(file.lastIndexOf('/') + 1)}`;
  const source = readFileSync(file, 'utf8').replaceAll(/ from '(\.\/[\w-]+)';/g, " from '$1.ts';");
  const text = `/** Written from ${file} by \`npm run openapi\`. */\n\n${source}`;
  if (!process.argv.includes('--check')) writeFileSync(copy, text);
  else if (readFileSync(copy, 'utf8') !== text) {
    console.error(`${copy} is not what ${file} says: npm run openapi writes it.`);
    process.exitCode = 1;
  }
}
