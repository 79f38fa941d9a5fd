import type { AuditEventDto, DeliveryDto, MomentDto, SessionUseDto } from '../../contract.ts';
import { Time } from '../../ui/time.tsx';
import { fill, words } from '../../words/words.ts';
import { Actor } from '../audit/actor.tsx';
import { Detail } from '../audit/detail.tsx';

export function Moment({ of: { at, event, delivery, use } }: { of: MomentDto }) {
  return (
    <li>
      <Time at={at} />
      <div>
        {event && <EventLine of={event} />}
        {delivery && <DeliveryLine of={delivery} />}
        {use && <UseLine of={use} />}
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

function UseLine({ of: { device, kind } }: { of: SessionUseDto }) {
  return (
    <>
      <b>{words.value.event.uses[kind]}</b> <bdi class="quiet">{device}</bdi>
    </>
  );
}
