import type { LiftedDto } from '../../contract.ts';
import { asError } from '../../session/failure.ts';
import { ask } from '../../session/server.ts';
import { Button } from '../../ui/button.tsx';
import { say } from '../../ui/notice.tsx';
import { fill, sentenceOf, words } from '../../words/words.ts';

/** At once: it takes nothing from anybody. */
export function LiftLimits({ numberRef, onActed }: { numberRef: string; onActed: () => void }) {
  const { user: text } = words.value;
  const lift = async () => {
    try {
      const query = new URLSearchParams({ number_ref: numberRef });
      const { lifted } = await ask<LiftedDto>('DELETE', `/admin/limits?${query}`);
      const limits = lifted.join(', ');
      say(limits ? fill(text.lifted, { limits }) : text.liftedNone);
      onActed();
    } catch (cause) {
      say(sentenceOf(asError(cause)));
    }
  };
  return <Button onClick={lift}>{text.lift}</Button>;
}
