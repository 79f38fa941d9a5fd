import type { Clock } from '../common/clock';
import type { ComposedEvent, EventComposerService } from '../events/event-composer.service';
import type { WebhookCallsService } from './calls/webhook-calls.service';
import { EndpointCircuit } from './endpoint-circuit';
import type { Receiver } from './receiver';
import { pauseAfter } from './retry-schedule';
import type { EndpointHealthService } from './endpoint-health.service';
import type { WebhookMetricsService } from './webhook-metrics.service';
import { BATCH, type Due, type Made, type WebhookQueueService } from './webhook-queue.service';
import type { WebhookSecretsService } from './webhook-secrets.service';

/** How often it is looked whether attempts from before are due. */
const DUE_MS = 500;
/** Attempts that are under way at a time, to one endpoint. */
const MAX_UNDER_WAY = 8;

/** What all workers share. */
export interface Tools {
  readonly calls: WebhookCallsService;
  readonly clock: Clock;
  readonly composer: EventComposerService;
  readonly health: EndpointHealthService;
  readonly metrics: WebhookMetricsService;
  readonly queue: WebhookQueueService;
  readonly secrets: WebhookSecretsService;
}

interface Ready {
  readonly due: Due;
  readonly event: ComposedEvent | undefined;
}

/** Delivers to one endpoint, and waits for no other. It holds 150 events at most; the rest waits in SQL. */
export class EndpointWorker {
  private readonly circuit = new EndpointCircuit();
  private readonly underWay = new Map<string, Promise<void>>();
  private ready: Ready[] = [];
  private made: Made[] = [];
  private isEnding = false;
  private lookedAt = -Infinity;

  constructor(
    readonly receiver: Receiver,
    private readonly tools: Tools,
    private readonly shutdown: AbortSignal,
  ) {}

  /**
   * Does what there is to do now, but for what takes as long as the endpoint likes. Never overlaps itself.
   *
   * @param newest the position of the last event.
   */
  async run(newest: string): Promise<void> {
    await this.settle();
    if (this.isEnding || this.receiver.isDisabled) return;
    if (this.room() > 0 && this.ready.length < BATCH / 2) await this.load(newest);
    this.start();
  }

  /** Resolves when no attempt is under way any more, and all are written down. */
  async end(): Promise<void> {
    this.isEnding = true;
    await Promise.all(this.underWay.values());
    await this.settle();
  }

  private room(): number {
    return this.circuit.room(this.tools.clock.elapsed(), MAX_UNDER_WAY) - this.underWay.size;
  }

  /** What is due from before, then what is new: the new waits while there is enough to do. */
  private async load(newest: string): Promise<void> {
    const { composer } = this.tools;
    const fresh = await this.dueAgain();
    if (fresh.length === 0 && BigInt(newest) > BigInt(this.receiver.position)) {
      fresh.push(...(await this.takeNew()));
    }
    if (fresh.length === 0) return;
    const ids = [...new Set(fresh.map(({ eventId }) => eventId))];
    const events = await composer.compose(ids, { pii: this.receiver.isPii });
    this.ready.push(...fresh.map((one) => ({ due: one, event: events.get(one.eventId) })));
  }

  /** What was not made, or failed, before: only looked for now and then, as it is seldom there. */
  private async dueAgain(): Promise<Due[]> {
    const { clock, queue } = this.tools;
    if (clock.elapsed() - this.lookedAt < DUE_MS) return [];
    const held = new Set([
      ...this.underWay.keys(),
      ...[...this.ready, ...this.made].map(({ due }) => due.id),
    ]);
    const due = await queue.due(this.receiver.id, clock.now(), BATCH + held.size);
    const fresh = due.filter(({ id }) => !held.has(id)).slice(0, BATCH);
    // Behind a full batch there may be more.
    if (fresh.length < BATCH) this.lookedAt = clock.elapsed();
    return fresh;
  }

  private async takeNew(): Promise<Due[]> {
    const { clock, queue } = this.tools;
    const given = await queue.giveOut(this.receiver, clock.now());
    if (given) this.receiver.position = given.position;
    return given?.due ?? [];
  }

  private start(): void {
    while (this.room() > 0 && !this.isEnding) {
      const next = this.ready.shift();
      if (!next) return;
      const attempt = this.attempt(next).finally(() => {
        this.underWay.delete(next.due.id);
        this.start();
      });
      this.underWay.set(next.due.id, attempt);
    }
  }

  private async attempt({ due, event }: Ready): Promise<void> {
    const { calls, clock, metrics, secrets } = this.tools;
    if (!event) return void this.made.push({ ...expired(due), at: clock.now() });
    const keys = secrets.keysOf(this.receiver, clock.now());
    const call = { url: this.receiver.url, id: event.id, body: JSON.stringify(event), keys };
    const outcome = await calls.post(call, this.shutdown);
    // It was cut off, and stays due: the node after this one makes it.
    if (outcome.failure && this.shutdown.aborted) return;
    const at = clock.now();
    const { failure, retryAfterMs } = outcome;
    if (failure) this.circuit.failed(clock.elapsed(), retryAfterMs);
    else this.circuit.succeeded();
    metrics.attempted(failure);
    if (due.attempt === 1 && due.series === '0') {
      metrics.firstAttempt((at - Date.parse(event.timestamp)) / 1000);
    }
    this.made.push({ due, at, ...outcome, again: this.again(due, at, outcome) });
  }

  private again(
    { attempt }: Due,
    at: number,
    { failure, retryAfterMs }: { failure?: string; retryAfterMs?: number },
  ): number | undefined {
    if (!failure) return undefined;
    const pause = pauseAfter(attempt, retryAfterMs);
    if (pause === undefined) this.tools.metrics.gaveUp();
    return pause && at + pause;
  }

  private async settle(): Promise<void> {
    const made = this.made;
    this.made = [];
    if (made.length === 0) return;
    try {
      await this.tools.queue.settle(this.receiver.id, made);
    } catch (error) {
      this.made.unshift(...made);
      throw error;
    }
    await this.tools.health.note(this.receiver, made);
  }
}

const expired = (due: Due) => ({ due, failure: 'expired' as const, milliseconds: 0 });
