import type { VerdictDto } from '../contract.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { words } from '../words/words.ts';
import { Evidence } from './evidence.tsx';

const TONES: Record<VerdictDto['verdict'], Tone> = { ok: 'good', warns: 'warn', blocks: 'bad' };

/** Each check with its outcome, in the order in which requests meet them. */
export function AllVerdicts({ verdicts }: { verdicts: readonly VerdictDto[] }) {
  const { diagnosis } = words.value;
  return (
    <details class="verdicts">
      <summary>{diagnosis.all}</summary>
      <ol>
        {verdicts.map((verdict) => (
          <li key={verdict.check}>
            <span>
              <b>{diagnosis.checks[verdict.check]}</b>{' '}
              <Badge tone={TONES[verdict.verdict]}>{diagnosis[verdict.verdict]}</Badge>
            </span>
            <Evidence of={verdict.evidence} />
          </li>
        ))}
      </ol>
    </details>
  );
}
