import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

describe('docs/architecture.md', () => {
  const [, declared] = /const LAYERS = \[\n(.*?)^\];/ms.exec(read('scripts/check-layers.mjs'))!;
  const layers = [...declared!.matchAll(/^ {2}\[(.*)\],$/gm)].map(([, rooms]) =>
    rooms!.replaceAll("'", '').split(', '),
  );

  it('draws the layers that are checked, in their order', () => {
    const boxes = read('docs/architecture.md').matchAll(/\bl(\d+)\["([^"]+)"\]/g);
    const drawn = [...boxes].map(([, index, rooms]) => [Number(index), rooms!.split(' · ')]);
    const inOrder = new Map(drawn.map(([index, rooms]) => [index, rooms]));

    expect([...inOrder]).toEqual([...layers.entries()]);
  });

  it('says of every room what is in it', () => {
    const rows = [...read('docs/architecture.md').matchAll(/^\| (`.*?) +\|/gm)];
    const described = rows.flatMap(([, names]) => names!.match(/[\w.-]+/g)!);

    expect(new Set(described)).toEqual(new Set(layers.flat()));
  });
});

describe('the documents', () => {
  const folders = ['.', 'docs', 'examples/orders', 'examples/web', 'packages/client'];
  const documents = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((file) => file.endsWith('.md'))
      .map((file) => ({ folder, text: read(join(folder, file)), name: join(folder, file) })),
  );
  const headings = new Map(documents.map(({ name, text }) => [name, anchorsOf(text)]));

  it('link only to files and headings that there are', () => {
    const broken = documents.flatMap(({ folder, name, text }) =>
      [...text.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
        .filter(([, path, anchor]) => {
          const target = path ? join(folder, path) : name;
          if (!existsSync(join(ROOT, target))) return true;
          return anchor !== undefined && !headings.get(target)?.includes(anchor);
        })
        .map(([link]) => `${name}: ${link}`),
    );

    expect(broken.filter((link) => !link.includes('(http://127.0.0.1'))).toEqual([]);
  });

  it('name only files of the repository', () => {
    const missing = documents.flatMap(({ name, text }) =>
      [...text.matchAll(/`((?:src|test|bench|ops|scripts|packages|docs)\/[\w./-]+\.\w+)`/g)]
        .filter(([, file]) => !existsSync(join(ROOT, file!)))
        .map(([, file]) => `${name}: ${file}`),
    );

    expect(missing).toEqual([]);
  });
});

/** As GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
