const RULE = /\brule (\d+): (.*)/s;
const TABLE = /^\| rule +\| test +\|\n(?:\|.*\n)+/m;

/** What is wrong with the table of a document that lists rules by number, and the tests that prove them in a table. */
export function ruleProblems(document, tests) {
  const rules = [...document.matchAll(/^(\d+)\. /gm)].map(([, rule]) => rule);
  const proofs = proofsIn(tests);
  const expected = rowsOf(tableOf(proofs));
  const rows = rowsOf(TABLE.exec(document)?.[0] ?? '');
  return [
    ...rules
      .filter((rule) => !proofs.some(([proven]) => proven === rule))
      .map((rule) => `rule ${rule} has no test`),
    ...proofs
      .filter(([rule]) => !rules.includes(rule))
      .map(([rule, test]) => `there is no rule ${rule}: ${test}`),
    ...difference(expected, rows).map((row) => `the table of rules lacks ${row}`),
    ...difference(rows, expected).map((row) => `no test of a rule is named like ${row}`),
  ];
}

/** The document with its table brought up to date. */
export function withRuleTable(document, tests) {
  return document.replace(TABLE, () => tableOf(proofsIn(tests)));
}

/** Every test that says which rule it proves, in the order of the rules. */
function proofsIn(tests) {
  const proofs = [...tests].flatMap(([file, names]) =>
    names
      .map((name) => RULE.exec(name))
      .filter(Boolean)
      .map(([, rule, promise]) => [rule, `\`${file}: "${plainPart(promise)}"\``]),
  );
  return proofs.toSorted(([one], [other]) => one - other);
}

/** The longest part of a name that fits into quotes, backticks and a table. */
function plainPart(promise) {
  const parts = promise.split(/["`|]|\$\{[^}]*\}/).map((part) => part.trim());
  return parts.toSorted((one, other) => other.length - one.length)[0];
}

function tableOf(proofs) {
  const width = Math.max(...proofs.map(([, test]) => test.length), 0);
  const row = (rule, test, pad = ' ') =>
    `| ${rule.padEnd(4, pad)} | ${test.padEnd(width, pad)} |\n`;
  const rows = proofs.map(([rule, test]) => row(rule, test));
  return row('rule', 'test') + row('', '', '-') + rows.join('');
}

/** Without the padding, which is the formatter's. */
function rowsOf(table) {
  return (table.match(/^\| \d.*$/gm) ?? []).map((row) => row.replace(/ +/g, ' '));
}

function difference(rows, others) {
  return rows.filter((row) => !others.includes(row));
}
