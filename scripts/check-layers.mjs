/** Checks that imports below src point one way: every file is in a layer, imports lower layers only, and is in no cycle. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import ts from 'typescript';

/** From the top down. A room is a folder of src or a file in it; those of one line do not know each other. */
const LAYERS = [
  ['cli', 'testing'],
  ['main'],
  ['app'],
  ['account-page'],
  ['http', 'index', 'login-page', 'console'],
  ['tandem.module'],
  ['tandem-options', 'schema'],
  ['ops'],
  ['cluster'],
  ['admin'],
  ['auth'],
  ['codes'],
  ['sms', 'sessions', 'users'],
  ['webhooks'],
  ['audit'],
  ['events'],
  ['contract'],
  ['migrations'],
  ['storage', 'observability'],
  ['config'],
  ['common'],
];

const isSource = (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts');
const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(isSource);
const imports = new Map(files.map((file) => [file, importsOf(file)]));
const problems = [...upward(), ...clusters(), ...cycles()];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** The files of src that a file imports, also by `require` and `import()`. */
function importsOf(file) {
  return ts
    .preProcessFile(read(file), true, true)
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => `${join(dirname(file), fileName)}.ts`);
}

function read(file) {
  return readFileSync(join('src', file), 'utf8');
}

function roomOf(file) {
  return file.includes(sep) ? file.split(sep)[0] : file.replace(/\.ts$/, '');
}

function upward() {
  const heights = new Map(LAYERS.flatMap((rooms, height) => rooms.map((room) => [room, height])));
  const isAllowed = (from, to) => from === to || heights.get(from) < heights.get(to);
  return [...imports].flatMap(([file, targets]) => [
    ...(heights.has(roomOf(file)) ? [] : [`src/${file} is in no layer`]),
    ...targets
      .filter((target) => !isAllowed(roomOf(file), roomOf(target)))
      .map((target) => `src/${file} may not import ${target}: dependencies point one way`),
  ]);
}

/** Whether a process is one of several is known in one room: what others need of it is handed to them. */
function clusters() {
  return files
    .filter((file) => roomOf(file) !== 'cluster' && read(file).includes("'node:cluster'"))
    .map((file) => `src/${file} may not import node:cluster: only src/cluster does`);
}

/** Type imports count, too: files that need each other to be understood are one file. */
function cycles() {
  const [done, found] = [new Set(), []];
  const visit = (file, path) => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file]);
    else if (!done.has(file))
      imports.get(file)?.forEach((target) => visit(target, [...path, file]));
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return found.map((path) => `these import each other: ${path.join(' > ')}`);
}
