import { ATTACKED } from './attacked';
import type { Exchange } from './exchange';
import type { Subject } from './subject';

export interface Scenario {
  readonly name: string;
  /** What it measures, for the reader of the table. */
  readonly what: string;
  /** How many sessions each request opens on disk. */
  readonly opens: 0 | 1;
  /** So many requests, or fewer that can be sent again. Undefined where the contestant has no such thing. */
  readonly prepare: (subject: Subject, count: number) => Promise<Exchange[] | undefined>;
}

/**
 * The tokens in rotation. A cache of verified tokens sees them all again; on a busy server it would see
 * as many.
 */
const SESSIONS = 1000;

export const SCENARIOS: Scenario[] = [
  {
    name: 'guarded',
    what: 'a request that only the guard looks at',
    opens: 0,
    prepare: async (subject, count) => {
      const sessions = await subject.sessions(Math.min(count, SESSIONS));
      return sessions.map((session) => subject.dialect.whoAmI(session));
    },
  },
  {
    name: 'refresh',
    what: 'a refresh token in, the next access token out',
    opens: 0,
    prepare: async (subject, count) => {
      const { refresh } = subject.dialect;
      if (!refresh) return undefined;
      return (await subject.sessions(Math.min(count, SESSIONS))).map(refresh);
    },
  },
  {
    name: 'login',
    what: 'the code of a known user in, two tokens out',
    opens: 1,
    prepare: async (subject, count) => subject.logins(await subject.knownMobiles(count)),
  },
  {
    name: 'first login',
    what: 'the same for a new number: a user, a profile and a session',
    opens: 1,
    prepare: (subject, count) => subject.logins(subject.newMobiles(count)),
  },
  ...ATTACKED,
];
