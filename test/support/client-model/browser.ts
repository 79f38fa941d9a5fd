import { createTandem, type Tandem, type TextStorage } from '@tandem/client';
import type { Jar } from './cookies';
import type { ContractServer, Said, Sent } from './contract-server';
import type { Events } from './events';

/** How the network is. Milliseconds and chances. */
export interface Weather {
  readonly requestDelay: number;
  readonly answerDelay: number;
  readonly requestLoss: number;
  readonly answerLoss: number;
}

export const FINE: Weather = { requestDelay: 20, answerDelay: 20, requestLoss: 0, answerLoss: 0 };

export interface Tab {
  readonly tandem: Tandem;
  /** Those under way. */
  refreshes: number;
  /** When its next access token is due, unless a 401, a sleep or a clock that is set make it so before. */
  notBefore: number;
  wake(): void;
  look(): void;
}

/** One browser: its tabs share a store, a clock that people set, and a network. */
export class Browser {
  readonly tabs: Tab[] = [];
  readonly violations: string[] = [];
  isOnline = true;
  weather = FINE;
  /** Whether the store takes changes. */
  isWritable = true;
  private wallOffset = 0;
  /** The cookies. */
  jar: Jar = {};
  private readonly texts = new Map<string, string>();
  /** How long the monotonic clock stood still. */
  private stalled = 0;
  private jumps = 0;
  private secrets = 0;

  constructor(
    private readonly events: Events,
    private readonly server: ContractServer,
    private readonly random: () => number,
    private readonly hasCookie: boolean,
    /** Old ones have no BroadcastChannel: tabs hear of changes of the store alone. */
    private readonly hasChannel: boolean,
  ) {}

  open(): Tab {
    const tab: Tab = {
      refreshes: 0,
      notBefore: -Infinity,
      wake: () => {},
      look: () => {},
      tandem: undefined as never,
    };
    Object.assign(tab, { tandem: this.clientFor(tab) });
    this.tabs.push(tab);
    return tab;
  }

  close(tab: Tab): void {
    tab.tandem.dispose();
    this.tabs.splice(this.tabs.indexOf(tab), 1);
  }

  clear(): void {
    this.texts.clear();
    this.jar = {};
    for (const tab of this.tabs) tab.look();
  }

  async sleep(milliseconds: number, stands: boolean): Promise<void> {
    await this.events.sleep(milliseconds);
    if (stands) this.stalled += milliseconds;
    this.excuseRefreshes();
    for (const tab of this.tabs) tab.wake();
  }

  setClock(offset: number): void {
    this.wallOffset = offset;
    this.excuseRefreshes();
  }

  /** After a jump in time nobody knows how old a token is, or an answer that was under way. */
  private excuseRefreshes(): void {
    this.jumps += 1;
    for (const tab of this.tabs) tab.notBefore = -Infinity;
  }

  /** What the store has of the session, if it has one. */
  get kept(): { access: string; refresh: string; key: string } | undefined {
    const text = [...this.texts].find(([name]) => !/ (devices|login)$/.test(name))?.[1];
    const entry = text
      ? (JSON.parse(text) as { access: string; refresh: string; key: string })
      : undefined;
    return entry?.access ? entry : undefined;
  }

  private clientFor(tab: Tab): Tandem {
    return createTandem({
      url: 'https://auth.example.com',
      storage: this.storage(tab),
      fetch: (input, init) => this.fetch(tab, input as string, init!),
      environment: {
        monotonic: () => this.events.now - this.stalled,
        wall: () => this.events.now + this.wallOffset,
        after: (milliseconds, action) => this.events.after(milliseconds, true, action),
        random: this.random,
        secret: () => `secret ${(this.secrets += 1)}`,
        onWake: (action) => {
          tab.wake = action;
          return () => {};
        },
        watchTabs: (_name, onChange) => {
          tab.look = onChange;
          const announce = () => this.hasChannel && this.tellOthers(tab);
          return { announce, stop: () => (tab.look = () => {}) };
        },
      },
    });
  }

