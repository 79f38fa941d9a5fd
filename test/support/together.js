const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '../..');

/**
 * Declares the tests of all specs below a folder in one file for Jest, which loads Nest and TypeORM again for every
 * file. Called by the `specs.js` of that folder; small topics share the one above. To run a spec by itself, name it:
 * `npx jest test/codes/limits`.
 */
exports.runTogether = (folder) => {
  for (const spec of sharedBelow(folder)) {
    describe(path.relative(ROOT, spec), () => declareTests(spec));
  }
};

/**
 * What Jest runs when nobody names a spec, as globs: each `specs.js`, and every spec that none of them runs, but for
 * those that take long, `*.full.spec.ts`, which `npm run test:full` names.
 */
exports.wholeRun = () => {
  const files = ['src', 'test'].flatMap((folder) => filesBelow(path.join(ROOT, folder)));
  const entries = files.filter(isEntry);
  const isInEntry = (spec) =>
    entries.some((entry) => spec.startsWith(path.dirname(entry) + path.sep));
  const others = files.filter((file) => isAlone(file) || (isSpec(file) && !isInEntry(file)));
  return [...entries, ...others.filter((file) => !takesLong(file))].map(
    (file) => `**/${path.relative(ROOT, file)}`,
  );
};

/** The specs whose tests a file declares. */
exports.specsRunBy = (file) => (isEntry(file) ? sharedBelow(path.dirname(file)) : [file]);

/** One that cannot be loaded takes no other down. */
function declareTests(spec) {
  try {
    require(spec);
  } catch (error) {
    it('can be loaded', () => {
      throw error;
    });
  }
}

/** Without those of a folder further down that has a `specs.js` of its own. */
function sharedBelow(folder) {
  const files = filesBelow(folder);
  const others = files.filter(isEntry).map((entry) => path.dirname(entry));
  const isElsewhere = (file) =>
    others.some((other) => other !== folder && file.startsWith(other + path.sep));
  return files.filter((file) => isSpec(file) && !isAlone(file) && !isElsewhere(file));
}

function filesBelow(folder) {
  const files = readdirSync(folder, { recursive: true });
  return files
    .toSorted((one, other) => (one < other ? -1 : 1))
    .map((file) => path.join(folder, file));
}

const isEntry = (file) => path.basename(file) === 'specs.js';

const isSpec = (file) => file.endsWith('.spec.ts');

const takesLong = (file) => file.endsWith('.full.spec.ts');

/** What talks to processes only has little to load, and what replaces modules would replace them for others. */
const isAlone = (file) =>
  file.endsWith('.process.spec.ts') ||
  takesLong(file) ||
  (isSpec(file) && /^jest\.mock\(/m.test(readFileSync(file, 'utf8')));
