import { fromNewAddress } from '../support/address';
import type { Answer, Client } from '../support/client';
import { randomMobile } from '../support/mobile';
import type { KnownSession, Traffic } from './traffic';

const OK = ['200'];
const CREATED = ['201'];
const INVALID_CODE = '400 INVALID_CODE';

/** Logins of a number before the caller takes another one. */
const LOGINS = 3;

/** Someone with a phone who logs in, uses the session, leaves, and tries what must not work any more. */
export class Caller {
  private mobile = randomMobile();

  constructor(private readonly traffic: Traffic) {}

  async live(): Promise<void> {
    for (let login = 1; !this.traffic.isStopping; login++) {
      if (login % LOGINS === 0) this.mobile = randomMobile();
      const session = await this.logIn();
      if (!session) continue;
      await this.use(session);
      if (Math.random() < 0.5) await this.logOut(session);
      await this.tryWhatMustFail();
    }
  }

  /** @returns null when the code was lost. */
  async logIn(): Promise<KnownSession | null> {
    const { mobile, traffic } = this;
    const askedAt = Date.now();
    await this.insist('code', 'POST', '/auth/codes', { body: { mobile } }, () => ['202']);
    const code = traffic.inbox.codeFor(mobile);
    await this.guess({ mobile, code: code === '000000' ? '000001' : '000000' });
    const right = { mobile, code };
    // An attempt that was unavailable may have spent it.
    const mayBeGone = (isRetry: boolean) => isRetry || traffic.mayHaveForgotten(askedAt);
    const { answer } = await this.insist(
      'login',
      'POST',
      '/auth/tokens',
      { body: right },
      (isRetry) => (mayBeGone(isRetry) ? [...CREATED, INVALID_CODE] : CREATED),
    );
    traffic.spentCodes.push(right);
    await this.guess(right);
    if (answer.status !== 201) {
      traffic.figures.codesLost++;
      return null;
    }
    const session = { token: answer.body.token, refresh: answer.body.refresh_token };
    traffic.live.add(session);
    return session;
  }

  async use(session: KnownSession): Promise<void> {
    await this.insist('guarded', 'GET', '/users/me', session, () => OK);
    const bearer = { token: session.refresh };
    const { answer } = await this.insist('refresh', 'PUT', '/auth/tokens', bearer, () => CREATED);
    session.token = answer.body.token;
    session.refresh = answer.body.refresh_token ?? session.refresh;
    await this.insist('guarded', 'GET', '/users/me', session, () => OK);
  }

  /** Another attempt of one that was unavailable may find that it succeeded. */
  async logOut(session: KnownSession): Promise<void> {
    const { traffic } = this;
    const { token } = session;
    traffic.live.delete(session);
    const { node } = await this.insist('logout', 'DELETE', '/auth/tokens', session, (isRetry) =>
      isRetry ? ['204', '401 UNAUTHORIZED'] : ['204'],
    );
    traffic.hasEnded(session);
    const guarded = () => node.get('/users/me', { token });
    await traffic.ask('ended', node, guarded, () => ['401 UNAUTHORIZED']);
  }

  /** Codes and sessions of long ago, refresh tokens on guarded routes, and no token at all. */
  private async tryWhatMustFail(): Promise<void> {
    const { live, spentCodes, endedForAll } = this.traffic;
    const [spent, ended, [one]] = [anyOf(spentCodes), anyOf(endedForAll), live];
    if (spent) await this.guess(spent);
    if (ended) {
      await this.try('ended', 'GET', '/users/me', ended, '401 UNAUTHORIZED');
      const token = ended.refresh;
      await this.try('ended', 'PUT', '/auth/tokens', { token }, '403 WRONG_REFRESH_TOKEN');
    }
    if (one) {
      const token = one.refresh;
      await this.try('mixed up', 'GET', '/users/me', { token }, '403 REFRESH_TOKEN_NOT_ALLOWED');
    }
    await this.try('no token', 'GET', '/users/me', {}, '401 UNAUTHORIZED');
    await this.try('health', 'GET', '/health/live', {}, '200');
  }

  private guess(body: object) {
    return this.try('wrong code', 'POST', '/auth/tokens', { body }, INVALID_CODE);
  }

  private try(what: string, method: string, path: string, sent: Sent, expected: string) {
    const { traffic } = this;
    return traffic.ask(what, traffic.nextNode(), requestOf(method, path, sent), () => [expected]);
  }

  private insist(
    what: string,
    method: string,
    path: string,
    sent: Sent,
    expected: (isRetry: boolean) => string[],
  ) {
    return this.traffic.insist(what, requestOf(method, path, sent), expected);
  }
}

interface Sent {
  readonly body?: object;
  readonly token?: string;
}

function requestOf(method: string, path: string, { body, token }: Sent) {
  return (node: Client): Promise<Answer> =>
    node.send(method, path, body, { token, ...fromNewAddress() });
}

const anyOf = <T>(all: T[]): T | undefined => all[Math.floor(Math.random() * all.length)];
