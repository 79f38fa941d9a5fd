import * as fc from 'fast-check';
import { type Tandem, TandemError } from '@tandem/client';
import { Browser, FINE, type Tab, type Weather } from './browser';
import { ContractServer } from './contract-server';
import { newestIn } from './cookies';
import { Events, settled } from './events';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

const LOGOUT = 'somebody logged out';
const CLEARED = 'the store was cleared';

/** What may happen. `tab` counts modulo those that are open. */
export type Step =
  | { readonly kind: 'pass'; readonly milliseconds: number }
  | { readonly kind: 'sleep'; readonly milliseconds: number; readonly stands: boolean }
  | {
      readonly kind: 'request' | 'expire' | 'refuse' | 'close' | 'logIn' | 'logOut';
      readonly tab: number;
    }
  | {
      readonly kind: 'logOutMidRefresh';
      readonly tab: number;
      readonly by: number;
      readonly after: number;
    }
  | { readonly kind: 'open' | 'clear' | 'endByOperator' | 'switchRotation' }
  | { readonly kind: 'online' | 'writable'; readonly is: boolean }
  | { readonly kind: 'setClock'; readonly offset: number }
  | { readonly kind: 'weather'; readonly weather: Weather }
  | { readonly kind: 'mood'; readonly mood: ContractServer['mood'] };

export interface Story {
  readonly seed: number;
  readonly rotates: boolean;
  /** Whether refresh tokens are in cookies. */
  readonly hasCookie: boolean;
  /** Whether tabs have a BroadcastChannel. */
  readonly hasChannel: boolean;
  readonly tabs: number;
  readonly accessSeconds: number;
  readonly steps: readonly Step[];
}

const tab = fc.nat(20);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      milliseconds: fc.oneof(fc.nat(2000), fc.nat(90_000), fc.nat(90_000), fc.nat(HOUR)),
    }),
  },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('request' as const), tab }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('expire' as const), tab }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('refuse' as const), tab }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('sleep' as const),
      milliseconds: fc.oneof(fc.nat(MINUTE), fc.nat(2 * DAY)),
      stands: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('weather' as const),
      weather: fc.oneof(
        fc.constant(FINE),
        fc.record({
          requestDelay: fc.nat(MINUTE),
          answerDelay: fc.nat(MINUTE),
          requestLoss: fc.constantFrom(0, 0.2, 0.5),
          answerLoss: fc.constantFrom(0, 0.3, 0.9),
        }),
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('online' as const), is: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('setClock' as const),
      offset: fc.constantFrom(0, YEAR, -YEAR, HOUR, -HOUR, 30_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('mood' as const),
      mood: fc.constantFrom('well' as const, 'down' as const, 'busy' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Step>({ kind: 'open' }, { kind: 'switchRotation' }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('close' as const), tab }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('writable' as const), is: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.constantFrom<Step>({ kind: 'clear' }, { kind: 'endByOperator' }),
      fc.record({ kind: fc.constant('logOut' as const), tab }),
      fc.record({
        kind: fc.constant('logOutMidRefresh' as const),
        tab,
        by: tab,
        after: fc.nat(120),
      }),
    ),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('logIn' as const), tab }) },
);

export function stories(length: number): fc.Arbitrary<Story> {
  return fc.record({
    seed: fc.integer(),
    rotates: fc.boolean(),
    hasCookie: fc.boolean(),
    hasChannel: fc.boolean(),
    tabs: fc.integer({ min: 1, max: 5 }),
    accessSeconds: fc.constantFrom(7200, 600, 120),
    steps: fc.array(step, { minLength: length, maxLength: length }),
  });
}

/** Lives through a story, and finds what must not happen. */
export class Simulation {
  readonly violations: string[] = [];
  private readonly events = new Events();
  private readonly server: ContractServer;
  private readonly browser: Browser;
  /** Why tabs may be logged out: none has to be after a login. */
  private cause?: string = 'nobody has logged in';
  private isLoggingIn = false;

  constructor(private readonly story: Story) {
    const random = randomFrom(story.seed);
    this.server = new ContractServer(() => this.events.now, story.accessSeconds, story.rotates);
    this.browser = new Browser(this.events, this.server, random, story.hasCookie, story.hasChannel);
  }

  async run(): Promise<string[]> {
    const { browser } = this;
    for (let opened = 0; opened < this.story.tabs; opened++) browser.open();
    await this.logIn(browser.tabs[0]!);
    for (const next of this.story.steps) {
      await this.take(next);
      this.check();
      if (this.violations.length > 0) break;
    }
    if (this.violations.length === 0) await this.recover();
    for (const { tandem } of browser.tabs) tandem.dispose();
    return [...this.violations, ...browser.violations];
  }

