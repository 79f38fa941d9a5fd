import 'reflect-metadata';
import { availableParallelism } from 'node:os';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { MAX_WORKER_ID } from '../common/snowflake';
import {
  DatabaseUrl,
  Duration,
  Integer,
  Networks,
  ServiceClients,
  Switch,
  TablePrefix,
  Tls,
  Url,
  Workers,
} from './env-fields';
import { NumberLookupEnv } from './number-lookup-env';
import { Origins } from './origin-env-fields';
import { PlainHttpHosts } from './outgoing-env-fields';
import { NO_REDIS, RedisKeyPrefix, RedisNodes, RedisUrl } from './redis-env-fields';
import { OwnRoles } from './role-env-fields';
import { type SessionAllowance, SessionAllowances } from './session-allowance';
import { TrustProxy } from './trust-proxy';

/** The configuration, as `load-env.ts` reads it. Durations are seconds. */
export class Env extends NumberLookupEnv {
  @IsIn(['development', 'test', 'production'])
  NODE_ENV = 'development';

  @IsString()
  HOST = '127.0.0.1';

  @Integer(0, 65_535)
  PORT = 3000;

  /** Where `/metrics` is served instead, apart from what clients reach. */
  @IsOptional()
  @Integer(1, 65_535)
  METRICS_PORT?: number;

  /** Without it `/metrics` answers everyone who reaches it. */
  @IsOptional()
  @Matches(/^[\w.~+/-]+=*$/, {
    message: 'METRICS_TOKEN must be a Bearer token: letters, digits and -._~+/',
  })
  METRICS_TOKEN?: string;

  @IsOptional()
  @Url(['http:', 'https:'])
  PUBLIC_URL?: string;

  /** Worker processes. */
  @Workers()
  WORKERS: number | 'auto' = 1;

  /** Maximum open client connections per process; further ones are closed. */
  @Integer(1, 1_000_000)
  MAX_CONNECTIONS = 10_000;

  /** Of a connection between two requests. Balancers must be the first to give one up: most do after 60 s. */
  @Duration('1s', '2h')
  KEEP_ALIVE_TIMEOUT = 72;

  @TrustProxy()
  TRUST_PROXY: false | number | string[] = false;

  /** Hosts of the own network that may be called by http in production. */
  @PlainHttpHosts()
  PLAIN_HTTP_HOSTS: string[] = [];

  /** Exact ones may also use the refresh cookie, in a host application too, where CORS is the host's. */
  @Origins()
  CORS_ORIGINS: string[] = [];

  /** Where the embedded mode keeps its database and its generated secret. */
  @IsString()
  DATA_DIR = 'data';

  @IsOptional()
  @DatabaseUrl()
  DATABASE_URL?: string;

  @Integer(1, 1000)
  DATABASE_POOL_SIZE = 16;

  /** `off`, `on`, or a file with the certificates of the authorities to trust (PEM). */
  @Tls()
  DATABASE_TLS = 'off';

  /** What the names of our tables and indexes begin with, where the database is shared. */
  @TablePrefix()
  TABLE_PREFIX = '';

  @IsOptional()
  @RedisUrl(NO_REDIS)
  REDIS_URL?: string;

  @IsOptional()
  @RedisUrl()
  REDIS_REPLICA_URL?: string;

  /** With these, the host of `REDIS_URL` is the name of the group that they watch. */
  @IsOptional()
  @RedisNodes()
  REDIS_SENTINELS?: string[];

  @IsOptional()
  @RedisNodes()
  REDIS_CLUSTER_NODES?: string[];

  /** For `rediss://`: `on`, or a file with the certificates of the authorities to trust (PEM). */
  @Tls()
  REDIS_TLS = 'on';

  /** What the names of our keys begin with, where the server is shared. */
  @RedisKeyPrefix()
  REDIS_KEY_PREFIX = 'tandem:';

  @IsOptional()
  @IsString()
  JWT_SECRET?: string;

  /** The secret before the last rotation: its tokens stay valid. */
  @IsOptional()
  @IsString()
  JWT_SECRET_PREVIOUS?: string;

  /** A JWK set with private keys that sign access tokens; without it they are signed by HMAC. */
  @IsOptional()
  @IsString()
  JWT_KEYS_FILE?: string;

  @IsString()
  JWT_ISSUER = 'tandem';

  @IsString()
  JWT_AUDIENCE = 'tandem';

  /** In production a minute at least. */
  @Duration('1s', '1d')
  ACCESS_TOKEN_TTL = 2 * 3600;

  @Duration('10m', '365d')
  REFRESH_TOKEN_TTL = 14 * 86_400;

  @Switch()
  REFRESH_ROTATION = false;

  /** How long a retry gets the same successor after that was used. */
  @Duration('1s', '5m')
  REFRESH_GRACE = 30;

