import { createHash } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { Clock } from '../common/clock';
import { RedactingLogger } from '../common/redacting-logger';
import { StartError } from '../common/start-error';
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
      const from = await this.leases.positionOf(handler.name);
      const events = await this.feed.readAfter(from, PAGE);
      if (!(await this.handleAll(handler, from, events)) || events.length < PAGE) return;
    }
  }

  /** @returns whether all were handled. */
  private async handleAll(
    handler: Handler,
    from: string,
    events: NumberedEvent[],
  ): Promise<boolean> {
    let done = from;
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
      await this.leases.during(handler.name, () => handler.call(body));
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

  /** @throws StartError for methods that would get some of their events, or none. */
  private findHandlers(): Handler[] {
    const handlers = new Map<string, Handler>();
    const classes = new Set<object>();
    for (const provider of this.discovery.getProviders()) {
      const instance = provider.instance as unknown;
      const prototype = prototypeOf(instance);
      // Two modules may have a provider of one class.
      if (!prototype || classes.has(prototype)) continue;
      classes.add(prototype);
      for (const handler of this.handlersOf(instance as object, prototype)) {
        if (provider.isTransient || !provider.isDependencyTreeStatic()) throw misplaced(handler);
        if (handlers.has(handler.name)) throw ambiguous(handler);
        handlers.set(handler.name, handler);
      }
    }
    return [...handlers.values()];
  }

  private handlersOf(instance: object, prototype: Record<string, Function>): Handler[] {
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

function prototypeOf(instance: unknown): Record<string, Function> | undefined {
  if (typeof instance !== 'object' || instance === null) return undefined;
  const prototype = Object.getPrototypeOf(instance) as Record<string, Function> | null;
  return prototype && prototype !== Object.prototype ? prototype : undefined;
}

const misplaced = ({ name }: Handler) =>
  new StartError(`${name}: a provider with @OnTandemEvent must not be made for each request.`);

/** They would share what is known of how far each has come. */
const ambiguous = ({ name }: Handler) =>
  new StartError(`${name}: there are two of this name. Rename a class or a method.`);

function nameOf(method: string): string {
  const name = `handler ${method}`;
  if (name.length <= MAX_NAME) return name;
  const digest = createHash('sha256').update(name).digest('base64url').slice(0, 11);
  return `${name.slice(0, MAX_NAME - digest.length - 1)} ${digest}`;
}
