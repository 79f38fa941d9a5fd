/**
 * Checks package.json and package-lock.json: everything comes from the registry with a hash, under a licence that we
 * can pass on, runs on the oldest Node that we support, and no package runs a script at its installation that
 * nobody has looked at.
 */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import semver from 'semver';

const INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/;
/** What goes before the range of a package that is installed under another name. */
const ALIAS = /^npm:(@[\w-]+\/)?[\w-]+@/;
const LICENCES = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);
/** What their packages say in words of their own, or only in a file. */
const LICENCES_BY_HAND = {
  '@darabonba/typescript': 'Apache-2.0',
  'passport-strategy': 'MIT',
  pause: 'MIT',
  busboy: 'MIT',
  streamsearch: 'MIT',
};
/** Of what only builds, tests and benchmarks use: of some packages, and of any. */
const LICENCES_OF_DEVELOPMENT = { 'caniuse-lite': 'CC-BY-4.0', pako: 'MIT AND Zlib' };
const LICENCE_OF_DEVELOPMENT = 'MPL-2.0';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const { '': root, ...entries } = lock.packages;
/** Our own packages of the workspaces, and the links to them, come from no registry. */
const packages = Object.fromEntries(Object.entries(entries).filter(([path]) => !isOwn(path)));
const oldestNode = semver.minVersion(manifest.engines.node);

const problems = [
  ...disagreements(),
  ...Object.entries(packages).flatMap(([path, entry]) =>
    problemsOf(nameOf(path), entry).map((problem) => `${path} ${problem}`),
  ),
  ...staleScripts(),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** What `npm ci` would refuse, and ranges that are no ranges: addresses, files, tags, any version. */
function disagreements() {
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
  const wanted = kinds
    .flatMap((kind) => Object.entries(manifest[kind] ?? {}))
    .map(([name, range]) => [name, range.replace(ALIAS, '')]);
  return [
    ...[...kinds, 'engines']
      .filter((field) => !isDeepStrictEqual(manifest[field], root[field]))
      .map((field) => `package.json and package-lock.json disagree about ${field}`),
    ...wanted
      .filter(([, range]) => !semver.validRange(range) || semver.subset('*', range))
      .map(([name, range]) => `package.json wants ${name} ${range}, which is no range of versions`),
    ...wanted
      .filter(
        ([name, range]) => !semver.satisfies(packages[`node_modules/${name}`]?.version, range),
      )
      .map(([name, range]) => `package-lock.json has no ${name} ${range}`),
  ];
}

function problemsOf(name, entry) {
  const { version, resolved, integrity, link, engines, hasInstallScript } = entry;
  return [
    // npm leaves out where a package comes from if that is the registry: see .npmrc.
    (resolved || link) && `does not come from the registry: ${resolved}`,
    !semver.valid(version) && `has no version: ${version}`,
    !INTEGRITY.test(integrity) && 'has no SHA-512 hash',
    !isLicensed(name, entry) && `has the licence ${entry.license}`,
    !semver.satisfies(oldestNode, engines?.node ?? '*') && `needs Node ${engines.node}`,
    hasInstallScript &&
      !(name in manifest.allowScripts) &&
      'has an install script: see allowScripts',
  ].filter(Boolean);
}

/** Of an expression with OR, one licence is enough; of one with AND, all are needed. */
function isLicensed(name, { license, dev }) {
  const text = LICENCES_BY_HAND[name] ?? String(license).replace(/[()]/g, '');
  const isForDevelopment = [LICENCES_OF_DEVELOPMENT[name], LICENCE_OF_DEVELOPMENT].includes(text);
  return text.split(' OR ').some(isAllowed) || (dev && isForDevelopment);
}

function isAllowed(licences) {
  return licences.split(' AND ').every((licence) => LICENCES.has(licence));
}

/** A permission that nobody needs is one for whoever takes the name. */
function staleScripts() {
  const scripted = new Set(
    Object.keys(packages)
      .filter((path) => packages[path].hasInstallScript)
      .map(nameOf),
  );
  return Object.keys(manifest.allowScripts)
    .filter((name) => !scripted.has(name))
    .map((name) => `allowScripts names ${name}, which has no install script`);
}

function isOwn(path) {
  const { link, resolved = '' } = entries[path];
  return link
    ? resolved in entries && !resolved.includes('node_modules')
    : !path.includes('node_modules');
}

function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
