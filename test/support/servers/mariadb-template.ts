import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isInstalled } from './installed';

const CACHE = resolve(__dirname, '../../../node_modules/.cache/tandem-mariadb');

/** Of the redo log, which a copy copies: its default is 96 MB. A server must be started with the same. */
export const LOG_SIZE = '--innodb-log-file-size=16M';

/** Fills a directory with the system tables of an empty MariaDB: a copy takes a tenth of a second, to make them takes three. */
export function copyEmptyTables(dataDirectory: string): void {
  cpSync(emptyTables(), dataDirectory, { recursive: true });
}

/** Made once per version of the server. */
function emptyTables(): string {
  const version = execFileSync('mariadbd', ['--version']);
  const name = createHash('sha256').update(version).update(LOG_SIZE).digest('hex').slice(0, 16);
  const template = join(CACHE, name);
  if (!existsSync(template)) makeEmptyTables(template);
  return template;
}

/** Under its name only when complete; of several processes that make one at a time, the first wins. */
function makeEmptyTables(template: string): void {
  mkdirSync(CACHE, { recursive: true });
  const unfinished = mkdtempSync(`${template}-`);
  installTables(unfinished);
  try {
    renameSync(unfinished, template);
  } catch {
    rmSync(unfinished, { recursive: true });
  }
}

function installTables(dataDirectory: string): void {
  const installer = ['mariadb-install-db', 'mysql_install_db'].find((name) => isInstalled(name))!;
  execFileSync(
    installer,
    [
      '--no-defaults',
      ...(process.getuid?.() === 0 ? ['--user=root'] : []),
      `--datadir=${dataDirectory}`,
      // Every server that starts deletes the temporary tables in a directory that it shares.
      `--tmpdir=${dataDirectory}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      LOG_SIZE,
    ],
    { stdio: 'ignore' },
  );
}