  private async take(one: Step): Promise<void> {
    const { browser, events, server } = this;
    const chosen = 'tab' in one ? browser.tabs[one.tab % browser.tabs.length] : undefined;
    switch (one.kind) {
      case 'pass':
        return events.pass(one.milliseconds);
      case 'sleep':
        await browser.sleep(one.milliseconds, one.stands);
        return events.pass(50);
      case 'request':
        this.request(chosen!);
        return events.pass(10);
      case 'expire':
        return this.expire(chosen!);
      case 'refuse':
        return this.refuse(chosen!);
      case 'open':
        if (browser.tabs.length < 6) browser.open();
        return settled();
      case 'close':
        if (browser.tabs.length > 1) browser.close(chosen!);
        return settled();
      case 'logIn':
        return this.logIn(chosen!);
      case 'logOut':
        return this.logOut(chosen!);
      case 'logOutMidRefresh':
        await this.refuse(chosen!);
        await events.pass(one.after);
        return this.logOut(browser.tabs[one.by % browser.tabs.length]!);
      case 'clear':
        this.cause = CLEARED;
        browser.clear();
        return events.pass(10);
      case 'endByOperator':
        this.cause = 'an operator ended it';
        for (const session of server.sessions) session.ended ??= 'revoked';
        return settled();
      case 'switchRotation':
        server.rotates = !server.rotates;
        return settled();
      case 'online':
        browser.isOnline = one.is;
        if (one.is) for (const woken of browser.tabs) woken.wake();
        return settled();
      case 'writable':
        if (!this.isLoggingIn && !this.cause && this.isHeard) browser.isWritable = one.is;
        return settled();
      case 'setClock':
        browser.setClock(one.offset);
        return settled();
      case 'weather':
        browser.weather = one.weather;
        return settled();
      case 'mood':
        server.mood = one.mood;
        return settled();
    }
  }

  /** Without a channel a store that takes no changes tells nobody that a cookie has gone on. */
  private get isHeard(): boolean {
    return this.story.hasChannel || !this.story.hasCookie;
  }

  private request({ tandem }: Tab): void {
    tandem.fetch('/users/me').catch((error: unknown) => {
      const isExpected = error instanceof TandemError || error instanceof TypeError;
      if (!isExpected) this.violations.push(`a request failed with ${String(error)}`);
    });
  }

  /** Until an access token is due; a request asks for the next one. */
  private async expire(chosen: Tab): Promise<void> {
    await this.events.pass(this.story.accessSeconds * 1000);
    this.request(chosen);
    await settled();
  }

  /** The access tokens of before open nothing, as when their key was taken away. */
  private async refuse(chosen: Tab): Promise<void> {
    this.server.refuseAccess();
    this.request(chosen);
    await settled();
  }

  private async logIn({ tandem }: Tab): Promise<void> {
    if (!this.cause || this.isLoggingIn || !this.browser.isWritable) return;
    this.isLoggingIn = true;
    void this.untilLoggedIn(tandem);
    await this.events.pass(100);
  }

  private async untilLoggedIn(tandem: Tandem): Promise<void> {
    try {
      await tandem.logIn('+8613812345678', '123456');
      // An operator may have ended it while its answer was on the way.
      if (this.kept && this.server.isLive(this.kept)) this.cause = undefined;
    } catch {
      // As lost as its answers.
    }
    this.isLoggingIn = false;
  }

  private async logOut({ tandem }: Tab): Promise<void> {
    if (this.isLoggingIn) return;
    this.cause = LOGOUT;
    void tandem.logOut();
    await this.events.pass(10);
  }

  private check(): void {
    const { kept } = this;
    if (kept && !this.server.isLive(kept)) this.cause ??= 'the session has expired';
    for (const session of this.server.sessions) {
      if (session.ended === 'reuse') this.violations.push('the server saw reuse');
    }
    if (this.isLoggingIn) return;
    const isOut = this.cause === LOGOUT || this.cause === CLEARED;
    if (isOut && this.browser.kept)
      this.violations.push(`${this.cause}, and the store has it again`);
    if (this.cause) return;
    for (const { tandem } of this.browser.tabs) {
      const { status, reason } = tandem.session();
      if (status === 'ended' || status === 'anonymous') {
        this.violations.push(`a tab is ${status} (${reason}) without a cause`);
      }
    }
  }

  /** That of the store: a login whose answers were lost for long has opened others. */
  private get kept() {
    return this.server.sessions[Number(this.refreshToken?.split(' ')[1])];
  }

  private get refreshToken(): string | undefined {
    const { kept, jar } = this.browser;
    if (!this.story.hasCookie || !kept) return kept?.refresh;
    return jar[newestIn(jar) ?? '']?.token;
  }

  /** When all is well again, everybody is where they have to be. */
  private async recover(): Promise<void> {
    const { browser, events, server } = this;
    Object.assign(browser, { weather: FINE, isOnline: true, isWritable: true });
    server.mood = 'well';
    await events.pass(3 * MINUTE);
    for (const one of browser.tabs) one.wake();
    for (let round = 0; round < 3; round++) {
      for (const one of browser.tabs) this.request(one);
      await events.pass(2 * MINUTE);
    }
    this.check();
    const states = browser.tabs.map(({ tandem }) => tandem.session().status);
    const isOut = states.every((status) => status === 'ended' || status === 'anonymous');
    if (!this.cause) await this.checkTokens();
    else if (!isOut) this.violations.push(`${states.join()} after ${this.cause}`);
  }

  private async checkTokens(): Promise<void> {
    const { browser, events } = this;
    const session = this.kept;
    if (!session) return void this.violations.push('the store has no session');
    const refresh = this.refreshToken;
    const successors = [session.generation, session.generation - 1].map(
      (generation) => `refresh ${session.id} ${generation}`,
    );
    if (!successors.includes(refresh!)) this.violations.push(`the store has ${refresh}`);
    const opened = browser.tabs.map(({ tandem }) => tandem.fetch('/users/me'));
    await events.pass(MINUTE);
    const noAnswer = Promise.resolve({ status: 'no answer' });
    const answers = await Promise.all(opened.map((one) => Promise.race([one, noAnswer])));
    const statuses = answers.map(({ status }) => status);
    if (statuses.some((status) => status !== 200))
      this.violations.push(`answers ${statuses.join()}`);
  }
}

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
