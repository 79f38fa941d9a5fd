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

/** What becomes of a request for a code: a message goes out, or a limit or the want of a captcha refuses it. */
export type CodeAnswer = 'sent' | 'limited' | 'captcha';

/** How the clients of a contestant talk to it. */
export interface Dialect {
  readonly whoAmI: (session: Session) => Exchange;
  /** Undefined where there is no such thing. */
  readonly refresh?: (session: Session) => Exchange;
  readonly logIn: (invitation: Invitation) => Exchange;
  /** Undefined where codes are not asked for over HTTP as Tandem has it. */
  readonly askForCode?: (mobile: string, answer: CodeAnswer) => Exchange;
  /** A code that is wrong for this number. */
  readonly guess?: (invitation: Invitation) => Exchange;
  /** What an accepted login handed out. */
  readonly sessionOf: (body: string) => Omit<Session, 'userId'>;
}
