import type { Env } from './env';

/** What only the standalone server heeds: in a host application these are the host's. */
const OF_SERVER = [
  'ACCESS_LOG',
  'CONSOLE',
  'CONSOLE_HOST',
  'HOST',
  'KEEP_ALIVE_TIMEOUT',
  'LOGIN_COLOR',
  'LOGIN_LOGO_URL',
  'LOGIN_PAGE',
  'LOGIN_RETURN_TO',
  'LOG_LEVEL',
  'MAX_CONNECTIONS',
  'METRICS_PORT',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_SERVICE_NAME',
  'PORT',
  'PUBLIC_URL',
  'TRUST_PROXY',
  'WORKERS',
] as const satisfies (keyof Env)[];

type EnvName = Exclude<Extract<keyof Env, Uppercase<string>>, (typeof OF_SERVER)[number]>;

/**
 * The variables of docs/configuration.md as a host application gives them: as the text that they have in an environment
 * (`'2h'`, `'twilio,sns'`), or as the value that it stands for (`7200`, `['twilio', 'sns']`).
 */
export type EnvOptions = {
  readonly [Name in EnvName]?: Env[Name] extends string | undefined
    ? Env[Name]
    : Env[Name] | string;
};

/** Where a host application differs from the server: its tables stand beside others. */
export const HOST_DEFAULTS: EnvOptions = { TABLE_PREFIX: 'tandem_' };

export function isOfServer(name: string): boolean {
  return (OF_SERVER as readonly string[]).includes(name);
}