  private storage(tab: Tab): TextStorage {
    return {
      isShared: true,
      hasCookie: this.hasCookie,
      getItem: (name) => this.texts.get(name) ?? null,
      setItem: (name, text) => {
        if (!this.isWritable) throw new Error('QuotaExceededError');
        this.change(tab, () => this.texts.set(name, text), this.texts.get(name) !== text);
      },
      removeItem: (name) => this.change(tab, () => this.texts.delete(name), this.texts.has(name)),
    };
  }

  /** Other tabs get a `storage` event where something has changed. */
  private change(tab: Tab, make: () => unknown, isOne: boolean): void {
    make();
    if (isOne && !this.hasChannel) this.tellOthers(tab);
  }

  /** Whether the page still wants the answer or not. */
  private keep({ cookie }: Said): void {
    if (!cookie) return;
    const { [cookie.name]: _before, ...others } = this.jar;
    this.jar = cookie.value ? { ...others, [cookie.name]: cookie.value } : others;
  }

  private tellOthers(teller: Tab): void {
    for (const tab of this.tabs) {
      if (tab !== teller) this.events.after(this.random() * 5, true, () => tab.look());
    }
  }

  private async fetch(tab: Tab, url: string, init: RequestInit): Promise<Response> {
    const sent = readRequest(url, init);
    const isRefresh = sent.method === 'PUT';
    const { jumps } = this;
    if (isRefresh) this.noteRefresh(tab);
    try {
      const said = await this.exchange(sent, init.signal ?? undefined);
      if (said.status === 401) tab.notBefore = -Infinity;
      if (isRefresh && said.status === 201 && jumps === this.jumps) {
        // Its life began when the server made it, however long it was on the way.
        tab.notBefore = Date.parse(said.headers.date!) + 0.7 * this.server.accessSeconds * 1000;
      }
      return responseOf(said);
    } finally {
      if (isRefresh) tab.refreshes -= 1;
    }
  }

  private noteRefresh(tab: Tab): void {
    tab.refreshes += 1;
    if (tab.refreshes > 1) this.violations.push('two refreshes at once in one tab');
    if (this.events.now < tab.notBefore) this.violations.push('a second refresh for one expiry');
  }

  /** What was sent goes its way also when nobody waits for the answer any more. */
  private exchange(sent: Sent, signal?: AbortSignal): Promise<Said> {
    const { requestDelay, answerDelay, requestLoss, answerLoss } = this.weather;
    const [isOnline, isLost] = [this.isOnline, this.random() < requestLoss];
    const withCookies = sent.session === undefined ? sent : { ...sent, jar: this.jar };
    return new Promise((resolve, reject) => {
      const fail = () => reject(new TypeError('Failed to fetch'));
      signal?.addEventListener('abort', fail);
      const deliver = (said: Said) => {
        if (!this.isOnline || signal?.aborted) return fail();
        this.keep(said);
        resolve(said);
      };
      const arrive = () => {
        const said = this.server.handle(withCookies);
        if (this.random() < answerLoss) return;
        this.events.after(this.random() * answerDelay, true, () => deliver(said));
      };
      if (!isOnline) this.events.after(5, true, fail);
      else if (!isLost) this.events.after(this.random() * requestDelay, false, arrive);
    });
  }
}

function readRequest(url: string, init: RequestInit): Sent {
  const given = init.headers as Headers | Record<string, string>;
  const headers = given instanceof Headers ? Object.fromEntries(given) : given;
  return {
    method: init.method ?? 'GET',
    path: new URL(url).pathname,
    token: headers.authorization?.slice('Bearer '.length),
    key: headers['idempotency-key'],
    session: headers['tandem-session'],
  };
}

/** What the client reads of one. Real ones take most of the time of a long run. */
function responseOf({ status, headers, body }: Said): Response {
  const text = body ? JSON.stringify(body) : '';
  return {
    status,
    headers: { get: (name: string) => headers[name] ?? null },
    body: null,
    text: () => Promise.resolve(text),
  } as unknown as Response;
}
