import type { AuditEventDto } from '../../contract.ts';
import { Link } from '../../ui/link.tsx';
import { textOf } from '../../words/text.ts';

/** Why, from where, and what else the row says. */
export function Detail({ of: event }: { of: AuditEventDto }) {
  const entries = Object.entries({ ...event.detail, network: event.network });
  const said = entries.filter(([, value]) => value !== null && value !== undefined);
  return (
    <span class="detail">
      {event.reason && <bdi>{event.reason}</bdi>}
      {said.map(([name, value]) => (
        <span key={name}>
          <span class="quiet">{name}</span> <bdi>{textOf(value)}</bdi>
        </span>
      ))}
      {event.request_id && (
        <Link path={`/requests/${encodeURIComponent(event.request_id)}`}>
          <code>{event.request_id.slice(0, 8)}</code>
        </Link>
      )}
    </span>
  );
}
