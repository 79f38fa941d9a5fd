import type { FoundUserDto } from '../../contract.ts';
import { ask } from '../../session/server.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { say } from '../../ui/notice.tsx';
import { words } from '../../words/words.ts';

interface Props {
  readonly user: FoundUserDto;
  readonly onActed: () => void;
}

export function EnableUser({ user, onActed }: Props) {
  const { user: text } = words.value;
  const act = (reason: string) => change(`/admin/users/${user.id}/enable`, reason, onActed);
  const question = {
    title: text.enableTitle,
    lead: text.enableLead,
    action: text.enable,
    wantsReason: true,
    act,
  };
  return <AskFirst label={text.enable} question={question} />;
}

export function DisableUser({ user, onActed }: Props) {
  const { user: text } = words.value;
  const act = (reason: string) => change(`/admin/users/${user.id}/disable`, reason, onActed);
  const question = {
    title: text.disableTitle,
    lead: text.disableLead,
    action: text.disable,
    isDangerous: true,
    wantsReason: true,
    act,
  };
  return <AskFirst label={text.disable} question={question} />;
}

export function EndSessions({ user, onActed }: Props) {
  const { user: text, common } = words.value;
  const act = async () => {
    await ask('DELETE', `/admin/users/${user.id}/sessions`);
    say(common.done);
    onActed();
  };
  const question = {
    title: text.endTitle,
    lead: text.endLead,
    action: text.end,
    isDangerous: true,
    act,
  };
  return <AskFirst label={text.end} question={question} />;
}

async function change(path: string, reason: string, onActed: () => void): Promise<void> {
  await ask('POST', path, { reason });
  say(words.value.common.done);
  onActed();
}
