import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Client } from '../support/client';
import { within } from '../support/deadline';
import type { SmsInbox } from '../support/sms-inbox';
import { Caller } from './caller';
import { Figures } from './figures';

/** What callers may meet while a fault lasts, besides 503. */
export interface Mercy {
  /** Codes that were sent may be gone, and cost another message. */
  forgetsCodes?: boolean;
  /** Connections may break: what was asked may have been done or not. */
  dropsConnections?: boolean;
  /** Nodes cannot learn what ended on others. */
  isBlind?: boolean;
}

export interface KnownSession {
  token: string;
  refresh: string;
}

/** Milliseconds: a node must know within one second what ended on another; tests share processors. */
export const NEWS_TRAVELS = 2000;
/** Milliseconds before what was unavailable is asked for again. */
const PAUSE = 40;
/** Seconds within which every call must end. */
const DEADLINE = 10;
/** Milliseconds after which a caller gives up. */
const PATIENCE = 60_000;

/** Many callers at once, what the server owes them, and whether it gave it. */
export class Traffic {
  figures = new Figures();
  mercy: Mercy = {};
  /** When codes were last lost, in epoch milliseconds. */
  private codesForgottenAt = 0;
  /** The sessions whose login was acknowledged, and not their end. */
  readonly live = new Set<KnownSession>();
  /** The codes that were acknowledged to be right, in that order. */
  readonly spentCodes: { mobile: string; code: string }[] = [];
  private readonly ended: (KnownSession & { at: number })[] = [];
  private readonly stopping = new AbortController();
  private callers: Promise<void>[] = [];
  private turn = 0;

  constructor(
    readonly inbox: SmsInbox,
    public nodes: Client[],
  ) {}

  start(callers: number): void {
    this.callers = Array.from({ length: callers }, () =>
      new Caller(this).live().catch((error) => void this.figures.wrong.push(String(error))),
    );
  }

  /** Every caller finishes what they do, which proves that none of them is stuck. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.callers);
  }

  get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Whether a code that was sent so long ago may be gone. */
  mayHaveForgotten(since: number): boolean {
    if (this.mercy.forgetsCodes) this.codesForgottenAt = Date.now();
    return this.codesForgottenAt >= since;
  }

  hasEnded(session: KnownSession): void {
    this.ended.push({ ...session, at: Date.now() });
  }

  /** The sessions that every node must know to have ended, in the order of their ends. */
  get endedForAll(): KnownSession[] {
    if (this.mercy.isBlind) return [];
    const latest = Date.now() - NEWS_TRAVELS;
    return this.ended.slice(0, this.ended.findLastIndex(({ at }) => at < latest) + 1);
  }

  nextNode(): Client {
    return this.nodes[this.turn++ % this.nodes.length]!;
  }

  /**
   * Asks until there is an answer. What was unavailable may have been done or not.
   *
   * @throws when there is none for a minute.
   */
  async insist(
    what: string,
    request: (node: Client) => Promise<Answer>,
    expected: (isRetry: boolean) => string[],
  ): Promise<{ answer: Answer; node: Client }> {
    const startedAt = performance.now();
    for (let attempt = 0; performance.now() - startedAt < PATIENCE; attempt++) {
      const node = this.nextNode();
      const answer = await this.ask(what, node, request, () => expected(attempt > 0));
      if (answer) return { answer, node };
      await delay(PAUSE);
    }
    throw new Error(`${what}: stuck`);
  }

  /** @returns null when it was unavailable, or wrong. */
  async ask(
    what: string,
    node: Client,
    request: (node: Client) => Promise<Answer>,
    /** Asked when the answer is there: a fault may have begun since. */
    expected: () => string[],
  ): Promise<Answer | null> {
    const answer = await this.time(what, () => request(node));
    if (!answer) return null;
    // Those of now: a call that a fault holds up began before it.
    const { figures } = this;
    figures.answered++;
    if (isUnavailable(answer)) {
      figures.countUnavailable(what);
      return null;
    }
    const outcome = outcomeOf(answer);
    if (expected().includes(outcome)) return answer;
    figures.wrong.push(`${what}: ${outcome}`);
    return null;
  }

  private async time(what: string, request: () => Promise<Answer>): Promise<Answer | null> {
    const { mercy } = this;
    const startedAt = performance.now();
    try {
      return await within(DEADLINE, request());
    } catch (error) {
      const { cause } = error as { cause?: { code?: string } };
      const isForgiven = cause && (mercy.dropsConnections || this.mercy.dropsConnections);
      if (!isForgiven)
        this.figures.wrong.push(`${what}: no answer, ${cause?.code ?? String(error)}`);
      return null;
    } finally {
      this.figures.longest = Math.max(this.figures.longest, performance.now() - startedAt);
    }
  }
}

/** `201`, or `400 INVALID_CODE`. */
function outcomeOf({ status, body }: Answer): string {
  return body?.errorCode ? `${status} ${body.errorCode}` : String(status);
}

function isUnavailable(answer: Answer): boolean {
  const retryAfter = Number(answer.headers.get('retry-after'));
  return outcomeOf(answer) === '503 UNAVAILABLE' && retryAfter > 0;
}
