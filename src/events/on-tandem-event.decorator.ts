import { SetMetadata } from '@nestjs/common';
import type { ComposedEvent } from './event-composer.service';
import type { EventType } from './event-types';

export const HANDLED_EVENTS = 'tandem:handled-events';

/**
 * Has a method of a provider called with every event of these types that happens from the first start with it on: at least once
 * each, in their order, on one node at a time. While it throws, or rejects, it gets the same event again, later each time.
 */
export function OnTandemEvent<T extends EventType>(...types: [T, ...T[]]) {
  return SetMetadata(HANDLED_EVENTS, types) as <M extends (event: ComposedEvent<T>) => unknown>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ) => void;
}
