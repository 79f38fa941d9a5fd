import type { AuditEventDto, DeliveryDto, MomentDto } from '../../contract.ts';
import { Time } from '../../ui/time.tsx';
import { fill, words } from '../../words/words.ts';
import { Actor } from '../audit/actor.tsx';
import { Detail } from '../audit/detail.tsx';

export function Moment({ of: { at, event, delivery } }: { of: MomentDto }) {
  return (
    <li>
      <Time at={at} />
      <div>
        {event && <EventLine of={event} />}
        {delivery && <DeliveryLine of={delivery} />}
      </div>
    </li>
  );
}

function EventLine({ of: event }: { of: AuditEventDto }) {
  return (
    <>
      <b>{event.action}</b> <Actor of={event} /> <Detail of={event} />
    </>
  );
}

function DeliveryLine({ of: { provider, outcome, receipt } }: { of: DeliveryDto }) {
  const { event, delivery } = words.value;
  const known = delivery.outcomes[outcome] ?? outcome;
  return (
    <>
      <b>{fill(event.message, { provider, outcome: known })}</b>{' '}
      <span class="quiet">{receipt}</span>
    </>
  );
}
