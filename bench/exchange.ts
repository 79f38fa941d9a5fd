import type { Request } from 'autocannon';

/** A request, and what its answer must be. */
export interface Exchange {
  readonly method: NonNullable<Request['method']>;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  /** Whether this is the right answer. */
  accepts(status: number, body: string): boolean;
}

/** One login of one user. */
export interface Session {
  readonly userId: string;
  readonly token: string;
  readonly refreshToken: string;
}

/** A number that waits for its login. */
export interface Invitation {
  readonly mobile: string;
  readonly code: string;
}

/** How the clients of a contestant talk to it. */
export interface Dialect {
  readonly whoAmI: (session: Session) => Exchange;
  /** Undefined where there is no such thing. */
  readonly refresh?: (session: Session) => Exchange;
  readonly logIn: (invitation: Invitation) => Exchange;
  /** What an accepted login handed out. */
  readonly sessionOf: (body: string) => Omit<Session, 'userId'>;
}
