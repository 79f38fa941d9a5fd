/** Where a SQL server is, and who asks. */
export interface DatabaseAddress {
  readonly host?: string;
  readonly port?: number;
  /** Of a socket, in place of host and port. */
  readonly socketPath?: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
}

/** Where a Redis is, and who asks. */
export interface RedisAddress {
  readonly host: string;
  readonly port?: number;
  /** 4 or 6: which addresses of the host are used; 0 is both. */
  readonly family?: number;
  readonly username?: string;
  readonly password?: string;
  readonly db: number;
  readonly isEncrypted: boolean;
}

/** What is wrong with a URL, behind the name of its variable. It never repeats the URL: there is a password in it. */
export class UrlProblem extends Error {}

const REDIS_PROTOCOLS = new Set(['redis:', 'rediss:']);

const ENCODING =
  'in user, password and name write % as %25, @ as %40, : as %3A, / as %2F, ? as %3F and # as %23';
const DATABASE_FORM = `must be mysql://user:password@host:3306/database or sqlite:path/to/file.db; ${ENCODING}`;
const REDIS_FORM = `must be redis://user:password@host:6379/0, or rediss:// for TLS; ${ENCODING}`;

const REDIS_PATH = 'has a path that is not the number of a database, like redis://host:6379/0';

/** TypeORM writes the name of a database into statements of its own, where a dot ends it. */
const UNQUOTABLE = /[.'"`\\/\p{Cc}]/u;

/** @throws UrlProblem */
export function databaseAddress(text: string): DatabaseAddress {
  // Of a socket, which needs no host.
  const url = parsed(text.replace(/^(mysql:\/\/[^/@]*@)\//, '$1localhost/'), DATABASE_FORM);
  const name = decoded(url.pathname.slice(1));
  if (url.protocol !== 'mysql:' || name === '' || url.pathname.slice(1).includes('/')) {
    throw new UrlProblem(DATABASE_FORM);
  }
  if (UNQUOTABLE.test(name)) {
    throw new UrlProblem('names a database with a dot, a quote, a slash or a backslash: rename it');
  }
  const { socketPath, charset = 'utf8mb4', ...others } = Object.fromEntries(url.searchParams);
  refuseOthers(others, 'socketPath and charset=utf8mb4; TLS is set by DATABASE_TLS');
  if (charset.toLowerCase() !== 'utf8mb4') {
    throw new UrlProblem('has a charset that cannot hold every name: leave it out, it is utf8mb4');
  }
  if (socketPath !== undefined && !socketPath.startsWith('/')) {
    throw new UrlProblem('has a socketPath that does not begin with /');
  }
  const server = socketPath ? { socketPath } : { host: hostOf(url), port: portOf(url) ?? 3306 };
  const [username, password] = [decoded(url.username), decoded(url.password)];
  if (!socketPath && !server.host) throw new UrlProblem(DATABASE_FORM);
  return { ...server, username, password, database: name };
}

/** @throws UrlProblem */
export function redisAddress(text: string): RedisAddress {
  const url = parsed(text, REDIS_FORM);
  if (!REDIS_PROTOCOLS.has(url.protocol) || !hostOf(url)) throw new UrlProblem(REDIS_FORM);
  const [, db = '0'] = /^\/?(\d{1,5})?$/.exec(url.pathname) ?? fail(REDIS_PATH);
  const { family = '0', ...others } = Object.fromEntries(url.searchParams);
  refuseOthers(others, 'family=0, 4 or 6; TLS is set by rediss:// and REDIS_TLS');
  if (!['0', '4', '6'].includes(family)) throw new UrlProblem('has a family other than 0, 4 and 6');
  return {
    host: hostOf(url),
    port: portOf(url),
    family: Number(family),
    username: decoded(url.username) || undefined,
    password: decoded(url.password) || undefined,
    db: Number(db),
    isEncrypted: url.protocol === 'rediss:',
  };
}

/** Undefined for what `read` accepts. A host application may give a value of any kind. */
export function problemWith(read: (text: string) => unknown, value: unknown): string | undefined {
  try {
    read(String(value));
    return undefined;
  } catch (error) {
    if (error instanceof UrlProblem) return error.message;
    throw error;
  }
}

function parsed(text: string, form: string): URL {
  if (!URL.canParse(text)) throw new UrlProblem(form);
  const url = new URL(text);
  if (url.hash !== '') throw new UrlProblem(`has a #: ${ENCODING}`);
  return url;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new UrlProblem(`has a % that no two hex digits of a character follow: ${ENCODING}`);
  }
}

/** Without the brackets of an IPv6 address. */
function hostOf({ hostname }: URL): string {
  const host = decoded(hostname).replace(/^\[(.*)\]$/, '$1');
  return /[/\s]/.test(host)
    ? fail('has a path for a host: a socket is named by ?socketPath=')
    : host;
}

const portOf = ({ port }: URL) => (port === '' ? undefined : Number(port));

function refuseOthers(others: Record<string, string>, known: string): void {
  const names = Object.keys(others);
  if (names.length > 0)
    throw new UrlProblem(`has a parameter that is not known; there are ${known}`);
}

function fail(problem: string): never {
  throw new UrlProblem(problem);
}
