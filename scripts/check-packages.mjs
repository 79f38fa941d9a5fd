/**
 * Checks the manifests of what others install against the root's, where versions are chosen, and against the imports of
 * their files: everything that runs is a dependency or a peer, and nothing else is.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import semver from 'semver';
import ts from 'typescript';

const root = manifestOf('.');
const chosen = { ...root.dependencies, ...root.devDependencies };
/** Loaded by a library that is told to, or named by its types; not by an import. */
const LOADED_BY_NAME = new Set(['mysql2', '@swc/core', '@swc/jest', 'rxjs']);
/** What an application of Nest has anyway, or has only with one of the others. */
const TYPES_ONLY = new Set(['express', 'fastify']);

const problems = [
  ...problemsOf('packages/nest', entriesOf('packages/nest')),
  ...problemsOf('packages/verifier', ['packages/verifier/src/index.ts']),
  ...problemsOf('packages/client', [
    'packages/client/src/altcha.ts',
    'packages/client/src/element/index.ts',
    'packages/client/src/index.ts',
    'packages/client/src/words.ts',
  ]),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

function* problemsOf(folder, entries) {
  const { version, devDependencies, dependencies, peerDependencies } = manifestOf(folder);
  const declared = { ...devDependencies, ...dependencies, ...peerDependencies };
  const imported = importsFrom(entries);
  if (version !== root.version) yield `${folder} has the version ${version}, not ${root.version}`;
  for (const [name, range] of Object.entries(declared)) {
    if (!chosen[name] || !isSame(range, chosen[name])) {
      yield `${folder} wants ${name} ${range}, the root ${chosen[name]}`;
    }
    if (!imported.has(name) && !LOADED_BY_NAME.has(name)) {
      yield `${folder} wants ${name}, which none of its files imports`;
    }
  }
  for (const [name, file] of imported) {
    if (!declared[name]) yield `${folder} does not declare ${name}, which ${file} imports`;
  }
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function entriesOf(folder) {
  const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), (file) =>
    ts.sys.readFile(file),
  );
  return config.files.map((file) => join(folder, file));
}

/** The same oldest version: an exact one of development is a peer's lowest. */
function isSame(range, rootRange) {
  return semver.minVersion(range)?.version === semver.minVersion(rootRange)?.version;
}

/** The packages that files, and the files that they import, import when they run; each with one that does. */
function importsFrom(entries) {
  const [found, seen] = [new Map(), new Set()];
  const visit = (file) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const name of importsOf(file)) {
      const target = join(dirname(file), name.endsWith('.ts') ? name : `${name}.ts`);
      if (name.startsWith('.') && existsSync(target)) visit(target);
      else if (!name.startsWith('.') && !name.startsWith('node:')) {
        if (!TYPES_ONLY.has(packageOf(name))) found.set(packageOf(name), relative('.', file));
      }
    }
  };
  for (const entry of entries) visit(entry);
  return found;
}

function importsOf(file) {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
  return importedFiles.map(({ fileName }) => fileName);
}

function packageOf(name) {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}