  /** Whether logins may have a cookie in place of the refresh token: of pages of the same site, or of any site that is listed. */
  @IsIn(['off', 'on', 'cross-site'])
  REFRESH_COOKIE: 'off' | 'on' | 'cross-site' = 'off';

  /** How long a login whose answer was lost is answered again, to who has its `Idempotency-Key`. */
  @Duration('1s', '5m')
  LOGIN_GRACE = 60;

  /** Ends sessions that were idle for this long; off unless set. */
  @IsOptional()
  @Duration('10m', '365d')
  SESSION_IDLE_TTL?: number;

  /** In total, also of single types of device: `10,phone:1,desktop:2`. */
  @SessionAllowances()
  MAX_SESSIONS_PER_USER: number | SessionAllowance = 10;

  /** How long ended sessions stay on record. */
  @Duration('1d', '3650d')
  SESSION_RETENTION = 30 * 86_400;

  /** Whether the first login of a number makes a user, or only operators and imports do. */
  @IsIn(['open', 'closed'])
  SIGNUP: 'open' | 'closed' = 'open';

  /** Whether who proves a number that may have changed hands is asked whose it is; `strict` gives no account to who shows no password. */
  @IsIn(['off', 'ask', 'strict'])
  RECYCLED_NUMBERS: 'off' | 'ask' | 'strict' = 'ask';

  /** After this long without a code a number may have changed hands. */
  @Duration('7d', '3650d')
  DORMANT_AFTER = 90 * 86_400;

  /** Of the terms that users agree to. */
  @IsOptional()
  @Matches(/^[\w.-]{1,64}$/, { message: 'TERMS_VERSION must be up to 64 letters, digits and _.-' })
  TERMS_VERSION?: string;

  /** Where people read them. */
  @IsOptional()
  @Url(['https:'])
  TERMS_URL?: string;

  /** How long users who asked to be deleted may think better of it. */
  @Duration('0s', '365d')
  DELETION_GRACE = 14 * 86_400;

  /** How long the audit is kept, in whole days. */
  @Duration('1d', '3650d')
  AUDIT_RETENTION = 365 * 86_400;

  /** `name:sha256-of-the-secret,…`: the services that may introspect and revoke tokens and follow revocations. */
  @ServiceClients()
  SERVICE_CLIENTS: Record<string, string> = {};

  /** Of the Firebase project that users were imported from, whose password hashes cannot be checked without it. Base64. */
  @IsOptional()
  @Matches(/^(?=.{22,})[A-Za-z0-9+/_-]+={0,2}$/, {
    message: 'FIREBASE_SIGNER_KEY must be the base64 signer key that the Firebase console shows',
  })
  FIREBASE_SIGNER_KEY?: string;
  /** Of the application, beside those of operators. */
  @OwnRoles()
  ROLES: string[] = [];

  /** From where `/admin` may be called; from anywhere unless set. */
  @IsOptional()
  @Networks()
  ADMIN_NETWORKS?: string[];

  /** Of the first worker; the others have the next ones. */
  @Integer(0, MAX_WORKER_ID)
  WORKER_ID = Math.floor(Math.random() * (MAX_WORKER_ID + 1));

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  LOG_LEVEL = 'info';

  /** Which requests have a line in the log: all, or those that were refused, took long or did more than reading. */
  @IsIn(['all', 'notable'])
  ACCESS_LOG: 'all' | 'notable' = 'notable';

  /** Of the collector that takes traces. The SDK reads the other variables of OpenTelemetry itself. */
  @IsOptional()
  @Url(['http:', 'https:'])
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  /** In traces. */
  @IsString()
  OTEL_SERVICE_NAME = 'tandem';

  get sessionAllowance(): SessionAllowance {
    const allowance = this.MAX_SESSIONS_PER_USER;
    return typeof allowance === 'number' ? { total: allowance } : allowance;
  }

  get isProduction(): boolean {
    return this.NODE_ENV === 'production';
  }

  /** Number of worker processes: `auto` is one per core, or one where the stores cannot be shared. */
  get workers(): number {
    if (this.WORKERS !== 'auto') return this.WORKERS;
    return this.sharesStores ? availableParallelism() : 1;
  }

  /** Several processes need a SQL server, as SQLite has one writer, and Redis, as each would count limits for itself. */
  get sharesStores(): boolean {
    return this.sqliteFile === undefined && this.hasRedis;
  }

  get hasRedis(): boolean {
    const hasServer = this.REDIS_URL !== undefined && this.REDIS_URL !== NO_REDIS;
    return hasServer || this.REDIS_CLUSTER_NODES !== undefined;
  }

  /** The path of the SQLite file, or undefined when `DATABASE_URL` names a server. */
  get sqliteFile(): string | undefined {
    if (this.DATABASE_URL === undefined) return `${this.DATA_DIR}/tandem.db`;
    const [, path] = /^sqlite:(?:\/\/)?(.+)$/.exec(this.DATABASE_URL) ?? [];
    return path;
  }
}
