import type { Api } from './api.ts';
import type { LoginDto } from './contract.ts';
import type { Environment } from './environment.ts';
import type { EndReason } from './kept.ts';
import { KeptSession } from './kept-session.ts';
import { Listeners } from './listeners.ts';
import { Patience } from './patience.ts';
import { RefreshTimer } from './refresh-timer.ts';
import { Refreshes } from './refreshes.ts';
import { revoke } from './revoke.ts';
import type { ServerClock } from './server-clock.ts';
import type { TextStorage } from './storage.ts';
import { NO_TABS, type Tabs } from './tabs.ts';
import { TokenAge } from './token-age.ts';

export type SessionStatus = 'anonymous' | 'fresh' | 'stale' | 'refreshing' | 'offline' | 'ended';

export interface SessionState {
  readonly status: SessionStatus;
  /** Why it has ended. */
  readonly reason?: EndReason;
}

/** One session in one tab: what it is in, the token for a request, and when that is replaced. docs/client.md has its design. */
export class Session {
  /** When what an asynchronous store holds is known. */
  readonly ready: Promise<void>;
  /** Whether refresh tokens are in a cookie. */
  readonly hasCookie: boolean;
  private readonly age: TokenAge;
  private readonly kept: KeptSession;
  private readonly listeners = new Listeners<SessionState>();
  private readonly patience: Patience;
  private readonly refreshes: Refreshes;
  private readonly stopWaking: () => void;
  private readonly tabs: Tabs = NO_TABS;
  private readonly timer: RefreshTimer;
  private isDisposed = false;

  constructor(
    private readonly api: Api,
    private readonly clock: ServerClock,
    private readonly environment: Environment,
    storage: TextStorage,
    name: string,
  ) {
    this.age = new TokenAge(clock, environment);
    this.patience = new Patience(environment);
    this.hasCookie = storage.hasCookie ?? false;
    this.kept = new KeptSession(
      storage,
      name,
      () => this.follow(),
      () => this.tabs.announce(),
      (milliseconds, action) => environment.after(milliseconds, action),
    );
    const { age, kept, patience } = this;
    this.refreshes = new Refreshes(api, kept, age, patience, () => this.update());
    this.timer = new RefreshTimer(environment, kept, age, patience, this.refreshes);
    if (storage.isShared) this.tabs = environment.watchTabs(name, () => void this.hear());
    this.stopWaking = environment.onWake(() => void this.wake());
    this.ready = this.load();
  }

  get state(): SessionState {
    const { current, ended: reason } = this.kept;
    if (!current) return reason ? { status: 'ended', reason } : { status: 'anonymous' };
    if (this.refreshes.isSending) return { status: 'refreshing' };
    if (this.patience.hasFailed) return { status: 'offline' };
    return { status: this.age.isDue(current) ? 'stale' : 'fresh' };
  }

  onChange(listener: (state: SessionState) => void): () => void {
    return this.listeners.add(listener);
  }

  /** Begins with the tokens of a login; a session of before is ended. */
  async open(pair: LoginDto, key: string): Promise<void> {
    await this.kept.look();
    const before = this.kept.current;
    await this.refreshes.begin(pair, key);
    // What was in a cookie the server has ended.
    if (before?.refresh && before.key !== key) void revoke(before, this.api, this.environment);
  }

  /** Takes up the session that the cookie is of, where none is known: its login was on a page of the server. */
  async resume(): Promise<void> {
    await this.kept.look();
    if (this.hasCookie && !this.kept.current) await this.refreshes.takeUp();
  }

  /**
   * An access token for a request, null without a session.
   *
   * @throws TandemError when it has expired and the server does not answer.
   */
  async token(): Promise<string | null> {
    await this.kept.look();
    const { current } = this.kept;
    if (!current) return null;
    const isUseless = this.age.isOver(current) || current.access === this.age.rejected;
    if (isUseless) await this.refreshes.run();
    else if (this.age.isDue(current)) this.refreshes.run().catch(() => {});
    return this.kept.current?.access ?? null;
  }

  /** An access token for a request that `token` did not open. It is the same one when there is no other to be had yet. */
  async tokenAfter(token: string): Promise<string | null> {
    this.age.rejected = token;
    return this.token();
  }

  /** @returns whether the server knows. Here and in all tabs it has ended in any case. */
  async logOut(): Promise<boolean> {
    await this.kept.look();
    const { current } = this.kept;
    await this.refreshes.end('logout');
    return current === null || revoke(current, this.api, this.environment);
  }

  /** The app is in the foreground again, or the network is back. */
  async wake(): Promise<void> {
    this.patience.hurry();
    await this.kept.look();
    const { current } = this.kept;
    if (current && this.age.isDue(current)) this.refreshes.run().catch(() => {});
    this.update();
  }

  dispose(): void {
    this.isDisposed = true;
    this.refreshes.stop();
    this.timer.stop();
    this.kept.stop();
    this.stopWaking();
    this.tabs.stop();
    this.listeners.clear();
  }

  private async load(): Promise<void> {
    const read = this.kept.look();
    if (read) await read;
    if (this.kept.current) this.clock.assume(this.kept.current.offset);
    this.update();
    const isBlind = this.hasCookie && this.kept.current && !(await this.kept.isWritable());
    if (isBlind) this.age.noteUnseen();
  }

  /** Another tab has moved on, if only with a cookie: then its store takes no changes, and tells nothing of it. */
  private async hear(): Promise<void> {
    const { current } = this.kept;
    await this.kept.look();
    if (current?.access === this.kept.current?.access) this.age.noteUnseen();
  }

  /** Another tab has moved on: what failed here is done, or over. */
  private follow(): void {
    this.patience.succeeded();
    this.update();
  }

  /** Tells of what has changed, and sets the timer by it. */
  private update(): void {
    if (this.isDisposed) return;
    this.timer.set();
    this.listeners.tell(this.state);
  }
}
