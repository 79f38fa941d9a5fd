/**
 * `npm run openapi`: openapi.json from the source, the types of the client from that, the words of the login page
 * from those of the client, and the forms of the client from those of the page. With `--check` all are compared.
 */
import { spawnSync } from 'node:child_process';

const command = ['scripts/tandem.mjs', 'openapi', ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' });
if (status === 0) {
  await import('./client-contract.mjs');
  await import('./login-words.mjs');
  await import('./client-forms.mjs');
} else process.exitCode = status ?? 1;
