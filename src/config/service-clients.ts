/** What a service may do. */
export const SCOPES = ['introspect', 'users', 'events'] as const;
export type Scope = (typeof SCOPES)[number];

/** Of a client that names none: what every client could do before there were scopes. */
const DEFAULT_SCOPES: readonly Scope[] = ['introspect', 'users'];

const SCOPE = SCOPES.join('|');
/** The digest of a secret, and scopes: as `SERVICE_CLIENTS` has them behind the name. */
export const SERVICE_CLIENT = new RegExp(`^[0-9a-f]{64}(:(${SCOPE})(\\+(${SCOPE}))*)?$`);

export interface ServiceClient {
  /** In hex. */
  readonly digest: string;
  readonly scopes: ReadonlySet<Scope>;
}

export function readServiceClient(text: string): ServiceClient {
  const [digest, scopes] = text.split(':');
  return { digest: digest!, scopes: new Set((scopes?.split('+') as Scope[]) ?? DEFAULT_SCOPES) };
}
