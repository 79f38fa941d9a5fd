import type { Api } from './api.ts';
import type { RefreshedDto } from './contract.ts';
import type { TandemError } from './errors.ts';
import type { EndReason, Kept } from './kept.ts';
import type { KeptSession } from './kept-session.ts';
import type { Patience } from './patience.ts';
import { endingIn, isRotated, proofOf, REFRESH, refreshedIn } from './refresh-call.ts';
import type { TokenAge } from './token-age.ts';

/** The cookie is of another session than the one that was asked for. */
const OF_ANOTHER = 409;

/** How a session goes from one access token to the next, and how it begins and ends. */
export class Refreshes {
  /** Whether a request is on its way. */
  isSending = false;
  private refreshing?: Promise<void>;
  private isStopped = false;

  /** @param onChange is told when there is another state. */
  constructor(
    private readonly api: Api,
    private readonly kept: KeptSession,
    private readonly age: TokenAge,
    private readonly patience: Patience,
    private readonly onChange: () => void,
  ) {}

  get isUnderWay(): boolean {
    return this.refreshing !== undefined;
  }

  /** At most one at a time. */
  run(): Promise<void> {
    this.refreshing ??= this.exchange().finally(() => {
      this.refreshing = undefined;
      this.isSending = false;
      this.onChange();
    });
    return this.refreshing;
  }

  async begin(pair: RefreshedDto, key: string, rotated = false): Promise<void> {
    const { session_id: id, refresh_token: refresh = '' } = pair;
    await this.kept.open({
      key: id ?? key,
      ...this.age.of(pair),
      refresh,
      rotated,
      forced: false,
    });
    this.patience.succeeded();
    this.onChange();
  }

  /** Goes by the cookie, of whichever session it is, unless another tab knows more than `before` by then. */
  async takeUp(before?: Kept): Promise<boolean> {
    const answer = await this.api.send({ ...REFRESH, session: 'cookie' });
    const refreshed = refreshedIn(answer);
    await this.kept.look();
    const isSame = this.kept.current?.access === before?.access;
    if (refreshed) {
      if (isSame) await this.begin(refreshed, '', isRotated(refreshed));
      return true;
    }
    const reason = endingIn(answer);
    if (isSame && before) await this.end(reason);
    return isSame;
  }

  async end(reason: EndReason): Promise<void> {
    const closed = this.kept.close(reason);
    this.patience.succeeded();
    this.onChange();
    await closed;
  }

  stop(): void {
    this.isStopped = true;
  }

  private async exchange(): Promise<void> {
    for (;;) {
      await this.kept.look();
      const { current } = this.kept;
      if (!current || !this.age.isDue(current) || this.isStopped) return;
      this.patience.assertOver();
      const isKnown = this.age.isKnown(current);
      if (isKnown && this.age.spacingOf(current) > 0) return;
      this.isSending = true;
      this.onChange();
      if (await this.attempt(() => (isKnown ? this.spend(current) : this.askTime()))) return;
    }
  }

  /** @returns whether that was all. */
  private async attempt(action: () => Promise<boolean>): Promise<boolean> {
    try {
      return await action();
    } catch (error) {
      this.patience.failed(error as TandemError);
      throw error;
    }
  }

  /** A rotating token is spent by those only who know how old it is. */
  private async askTime(): Promise<boolean> {
    await this.api.send({ method: 'GET', path: '/auth/config' });
    return false;
  }

  private async spend(sent: Kept): Promise<boolean> {
    const answer = await this.api.send({ ...REFRESH, ...proofOf(sent) });
    const refreshed = refreshedIn(answer);
    // Others may have logged out, in, or gone ahead meanwhile, and only the store knows.
    await this.kept.look();
    const { current } = this.kept;
    const isSame = current?.key === sent.key && current.refresh === sent.refresh;
    if (refreshed) {
      const isSuccessor = current?.refresh === refreshed.refresh_token;
      if (isSame || (current?.key === sent.key && isSuccessor)) await this.accept(sent, refreshed);
      this.patience.succeeded();
      return true;
    }
    const isInCookie = sent.refresh === '';
    const reason = isInCookie && answer.status === OF_ANOTHER ? 'session_ended' : endingIn(answer);
    if (isSame && isInCookie) return this.takeUp(sent);
    if (isSame) await this.end(reason);
    return isSame;
  }

  private async accept(sent: Kept, refreshed: RefreshedDto): Promise<void> {
    const forced = sent.access === this.age.rejected;
    await this.kept.save({
      ...sent,
      ...this.age.of(refreshed),
      refresh: refreshed.refresh_token ?? sent.refresh,
      rotated: isRotated(refreshed),
      forced,
    });
  }
}
