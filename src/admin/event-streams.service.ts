import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { ApiException, type LimitKind, tooMany } from '../common/errors';
import { EventComposerService } from '../events/event-composer.service';
import { EventFeedService } from '../events/event-feed.service';
import type { Access } from './access';
import { type EventPage, EventStream } from './event-stream';
import type { Operator } from './operator';
import { OperatorsService } from './operators.service';

/** Whom the streams are for. */
const ACCESS: Access = { role: 'viewer', isRecent: false };
const LOOK_MS = 1000;
const PAGE = 100;
/** Events that a client gets who does not say where to begin. */
const RECENT = 50;
const MOST_OF_ONE = 3;
/** Of this node. */
const MOST = 100;

interface Wanted {
  /** The place of the last event that the client has. */
  readonly after?: string;
  readonly seconds: number;
}

/**
 * The events for operators who watch. One look a second is for all streams of this node: it asks who may still see them, and
 * reads once what those get who have all that was before.
 */
@Injectable()
export class EventStreamsService implements OnModuleDestroy {
  private readonly streams = new Set<EventStream>();
  /** By the place before. */
  private readonly underWay = new Map<string, Promise<EventPage>>();
  private isClosing = false;

  constructor(
    private readonly clock: Clock,
    private readonly composer: EventComposerService,
    private readonly feed: EventFeedService,
    jobs: BackgroundJobsService,
    private readonly operators: OperatorsService,
  ) {
    jobs.every('streams of events', LOOK_MS, () => this.look());
  }

  /** @returns a stream that has its first part. @throws ApiException `TOO_MANY_REQUESTS`. */
  async open(operator: Operator, { after = '', seconds }: Wanted): Promise<EventStream> {
    this.assertRoom(operator);
    const endsAt = this.isClosing ? -Infinity : this.clock.elapsed() + seconds * 1000;
    const pageAfter = (position: string) => this.pageAfter(position);
    const stream = new EventStream({ operator, after, endsAt }, pageAfter, this.clock);
    // Counted from now on: others may ask meanwhile.
    this.streams.add(stream);
    stream.once('close', () => this.streams.delete(stream));
    try {
      await stream.begin();
      return stream;
    } catch (error) {
      stream.destroy();
      throw error;
    }
  }

  /** Demoted, disabled or logged out since: the stream ends, and the next request tells why. */
  async look(): Promise<void> {
    const streams = [...this.streams];
    if (streams.length === 0) return;
    try {
      const operators = streams.map(({ operator }) => operator);
      const admitted = new Set(await this.operators.stillAdmitted(operators, ACCESS));
      for (const stream of streams) {
        if (!admitted.has(stream.operator)) stream.finish();
        stream.look();
      }
    } catch (error) {
      // Nobody knows now who may see them.
      for (const stream of streams) stream.finish();
      throw error;
    }
  }

  /** Before the server waits for what is under way: from now on a stream ends with its first part. */
  onModuleDestroy(): void {
    this.isClosing = true;
    for (const stream of this.streams) stream.finish();
  }

  private assertRoom({ userId }: Operator): void {
    const own = [...this.streams].filter(({ operator }) => operator.userId === userId);
    if (own.length >= MOST_OF_ONE) throw this.refusal('account', own);
    if (this.streams.size >= MOST) throw this.refusal('total', [...this.streams]);
  }

  private refusal(limit: LimitKind, streams: EventStream[]): ApiException {
    const firstEnd = Math.min(...streams.map(({ endsAt }) => endsAt));
    const seconds = Math.max(1, Math.ceil((firstEnd - this.clock.elapsed()) / 1000));
    return new ApiException('TOO_MANY_REQUESTS', tooMany(limit, 'streams', seconds));
  }

  private pageAfter(position: string): Promise<EventPage> {
    const known = this.underWay.get(position);
    if (known) return known;
    const page = this.read(position).finally(() => this.underWay.delete(position));
    this.underWay.set(position, page);
    return page;
  }

  /** @param position empty to begin with the newest. */
  private async read(position: string): Promise<EventPage> {
    const after = position || (await this.beforeNewest());
    const events = await this.feed.readAfter(after, PAGE);
    const bodies = await this.composer.compose(events.map(({ id }) => id));
    const lines = events.flatMap(({ id, position: place }) => {
      const body = bodies.get(id);
      return body ? [`${JSON.stringify({ ...body, position: place })}\n`] : [];
    });
    return {
      lines: Buffer.from(lines.join('')),
      last: events.at(-1)?.position ?? after,
      isFull: events.length === PAGE,
    };
  }

  private async beforeNewest(): Promise<string> {
    const place = BigInt(await this.feed.lastPosition()) - BigInt(RECENT);
    return String(place > 0n ? place : 0n);
  }
}
