import type { FoundUserDto } from '../../contract.ts';
import { ask } from '../../session/server.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { say } from '../../ui/notice.tsx';
import { words } from '../../words/words.ts';

interface Props {
  readonly user: FoundUserDto;
  readonly onActed: () => void;
}

/** Takes all of them away: another role is granted anew. */
export function ChangeRoles({ user, onActed }: Props) {
  const { operators: text, common } = words.value;
  const act = async (reason: string) => {
    await ask('PUT', `/admin/users/${user.id}/roles`, { roles: [], reason });
    say(common.done);
    onActed();
  };
  const question = {
    title: text.revokeTitle,
    lead: text.revokeLead,
    action: text.revoke,
    isDangerous: true,
    wantsReason: true,
    word: user.username ?? user.id,
    act,
  };
  return <AskFirst label={text.revoke} question={question} />;
}
