/** Builds the packages that others install and writes their tarballs: `npm run pack -- DIR`. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error('Name the folder for the tarballs: npm run pack -- DIR');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

compile('packages/nest');
await buildVerifier('packages/verifier');
compile('packages/client');
for (const path of ['packages/nest', 'packages/verifier', 'packages/client']) pack(path);

/** One file: who installs it gets no further package, and Jest no ES modules. */
async function buildVerifier(path) {
  compile(path);
  await build({
    entryPoints: [join(path, 'src/index.ts')],
    outfile: join(path, 'dist/index.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['@nestjs/*'],
    keepNames: true,
    tsconfig: join(path, 'tsconfig.json'),
  });
  cpSync('node_modules/jose/LICENSE.md', join(path, 'dist/jose.LICENSE.md'));
}

function compile(path) {
  rmSync(join(path, 'dist'), { recursive: true, force: true });
  run('node_modules/.bin/tsc', ['-p', path]);
}

function pack(path) {
  cpSync('LICENSE', join(path, 'LICENSE'));
  run('npm', ['pack', `./${path}`, '--pack-destination', resolve(folder), '--loglevel', 'warn']);
}

function run(command, args) {
  execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
}
