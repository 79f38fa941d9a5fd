import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';

/** Replaces what stands between `<!-- npm run COMMAND -->` and `<!-- end -->` in a document under `docs`. */
export async function publish(document: string, command: string, text: string): Promise<void> {
  const path = resolve(__dirname, '../../docs', document);
  const block = new RegExp(`(<!-- npm run ${command} -->\n)[\\s\\S]*?(<!-- end -->)`);
  const updated = readFileSync(path, 'utf8').replace(
    block,
    (_, start, end) => `${start}\n${text}\n\n${end}`,
  );
  const style = await resolveConfig(path);
  writeFileSync(path, await format(updated, { ...style, filepath: path }));
}

/** Where figures come from. */
export const MACHINE = `Node ${process.versions.node}, ${availableParallelism()} cores for everything`;
