import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const MANIFEST = join(__dirname, '../../package.json');
const UNKNOWN = 'unknown';
/** Of the column that it stands in. */
const LENGTH = 32;

/** Of this release. A host that bundles its packages leaves the manifest behind. */
export const VERSION = read();

function read(): string {
  try {
    const { version } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { version?: string };
    return version?.slice(0, LENGTH) ?? UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}
