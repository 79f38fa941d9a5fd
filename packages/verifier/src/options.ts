/** Durations are seconds. */
export interface TandemVerifierOptions {
  /** Where Tandem is, with the path in front of its routes if there is one: `https://auth.example.com`. */
  url: string;
  /** One of Tandem's `SERVICE_CLIENTS`, as `name:secret` or in two parts. */
  client: string | { name: string; secret: string };
  /** Tandem's `JWT_ISSUER`: `tandem`. */
  issuer?: string;
  /** Tandem's `JWT_AUDIENCE`: `tandem`. */
  audience?: string;
  /** At least Tandem's `ACCESS_TOKEN_TTL`: 86400, which is its maximum. Less takes less memory. */
  accessTokenTtl?: number;
  /** How long the last known list of ended sessions holds while Tandem is away: without end. After that: 503. */
  maxStaleness?: number;
  /** By how much this node's clock may be off: 5. */
  clockTolerance?: number;
  /** From the answer to one question about ended sessions to the next: 1. */
  pollInterval?: number;
  /** After which a request to Tandem has failed: 2. */
  timeout?: number;
}

const DEFAULTS = {
  issuer: 'tandem',
  audience: 'tandem',
  accessTokenTtl: 86_400,
  maxStaleness: Infinity,
  clockTolerance: 5,
  pollInterval: 1,
  timeout: 2,
};
/** The least that each may be. */
const DURATIONS = {
  accessTokenTtl: 1,
  maxStaleness: 0,
  clockTolerance: 0,
  pollInterval: 0.1,
  timeout: 0.1,
} as const;

/** The options with their defaults. */
export class Settings {
  readonly options: Required<Omit<TandemVerifierOptions, 'url' | 'client'>>;
  /** Of HTTP Basic (RFC 7617). */
  readonly authorization: string;
  private readonly base: string;

  /** @throws TypeError that names every option that is not usable. */
  constructor({ url, client, ...others }: TandemVerifierOptions) {
    const given = Object.entries(others).filter(([, value]) => value !== undefined);
    this.options = { ...DEFAULTS, ...Object.fromEntries(given) };
    const credentials = typeof client === 'string' ? client : `${client?.name}:${client?.secret}`;
    const problems = [...this.problems(url, credentials)];
    if (problems.length > 0) {
      throw new TypeError(`The options of TandemVerifierModule: ${problems.join('; ')}`);
    }
    this.base = url.replace(/\/+$/, '');
    this.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  }

  /** The address of a route of Tandem. */
  urlOf(path: string): URL {
    return new URL(this.base + path);
  }

  private *problems(url: string, credentials: string): Generator<string> {
    if (!/^https?:\/\/[^?#@]+$/.test(url) || !URL.canParse(url)) {
      yield 'url must be where Tandem is, like https://auth.example.com';
    }
    if (!/^[^:]+:.+$/.test(credentials) || credentials.startsWith('undefined:')) {
      yield 'client must be name:secret, one of SERVICE_CLIENTS of Tandem';
    }
    for (const [name, least] of Object.entries(DURATIONS)) {
      const value = this.options[name as keyof typeof DURATIONS];
      if (!(value >= least)) yield `${name} must be ${least} seconds or more`;
    }
  }
}
