import type { PauseDto } from '../../contract.ts';
import { ask } from '../../session/server.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { say } from '../../ui/notice.tsx';
import { words } from '../../words/words.ts';

export function LiftPause({ of, onActed }: { of: PauseDto; onActed: () => void }) {
  const { sms: text, common } = words.value;
  const question = {
    title: `${text.lift}: ${of.target}`,
    lead: text.liftLead,
    action: text.lift,
    act: async () => {
      await ask('DELETE', `/admin/sms/pauses/${encodeURIComponent(of.scope)}`);
      say(common.done);
      onActed();
    },
  };
  return <AskFirst label={text.lift} question={question} />;
}
