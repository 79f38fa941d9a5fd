import { existsSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Env } from './env';
import { productionProblems } from './production';
import { redisSettingProblems } from './redis-settings';
import { smsSettingProblems } from './sms-settings';
import { workerSettingProblems } from './workers';

/** Lists everything that is wrong with the configuration, so that it can be fixed in one go. */
export class EnvError extends Error {
  constructor(readonly problems: string[]) {
    super(`The configuration is not usable:\n${problems.map((text) => `  - ${text}`).join('\n')}`);
    this.name = 'EnvError';
  }
}

/** Reads `.env`, when there is one, under the variables that are already set. The only reader of `process.env`. */
export function loadEnv(): Env {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return parseEnv(process.env);
}

/** @throws EnvError that names every problem at once. */
export function parseEnv(source: NodeJS.ProcessEnv): Env {
  const given = new Map(
    Object.keys(new Env())
      .map((key) => [key, source[key]?.trim()] as const)
      .filter(([, value]) => value),
  );
  const env = plainToInstance(Env, Object.fromEntries(given), { exposeDefaultValues: true });
  const names = new Set(given.keys());
  const problems = [...invalidValues(env), ...missingPartners(env, names)];
  if (env.isProduction) problems.push(...productionProblems(env, names));
  if (problems.length > 0) throw new EnvError(problems);
  return env;
}

/** Ends a command that failed: what is wrong with the configuration is a sentence, anything else has its stack. */
export function exitWith(error: unknown): never {
  console.error(error instanceof EnvError ? error.message : error);
  process.exit(1);
}

function invalidValues(env: Env): string[] {
  return validateSync(env).flatMap((error) => Object.values(error.constraints ?? {}));
}

function* missingPartners(env: Env, given: ReadonlySet<string>): Generator<string> {
  yield* smsSettingProblems(env);
  yield* redisSettingProblems(env);
  yield* workerSettingProblems(env, given);
}
