import { type EndReason, type Ending, isNews, type Kept, parse } from './kept.ts';
import type { Environment } from './environment.ts';
import type { TextStorage } from './storage.ts';

/** How often what was not stored is stored again: for as long as another tab may spend the cookie too soon. */
const RETRY_MS = 1000;
const RETRIES = 60;

/** The session as the store has it, which is the truth between tabs, and as this tab has seen it last. */
export class KeptSession {
  current: Kept | null = null;
  ended?: EndReason;

  /** Moves with every login and logout here: what was begun before is not brought to its end after it. */
  private generation = 0;
  /** The store refused the newest change: until it takes one, this tab goes by what it knows. */
  private isUnsaved = false;
  /** Whether the store has had this session. Before that it has nothing to tell of it. */
  private isInStore = false;
  /** What the store had instead of a session that it has never had. */
  private refusing: string | null = null;
  private writes = 0;
  private written: Promise<void> = Promise.resolve();
  private closedKey?: string;
  private stopRetrying = () => {};
  private isStopped = false;

  /** @param onChange is told what others did. */
  constructor(
    private readonly storage: TextStorage,
    private readonly name: string,
    private readonly onChange: () => void,
    private readonly announce: () => void,
    private readonly after: Environment['after'],
  ) {}

  /** A fresh look at the store: at once where that answers at once. One that cannot be read says nothing. */
  look(): void | Promise<void> {
    const { generation } = this;
    if (this.writes > 0) return;
    const adopt = (text: string | null) => {
      if (generation === this.generation && this.writes === 0) this.adopt(text);
    };
    try {
      const text = this.storage.getItem(this.name);
      return text instanceof Promise ? text.then(adopt, () => {}) : adopt(text);
    } catch {
      // As if it said nothing.
    }
  }

  /** Whether others find what is stored here. */
  async isWritable(): Promise<boolean> {
    try {
      await this.storage.setItem(`${this.name} try`, '');
      await this.storage.removeItem(`${this.name} try`);
      return true;
    } catch {
      return false;
    }
  }

  /** A new session, in place of any other. */
  async open(kept: Kept): Promise<void> {
    this.generation += 1;
    this.current = null;
    this.isInStore = false;
    await this.save(kept);
  }

  /**
   * The next tokens of the session. If they cannot be stored, the refresh token of before stays, and its retries get the
   * same successor: what other tabs find in the store is never older by more than that.
   */
  async save(next: Kept): Promise<void> {
    const { generation, current } = this;
    const isSaved = await this.write(next);
    if (generation !== this.generation) return;
    this.isUnsaved = !isSaved;
    this.isInStore ||= isSaved;
    if (!this.isInStore) await this.noteRefusing();
    if (generation !== this.generation) return;
    this.current = isSaved || !current ? next : { ...next, refresh: current.refresh };
    this.ended = undefined;
    this.stopRetrying();
    // A cookie has gone on all the same.
    if (!isSaved && next.refresh === '' && next.rotated) {
      this.announce();
      this.retry(this.current, RETRIES);
    }
  }

  /** Stores what the store did not take once it does: pages that are loaded then go by it. */
  private retry(kept: Kept, left: number): void {
    if (left === 0 || this.isStopped) return;
    this.stopRetrying = this.after(RETRY_MS, () => void this.saveAgain(kept, left - 1));
  }

  private async saveAgain(kept: Kept, left: number): Promise<void> {
    await this.look();
    if (this.current !== kept || !this.isUnsaved) return;
    const isSaved = await this.write(kept);
    if (this.current !== kept) return;
    this.isUnsaved = !isSaved;
    this.isInStore ||= isSaved;
    if (!isSaved) this.retry(kept, left);
  }

  private async noteRefusing(): Promise<void> {
    try {
      this.refusing = await this.storage.getItem(this.name);
    } catch {
      // It cannot tell what others do either.
    }
  }

  /** Nothing is stored again. */
  stop(): void {
    this.isStopped = true;
    this.stopRetrying();
  }

  async close(reason: EndReason): Promise<void> {
    this.generation += 1;
    this.closedKey = this.current?.key;
    this.current = null;
    this.ended = reason;
    this.isUnsaved = !(await this.write({ ended: reason }));
    // A store that is full can still be emptied.
    if (this.isUnsaved) await this.remove().catch(() => {});
    this.announce();
  }

  private async remove(): Promise<void> {
    await this.storage.removeItem(this.name);
  }

  private adopt(text: string | null): void {
    const entry = parse(text);
    const { current, ended } = this;
    const isKnown = this.isInStore ? !isNews(entry, current) : text === this.refusing;
    if (this.isUnsaved && isKnown) return;
    this.isUnsaved = false;
    this.isInStore = true;
    if (entry && 'key' in entry) {
      // Another tab stored what it got while this one logged out.
      if (entry.key === this.closedKey) return void this.write({ ended: ended ?? 'logout' });
      [this.current, this.ended] = [entry, undefined];
    } else {
      this.current = null;
      this.ended = entry?.ended ?? (current ? 'cleared' : ended);
    }
    const isSame = current?.access === this.current?.access && ended === this.ended;
    if (!isSame) this.onChange();
  }

  /** One after the other, also where the store takes its time. @returns whether it was stored. */
  private async write(entry: Kept | Ending): Promise<boolean> {
    const text = JSON.stringify(entry);
    const put = async () => this.storage.setItem(this.name, text);
    this.writes += 1;
    const written = this.writes === 1 ? put() : this.written.then(put);
    this.written = written.catch(() => {});
    try {
      await written;
      this.announce();
      return true;
    } catch {
      return false;
    } finally {
      this.writes -= 1;
    }
  }
}
