import type { Answer } from './client';
import { BrowserJar } from './browser-jar';
import type { TestApp } from './test-app';

const HIDDEN = /<input type="hidden" name="(\w+)" value="([^"]*)" ?\/?>/g;

/** A browser without JavaScript: it follows links, fills forms and keeps cookies. */
export class PageBrowser {
  readonly jar: BrowserJar;
  page = '';

  constructor(
    private readonly app: TestApp,
    private readonly headers: Record<string, string> = {},
  ) {
    this.jar = new BrowserJar(app);
  }

  open(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    const all = { ...this.headers, cookie: this.jar.header, ...headers };
    return this.take(this.app.get(path, { redirect: 'manual', headers: all }));
  }

  /** Goes where an answer leads. */
  follow({ headers }: Answer): Promise<Answer> {
    return this.open(headers.get('location')!);
  }

  /** Sends the form of the page that leads to `action`, with what is typed into it. */
  submit(
    action: string,
    typed: Record<string, string> = {},
    headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' },
  ): Promise<Answer> {
    return this.send(action, { ...this.fieldsOf(action), ...typed }, headers);
  }

  /** A form that may be of no page. */
  send(
    action: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const body = new URLSearchParams(fields).toString();
    const type = 'application/x-www-form-urlencoded';
    const all = { ...this.headers, cookie: this.jar.header, origin: 'null', ...headers };
    return this.take(
      this.app.post(action, body, {
        redirect: 'manual',
        headers: { ...all, 'content-type': type },
      }),
    );
  }

  /** The whole way to a session, as the owner of a number. */
  async logIn(mobile: string): Promise<Answer> {
    await this.open('/login');
    await this.submit('/login/code', { mobile });
    return this.submit('/login', { code: this.app.inbox.codeFor(mobile) });
  }

  fieldsOf(action: string): Record<string, string> {
    const form = this.page
      .split('<form')
      .find((part) => part.includes(` method="post" action="${action}">`));
    if (form === undefined) throw new Error(`The page has no form for ${action}: ${this.page}`);
    return Object.fromEntries(
      [...form.matchAll(HIDDEN)].map(([, name, value]) => [name, value!.replaceAll('&amp;', '&')]),
    );
  }

  private async take(sent: Promise<Answer>): Promise<Answer> {
    const answer = await sent;
    this.jar.keep(answer);
    this.page = String(answer.body);
    return answer;
  }
}
