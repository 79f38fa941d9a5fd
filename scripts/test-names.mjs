import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** `it`, `describe.each(…)`, `describeStandard` and `(condition ? describe : describe.skip)`. */
const CALLEE =
  /^(?:\(.*\? )?(describe|it|test)(?:Standard)?(?:$|\.each\b|\.only\b| : describe\.skip\)$)/s;

const SKIPPED = /^(?:x(?:describe|it|test)$|(?:describe|it|test)\.(?:skip|todo)\b)/;

/**
 * The tests of all spec files under `root`, by file: their full names, as `jest -t` matches them, but with what
 * `each` and templates fill in left as it is written.
 */
export function testNames(root) {
  const files = ['src', 'test'].flatMap((folder) => specsIn(root, folder));
  return new Map(files.map((file) => [file, namesIn(join(root, file))]));
}

function specsIn(root, folder) {
  const files = readdirSync(join(root, folder), { recursive: true });
  const specs = files.filter((file) => file.endsWith('.spec.ts')).map((file) => join(folder, file));
  return specs.toSorted((one, other) => (one < other ? -1 : 1));
}

function namesIn(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const names = [];
  const visit = (node, path) => {
    if (ts.isCallExpression(node) && SKIPPED.test(node.expression.getText(source))) return;
    const block = ts.isCallExpression(node) && blockOf(node, source);
    const inner = block ? [...path, block.title] : path;
    if (block && block.kind !== 'describe') names.push(inner.join(' '));
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(source, []);
  return names;
}

/** What a call declares, if it declares a test or a group of tests: `it('title', …)`. */
function blockOf({ expression, arguments: [title] }, source) {
  const kind = CALLEE.exec(expression.getText(source))?.[1];
  if (!kind || !title) return undefined;
  if (ts.isStringLiteralLike(title)) return { kind, title: title.text };
  return ts.isTemplateExpression(title) && { kind, title: title.getText(source).slice(1, -1) };
}
