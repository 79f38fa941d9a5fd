import { type Jar, meantBy, NAMES, newestIn, sessionOf } from './cookies';

const GRACE_MS = 30_000;
const LOGIN_GRACE_MS = 60_000;
const LOGIN_REPEATS = 3;
const DAY_MS = 86_400_000;

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly token?: string;
  readonly key?: string;
  /** What a page asks for the cookie of, and the cookies that its browser has. */
  readonly session?: string;
  readonly jar?: Jar;
}

export interface Said {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body?: object;
  /** A cookie that it sets, or takes away. */
  readonly cookie?: { readonly name: string; readonly value?: Jar[string] };
}

interface ServerSession {
  readonly id: number;
  readonly loginKey?: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  repeats: number;
  generation: number;
  rotatedAt: number | null;
  refreshKey: string | null;
  ended?: 'logout' | 'reuse' | 'revoked';
}

/**
 * The rules of docs/tokens.md without their stores: what `RotationService`, `RefreshQueries` and `RefreshRetriesService`
 * decide, for clients with a key.
 */
export class ContractServer {
  rotates: boolean;
  mood: 'well' | 'down' | 'busy' = 'well';
  readonly sessions: ServerSession[] = [];
  private tokens = 0;
  private refused = 0;

  constructor(
    private readonly now: () => number,
    readonly accessSeconds: number,
    rotates: boolean,
  ) {
    this.rotates = rotates;
  }

  handle(sent: Sent): Said {
    const said = sent.session === undefined ? this.answer(sent) : this.byCookie(sent);
    const date = new Date(Math.floor(this.now() / 1000) * 1000).toUTCString();
    return { ...said, headers: { date, ...said.headers } };
  }

  isLive({ ended, expiresAt }: ServerSession): boolean {
    return ended === undefined && this.now() < expiresAt;
  }

  refuseAccess(): void {
    this.refused = this.tokens;
  }

  /** As the guards and the interceptor of the refresh cookie do it. */
  private byCookie({ session = '', jar = {}, ...sent }: Sent): Said {
    const newest = newestIn(jar);
    const name = sent.method === 'POST' ? newest : meantBy(jar, session);
    if (name === 'another') return ANOTHER;
    const said = this.answer(sent.method === 'POST' ? sent : { ...sent, ...jar[name ?? ''] });
    if (said.status === 204) return { ...said, cookie: { name: name! } };
    if (said.status !== 201) return said;
    const { refresh_token: token, ...body } = said.body as { refresh_token?: string };
    const key = sent.method === 'POST' ? sent.key! : jar[name!]!.key;
    const id = sessionOf(token ?? jar[name!]!.token);
    const before = jar[newest ?? ''];
    if (before && sessionOf(before.token) !== id)
      this.sessions[sessionOf(before.token)]!.ended ??= 'logout';
    const to = sent.method === 'POST' ? NAMES.find((one) => one !== newest)! : name!;
    const cookie = token === undefined ? undefined : { name: to, value: { token, key } };
    return { ...said, body: { ...body, session_id: String(id) }, cookie };
  }

  private answer(sent: Sent): Said {
    if (this.mood === 'down') return { status: 502, headers: {} };
    if (this.mood === 'busy') {
      const body = { errorCode: 'TOO_MANY_REQUESTS', limit: 'address', retry_after: 7 };
      return { status: 429, headers: { 'retry-after': '7' }, body };
    }
    switch (`${sent.method} ${sent.path}`) {
      case 'POST /auth/tokens':
        return this.logIn(sent);
      case 'PUT /auth/tokens':
        return this.refresh(sent);
      case 'DELETE /auth/tokens':
        return this.logOut(sent);
      case 'GET /users/me':
        return this.guarded(sent);
      default:
        return { status: 200, headers: {}, body: {} };
    }
  }

  private logIn({ key }: Sent): Said {
    const known = this.sessions.find(
      (session) =>
        session.loginKey === key &&
        session.generation === 0 &&
        this.isLive(session) &&
        this.now() - session.createdAt <= LOGIN_GRACE_MS &&
        session.repeats < LOGIN_REPEATS,
    );
    const session = known ?? this.open(key);
    if (known) known.repeats += 1;
    const body = { ...this.pairOf(session, 0), is_new_user: false, device_token: 'device' };
    return { status: 201, headers: {}, body };
  }

  private open(loginKey?: string): ServerSession {
    const [createdAt, id] = [this.now(), this.sessions.length];
    const session: ServerSession = {
      id,
      loginKey,
      createdAt,
      expiresAt: createdAt + 14 * DAY_MS,
      repeats: 0,
      generation: 0,
      rotatedAt: null,
      refreshKey: null,
    };
    this.sessions.push(session);
    return session;
  }

  private refresh({ token = '', key = '' }: Sent): Said {
    const { session, number: generation } = this.read(token);
    if (!session || !this.isLive(session)) return WRONG;
    if (generation === session.generation) {
      if (!this.rotates) return { status: 201, headers: {}, body: this.accessOf(session) };
      session.generation += 1;
      session.rotatedAt = this.now();
      session.refreshKey = key;
      return this.successor(session, session.generation);
    }
    const rotations = session.generation - generation;
    const isInGrace = this.now() - session.rotatedAt! <= GRACE_MS;
    const isRetry = rotations === 1 || (rotations === 2 && isInGrace);
    if (isRetry && session.refreshKey === key) return this.successor(session, generation + 1);
    if (this.rotates) session.ended = 'reuse';
    return WRONG;
  }

  private successor(session: ServerSession, generation: number): Said {
    return { status: 201, headers: {}, body: this.pairOf(session, generation) };
  }

  private logOut({ token = '' }: Sent): Said {
    const { session } = this.read(token);
    if (session) session.ended ??= 'logout';
    return { status: 204, headers: {} };
  }

  private guarded({ token = '' }: Sent): Said {
    const { session, number: expiresAt } = this.read(token);
    const isRefused = Number(token.split(' ')[3]) <= this.refused;
    const isOpen = session && !isRefused && this.isLive(session) && this.now() < expiresAt;
    return isOpen ? { status: 200, headers: {}, body: {} } : UNAUTHORIZED;
  }

  private pairOf(session: ServerSession, generation: number) {
    return {
      ...this.accessOf(session),
      refresh_token: `refresh ${session.id} ${generation}`,
      refresh_expires_in: (session.expiresAt - this.now()) / 1000,
    };
  }

  private accessOf({ id }: ServerSession) {
    const expiresAt = this.now() + this.accessSeconds * 1000;
    this.tokens += 1;
    const token = `access ${id} ${expiresAt} ${this.tokens}`;
    return { token, token_type: 'Bearer', expires_in: this.accessSeconds };
  }

  private read(token: string) {
    const [, id, number] = token.split(' ');
    return { session: this.sessions[Number(id)], number: Number(number) };
  }
}

const WRONG: Said = { status: 403, headers: {}, body: { errorCode: 'WRONG_REFRESH_TOKEN' } };
const ANOTHER: Said = { status: 409, headers: {}, body: { errorCode: 'REQUEST_REFUSED' } };
const UNAUTHORIZED: Said = { status: 401, headers: {}, body: { errorCode: 'UNAUTHORIZED' } };
