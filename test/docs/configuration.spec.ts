import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from '../../src/config/load-env';

const read = (file: string) => readFileSync(resolve(__dirname, '../..', file), 'utf8');
const EXAMPLE = read('.env.example');
const DEFAULTS = parseEnv({});
const VARIABLES = Object.keys(DEFAULTS);

/** What differs from one process to the next, and lists that are written empty. */
const {
  CORS_ORIGINS: _origins,
  LOGIN_RETURN_TO: _addresses,
  WORKER_ID: _worker,
  ...COMPARABLE
} = DEFAULTS;

function expectDefaults(values: Record<string, string | undefined>): void {
  expect(parseEnv(values)).toMatchObject(JSON.parse(JSON.stringify(COMPARABLE)));
}

describe('docs/configuration.md', () => {
  const [variables] = read('docs/configuration.md').split('## Settings that contradict each other');
  const rows = [...variables!.matchAll(/^\| `([A-Z_]+)` +\| (.*?) +\|/gm)];

  it('has one row for every variable, and for nothing else', () => {
    const names = rows.map(([, name]) => name);
    expect(names).toHaveLength(VARIABLES.length);
    expect(new Set(names)).toEqual(new Set(VARIABLES));
  });

  it('gives the defaults of the code', () => {
    const given = rows.flatMap(([, name, text]) => {
      const value = /^`(.*)`$/.exec(text!)?.[1];
      return value === undefined ? [] : [[name, value]];
    });
    expectDefaults(Object.fromEntries(given));
    expect(given.length).toBeGreaterThan(20);
  });

  it('says of variables without a default that there is none', () => {
    const unset = VARIABLES.filter((name) => DEFAULTS[name as keyof typeof DEFAULTS] === undefined);
    const said = rows.filter(([, , text]) => !text!.startsWith('`')).map(([, name]) => name);
    const stores = new Set(['DATABASE_URL', 'REDIS_URL']);
    expect(said).toEqual(expect.arrayContaining(unset.filter((name) => !stores.has(name))));
  });
});

describe('.env.example', () => {
  it('names every variable', () => {
    expect(VARIABLES.filter((name) => !EXAMPLE.includes(`# ${name}=`))).toEqual([]);
  });

  it('gives the defaults of the code', () => {
    const examples = [...EXAMPLE.matchAll(/^# ([A-Z_]+)=(.*)$/gm)];
    const values = Object.fromEntries(examples.map(([, name, value]) => [name, value]));
    expectDefaults({ ...values, REDIS_REPLICA_URL: undefined });
  });
});
