import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const MANIFEST = join(__dirname, '../../package.json');

/** Of this release. A host that bundles its packages leaves the manifest behind. */
export const VERSION = read();

function read(): string {
  try {
    const { version } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { version: string };
    return version;
  } catch {
    return 'unknown';
  }
}
