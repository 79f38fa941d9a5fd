/**
 * Checks what documents say of tests: that each one they name exists, that docs/rules.md names those of every rule,
 * and that every requirement of docs/security-requirements.md has one or says why not. `--write` brings the table
 * of the rules up to date first.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleProblems, withRuleTable } from './rule-table.mjs';
import { testNames } from './test-names.mjs';

const RULES = 'docs/rules.md';
const REQUIREMENTS = 'docs/security-requirements.md';
/** How every document names a test: `test/guard.e2e.spec.ts: "a part of its name"`. */
const NAMED_TEST = /`((?:src|test)\/[\w./-]+\.spec\.ts): "([^"`]+)"`/;
/** The other ways to answer a requirement. */
const REASON = /^(Deviation|Documented|Does not apply|Not tested|Operator): \S/;

const tests = testNames('.');
if (process.argv.includes('--write')) writeFileSync(RULES, withRuleTable(read(RULES), tests));

const documents = ['.', 'docs'].flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file)),
);
const problems = [
  ...documents.flatMap((document) => missingTests(document)),
  ...ruleProblems(read(RULES), tests),
  ...openRequirements(read(REQUIREMENTS)),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

function read(file) {
  return readFileSync(file, 'utf8');
}

function missingTests(document) {
  return [...read(document).matchAll(new RegExp(NAMED_TEST, 'g'))]
    .filter(([, file, part]) => !tests.get(file)?.some((name) => name.includes(part)))
    .map(([reference]) => `${document} names a test that does not exist: ${reference}`);
}

/** Rows of a table that begin with the number of a requirement and end with how it is met. */
function openRequirements(document) {
  return [...document.matchAll(/^\| (V?\d[\d.]*) .*\| (.*?) *\|$/gm)]
    .filter(([, , answer]) => !NAMED_TEST.test(answer) && !REASON.test(answer))
    .map(([, id]) => `${REQUIREMENTS}: ${id} has neither a test nor a reason`);
}
