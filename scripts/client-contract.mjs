/**
 * The types of `@tandem/client` and of the console, from openapi.json: every body that a route for them takes or gives.
 * `--check` writes nothing, and fails when they differ.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';

/** By the tags of their routes. */
const FILES = {
  'packages/client/src/contract.ts': ['auth', 'users'],
  'apps/console/src/contract.ts': ['admin'],
}; /** What the audit can be asked for, for people to choose from. */
const CHOICES_FILE = 'apps/console/src/screens/audit/actions.ts';
const REFERENCE = /^#\/components\/schemas\//;

const { paths, components } = JSON.parse(readFileSync('openapi.json', 'utf8'));
for (const [file, tags] of Object.entries(FILES)) await write(file, contract(new Set(tags)));
await write(CHOICES_FILE, choices());

async function write(file, types) {
  const text = await format(types, { parser: 'typescript', singleQuote: true, printWidth: 100 });
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${file} is not what openapi.json says: npm run openapi writes it.`);
    process.exitCode = 1;
  }
}

function contract(wanted) {
  const names = new Set(['ErrorDto']);
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  for (const { tags, ...operation } of operations) {
    if (tags?.some((tag) => wanted.has(tag))) collect(operation, names);
  }
  for (const name of names) collect(components.schemas[name], names);
  const types = [...names].toSorted().map((name) => declaration(name, components.schemas[name]));
  return ['/** Written from openapi.json by `npm run openapi`. */', ...types].join('\n\n');
}

function choices() {
  const { parameters } = paths['/admin/audit'].get;
  const { schema } = parameters.find(({ name }) => name === 'action');
  return `/** Written from openapi.json by \`npm run openapi\`. */\n\nexport const ACTIONS = ${JSON.stringify(schema.enum)};`;
}

/** Adds what a part of the document refers to; a set that grows while it is walked is walked to its end. */
function collect(part, names) {
  if (typeof part !== 'object' || part === null) return;
  if (typeof part.$ref === 'string') names.add(nameIn(part));
  for (const value of Object.values(part)) collect(value, names);
}

function declaration(name, schema) {
  const comment = commentOn(schema);
  if (schema.type !== 'object') return `${comment}export type ${name} = ${typeOf(schema)};`;
  return `${comment}export interface ${name} ${fieldsOf(schema)}`;
}

function typeOf(schema) {
  if (schema.$ref) return nameIn(schema);
  if (schema.allOf) return schema.allOf.map(typeOf).join(' & ');
  if (schema.oneOf) return schema.oneOf.map(typeOf).join(' | ');
  const type = plainTypeOf(schema);
  return schema.nullable && !schema.enum?.includes(null) ? `${type} | null` : type;
}

function plainTypeOf({ enum: values, ...schema }) {
  if (values) return values.map((value) => JSON.stringify(value)).join(' | ');
  switch (schema.type) {
    case 'integer':
      return 'number';
    case 'array':
      return `(${typeOf(schema.items)})[]`;
    case 'object':
      return schema.properties ? fieldsOf(schema) : 'Record<string, unknown>';
    default:
      return schema.type ?? 'unknown';
  }
}

function fieldsOf({ properties = {}, required = [] }) {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const optional = required.includes(name) ? '' : '?';
    return `${commentOn(schema)}${name}${optional}: ${typeOf(schema)};`;
  });
  return `{\n${fields.join('\n')}\n}`;
}

function commentOn({ description }) {
  return description ? `/** ${description} */\n` : '';
}

function nameIn({ $ref }) {
  return $ref.replace(REFERENCE, '');
}
