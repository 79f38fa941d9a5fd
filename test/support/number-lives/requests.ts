import { type CrowdAnswer, sendCheaply } from '../crowd';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const CHANGES = '/users/me/mobile-changes';

/** What clients ask for. Whoever has no token shows one that is none. */
export class Requests {
  constructor(private readonly baseUrl: string) {}

  code = (mobile: string) => this.send('POST', '/auth/codes', { mobile });
  logIn = (mobile: string, code: string) => this.send('POST', '/auth/tokens', { mobile, code });
  logInByPassword = (mobile: string, password: string) =>
    this.send('POST', '/auth/login', { mobile, password });
  answer = (ticket: string, mine: boolean) =>
    this.send('POST', '/auth/tokens/reassigned', { ticket, mine });
  takeBack = (claim: object) => this.send('POST', '/auth/mobile-changes/undo', claim);

  me = (token?: string) => this.send('GET', '/users/me', undefined, token);
  edit = (token: string, introduction: string) =>
    this.send('PATCH', '/users/me', { introduction }, token);
  setPassword = (token: string, password: string) =>
    this.send('PUT', '/users/me/password', { password }, token);
  remove = (token: string) => this.send('DELETE', '/users/me', undefined, token);
  logOut = (token: string) => this.send('DELETE', '/auth/tokens', undefined, token);

  ask = (token: string | undefined, mobile: string) =>
    this.send('POST', CHANGES, { mobile }, token);
  prove = (token: string, id: string, code: string) =>
    this.send('PUT', `${CHANGES}/${id}`, { code }, token);
  cancel = (token: string, id: string) => this.send('DELETE', `${CHANGES}/${id}`, undefined, token);
  confirm = (token: string, id: string, password: string) =>
    this.send('POST', `${CHANGES}/${id}/confirmation`, { password }, token);

  /** The change that is not over. */
  async activeOf(token: string): Promise<string | undefined> {
    const { status, body } = await this.send('GET', CHANGES, undefined, token);
    return status === 200 ? body[0]?.id : undefined;
  }

  private send(method: Method, path: string, body?: object, token = 'none'): Promise<CrowdAnswer> {
    return sendCheaply(method, this.baseUrl + path, body, { authorization: `Bearer ${token}` });
  }
}
