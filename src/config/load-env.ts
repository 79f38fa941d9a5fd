import { existsSync, readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { StartError } from '../common/start-error';
import { contradictions } from './contradictions';
import { Env } from './env';
import { type EnvFile, parseEnvFile } from './env-file';
import { type EnvSource, noteSources } from './env-sources';
import { consoleProblems } from './console-settings';
import { loginPageProblems } from './login-page-settings';
import { productionProblems } from './production';
import { redisSettingProblems } from './redis-settings';
import { smsSettingProblems } from './sms-settings';
import { type EnvOptions, HOST_DEFAULTS, isOfServer } from './tandem-env';
import { tracingProblems } from './tracing-settings';
import { workerSettingProblems } from './workers';

const HOST_PREFIX = 'TANDEM_';

/** Lists everything that is wrong with the configuration, so that it can be fixed in one go. */
export class EnvError extends StartError {
  constructor(readonly problems: string[]) {
    super(`The configuration is not usable:\n${problems.map((text) => `  - ${text}`).join('\n')}`);
  }
}

/**
 * Reads `.env`, when there is one, under the variables that are already set. The only reader of `process.env`.
 *
 * @param isWorker whether the first process of several has checked the variables about workers, and set WORKER_ID.
 */
export function loadEnv({ isWorker = false } = {}): Env {
  const { values, problems } = readEnvFile();
  const fromFile = [...values.keys()].filter((name) => process.env[name] === undefined);
  for (const [name, value] of values) process.env[name] ??= value;
  return parseEnv(process.env, { isWorker, problems, fromFile: new Set(fromFile) });
}

function readEnvFile(): EnvFile {
  try {
    return parseEnvFile(existsSync('.env') ? readFileSync('.env') : Buffer.alloc(0));
  } catch (error) {
    throw new EnvError([`.env cannot be read: ${(error as Error).message}`]);
  }
}

/**
 * What the environment of a host application says to us alone: `TANDEM_<NAME>`. Its own variables may have
 * the same names without that.
 *
 * @throws EnvError
 */
export function loadHostEnv(source: NodeJS.ProcessEnv = process.env): EnvOptions {
  const names = Object.keys(new Env()).filter((name) => !isOfServer(name));
  return Object.fromEntries(
    names.map((name) => [name, source[HOST_PREFIX + name]?.trim()]).filter(([, value]) => value),
  );
}

interface Source {
  readonly isWorker?: boolean;
  /** What is wrong with where the variables come from. */
  readonly problems?: readonly string[];
  /** Those that `.env` sets. */
  readonly fromFile?: ReadonlySet<string>;
}

/** @throws EnvError that names every problem at once. */
export function parseEnv(
  source: NodeJS.ProcessEnv,
  { isWorker = false, problems = [], fromFile = new Set() }: Source = {},
): Env {
  const names = Object.keys(new Env());
  const given = names
    .map((name) => [name, source[name]?.trim()] as const)
    .filter(([, value]) => value);
  const lost = [...problems, ...disguisedNames(source, names)];
  const env = validated(new Map(given), {}, isWorker, lost);
  const origin = (name: string): EnvSource => (fromFile.has(name) ? 'file' : 'environment');
  noteSources(env, new Map(given.map(([name]) => [name, origin(name)])));
  return env;
}

/** A file with a BOM, read by something else, gives its first variable such a name. */
function disguisedNames(source: NodeJS.ProcessEnv, names: string[]): string[] {
  const known = new Set(names);
  return Object.keys(source)
    .filter((name) => !known.has(name) && known.has(name.replaceAll(/\W/g, '')))
    .map((name) => {
      const plain = name.replaceAll(/\W/g, '');
      return `${plain} comes with invisible characters in its name: is there a BOM in the file that sets it?`;
    });
}

/**
 * The configuration of a host application.
 *
 * @throws EnvError that names every problem at once, also options that there are not.
 */
export function parseOptions(options: EnvOptions): Env {
  const given = Object.entries(options).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  const known = new Set(Object.keys(new Env()));
  const problems = given.flatMap(([name]) => {
    if (isOfServer(name))
      return `${name} is not an option: it is the server's, here that of the host`;
    return known.has(name) ? [] : `${name} is not an option`;
  });
  if (problems.length > 0) throw new EnvError(problems);
  const env = validated(new Map(given), HOST_DEFAULTS);
  noteSources(env, new Map(given.map(([name]) => [name, 'option'])));
  return env;
}

/** Ends a command that failed: why it cannot start is a sentence, anything else has its stack. */
export function exitWith(error: unknown): never {
  console.error(error instanceof StartError ? error.message : error);
  process.exit(1);
}

function validated(
  given: ReadonlyMap<string, unknown>,
  defaults: EnvOptions,
  isWorker = false,
  earlier: readonly string[] = [],
): Env {
  const values = { ...defaults, ...Object.fromEntries(given) };
  const env = plainToInstance(Env, values, { exposeDefaultValues: true });
  const names = new Set(given.keys());
  const unusable = unusableValues(env);
  const problems = [...earlier, ...[...unusable.values()].flat()];
  problems.push(...missingPartners(env), ...contradictions(env, names, new Set(unusable.keys())));
  if (!isWorker) problems.push(...workerSettingProblems(env, names));
  if (env.isProduction) problems.push(...productionProblems(env, names));
  if (problems.length > 0) throw new EnvError(problems);
  return env;
}

/** What is wrong with each variable by itself. */
function unusableValues(env: Env): Map<string, string[]> {
  const errors = validateSync(env);
  return new Map(
    errors.map(({ property, constraints = {} }) => [property, Object.values(constraints)]),
  );
}

function* missingPartners(env: Env): Generator<string> {
  yield* smsSettingProblems(env);
  yield* redisSettingProblems(env);
  yield* loginPageProblems(env);
  yield* consoleProblems(env);
  yield* tracingProblems(env);
}
