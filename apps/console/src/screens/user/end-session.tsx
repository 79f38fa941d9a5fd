import { ask } from '../../session/server.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { say } from '../../ui/notice.tsx';
import { words } from '../../words/words.ts';

interface Props {
  readonly user: string;
  readonly session: string;
  readonly onActed: () => void;
}

/** One of them alone: the others and the devices stay. */
export function EndSession({ user, session, onActed }: Props) {
  const { sessions: text, common } = words.value;
  const question = {
    title: text.endOneTitle,
    lead: text.endOneLead,
    action: text.endOne,
    isDangerous: true,
    act: async () => {
      await ask('DELETE', `/admin/users/${user}/sessions/${session}`);
      say(common.done);
      onActed();
    },
  };
  return <AskFirst label={text.endOne} question={question} />;
}
