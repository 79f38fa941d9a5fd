import type { AuditEventDto } from '../../contract.ts';
import { UserLink } from '../../ui/link.tsx';
import { words } from '../../words/words.ts';

const ID = /^\d{1,19}$/;

/** Who did it. */
export function Actor({
  of: { actor_kind: kind, actor_id: id, user_id: user },
}: {
  of: AuditEventDto;
}) {
  const isOwn = id === null || (kind === 'user' && id === user);
  return (
    <span class="quiet">
      {words.value.event.actor} {kind}{' '}
      {!isOwn && (ID.test(id) ? <UserLink id={id} /> : <bdi>{id}</bdi>)}
    </span>
  );
}
