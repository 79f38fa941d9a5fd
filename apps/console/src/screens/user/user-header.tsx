import type { FoundUserDto } from '../../contract.ts';
import { may } from '../../session/may.ts';
import { words } from '../../words/words.ts';
import { mayActOn } from './may-act-on.ts';
import { DisableUser, EnableUser, EndSessions } from './user-actions.tsx';

interface Props {
  readonly user: FoundUserDto;
  readonly onActed: () => void;
}

/** What may be done with a user, by whoever may do it. */
export function UserActions({ user, onActed }: Props) {
  if (!may('support')) return null;
  if (!mayActOn(user)) return <p class="quiet">{words.value.user.protected}</p>;
  return (
    <>
      <EndSessions user={user} onActed={onActed} />
      {user.status === 'active' ? (
        <DisableUser user={user} onActed={onActed} />
      ) : (
        <EnableUser user={user} onActed={onActed} />
      )}
    </>
  );
}
