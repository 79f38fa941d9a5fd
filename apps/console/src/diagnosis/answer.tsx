import type { FoundUserDto, VerdictDto } from '../contract.ts';
import { Time } from '../ui/time.tsx';
import { fill, words } from '../words/words.ts';
import { Evidence } from './evidence.tsx';
import { Remedy } from './remedy.tsx';
import { keyOf } from './verdict-key.ts';

interface Props {
  readonly verdict?: VerdictDto;
  readonly user?: FoundUserDto;
  readonly numberRef?: string;
  readonly onActed: () => void;
}

/** The answer as a sentence, what speaks for it, and the button that acts on it. */
export function Answer({ verdict, ...about }: Props) {
  const { diagnosis, verdicts } = words.value;
  if (!verdict) {
    return (
      <div class="answer good">
        <p class="sentence">{diagnosis.clear}</p>
      </div>
    );
  }
  const [sentence, help] = verdicts[keyOf(verdict)];
  const { verdict: weight, error_code: code, since, until } = verdict;
  return (
    <div class={`answer ${weight === 'blocks' ? 'bad' : 'warn'}`}>
      <p class="sentence">{fill(sentence, gapsOf(verdict))}</p>
      <p>{help}</p>
      <p class="quiet">
        {code && (
          <>
            {diagnosis.answered} <code>{code}</code>{' '}
          </>
        )}
        {since && (
          <>
            {diagnosis.since} <Time at={since} />{' '}
          </>
        )}
        {until && (
          <>
            {diagnosis.until} <Time at={until} />
          </>
        )}
      </p>
      <Remedy verdict={verdict} {...about} />
      <Evidence of={verdict.evidence} />
    </div>
  );
}

/** What the sentences name. */
function gapsOf({ evidence, error_code: error }: VerdictDto): Record<string, unknown> {
  const [ended] = (evidence.ended ?? []) as { reason?: string }[];
  return { ...evidence, error, ...(ended && { reason: ended.reason }) };
}
