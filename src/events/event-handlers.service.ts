import { createHash } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { Clock } from '../common/clock';
import { RedactingLogger } from '../common/redacting-logger';
import { change } from '../storage/queries';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { TANDEM } from '../storage/tandem';
import { type ComposedEvent, EventComposerService } from './event-composer.service';
import { EventFeedService, type NumberedEvent } from './event-feed.service';
import type { EventType } from './event-types';
import { LeasedJobsService } from './leased-jobs.service';
import { LeasesService } from './leases.service';
import { NUMBERING } from './numbering.service';
import { HANDLED_EVENTS } from './on-tandem-event.decorator';

const INTERVAL_MS = 200;
const PAGE = 100;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 5 * 60_000;
/** That of a lease. */
const MAX_NAME = 64;

/** A method that is called with events. */
interface Handler {
  /** How far it has come is kept under this name. */
  readonly name: string;
  readonly types: ReadonlySet<EventType>;
  readonly call: (event: ComposedEvent) => unknown;
  failures: number;
  /** In milliseconds of {@link Clock.elapsed}. */
  retryAt: number;
}

/** Calls the methods that `@OnTandemEvent` marks, each at its own pace. */
@Injectable()
export class EventHandlersService implements OnApplicationBootstrap {
  private readonly logger = new RedactingLogger(EventHandlersService.name);

  constructor(
    private readonly clock: Clock,
    private readonly composer: EventComposerService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly discovery: DiscoveryService,
    private readonly feed: EventFeedService,
    private readonly jobs: LeasedJobsService,
    private readonly leases: LeasesService,
    private readonly scanner: MetadataScanner,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const handler of this.findHandlers()) {
      // Without the database it is made later, and begins with what is kept.
      await this.leases.open(handler.name, NUMBERING).catch(() => undefined);
      this.jobs.every(handler.name, INTERVAL_MS, () => this.run(handler));
    }
  }

  async run(handler: Handler): Promise<void> {
    if (this.clock.elapsed() < handler.retryAt) return;
    for (;;) {
      const events = await this.feed.readAfter(await this.leases.positionOf(handler.name), PAGE);
      if (!(await this.handleAll(handler, events)) || events.length < PAGE) return;
    }
  }

  /** @returns whether all were handled. */
  private async handleAll(handler: Handler, events: NumberedEvent[]): Promise<boolean> {
    let done = await this.leases.positionOf(handler.name);
    for (const event of events) {
      if (handler.types.has(event.type)) {
        if (!(await this.handle(handler, event))) return false;
        if (!(await this.moveOn(handler, done, event.position))) return false;
        done = event.position;
      }
    }
    const last = events.at(-1)?.position ?? done;
    return last === done || this.moveOn(handler, done, last);
  }

  private async handle(handler: Handler, event: NumberedEvent): Promise<boolean> {
    const isOurs = await this.leases.claim(handler.name);
    if (!isOurs) return false;
    const body = (await this.composer.compose([event.id])).get(event.id);
    if (!body) return true;
    try {
      await handler.call(body);
      handler.failures = 0;
      return true;
    } catch (error) {
      const waitMs = Math.min(FIRST_RETRY_MS * 2 ** handler.failures++, LAST_RETRY_MS);
      handler.retryAt = this.clock.elapsed() + waitMs;
      this.logger.error(error, `${handler.name} failed at ${body.id}; again in ${waitMs / 1000} s`);
      return false;
    }
  }

  private async moveOn({ name }: Handler, from: string, to: string): Promise<boolean> {
    return (await change(this.dataSource, this.leases.fence(name, from, to))) === 1;
  }

  private findHandlers(): Handler[] {
    const instances = this.discovery
      .getProviders()
      .map(({ instance }) => instance as unknown)
      .filter((instance) => typeof instance === 'object' && instance !== null);
    return [...new Set(instances)].flatMap((instance) => this.handlersOf(instance));
  }

  private handlersOf(instance: object): Handler[] {
    const prototype = Object.getPrototypeOf(instance) as Record<string, Function> | null;
    if (!prototype || prototype === Object.prototype) return [];
    return this.scanner.getAllMethodNames(prototype).flatMap((method) => {
      const types: EventType[] | undefined = Reflect.getMetadata(
        HANDLED_EVENTS,
        prototype[method]!,
      );
      if (!types) return [];
      const call = (event: ComposedEvent): unknown => prototype[method]!.call(instance, event);
      const name = nameOf(`${prototype.constructor.name}.${method}`);
      return [{ name, types: new Set(types), call, failures: 0, retryAt: 0 }];
    });
  }
}

function nameOf(method: string): string {
  const name = `handler ${method}`;
  if (name.length <= MAX_NAME) return name;
  const digest = createHash('sha256').update(name).digest('base64url').slice(0, 11);
  return `${name.slice(0, MAX_NAME - digest.length - 1)} ${digest}`;
}
