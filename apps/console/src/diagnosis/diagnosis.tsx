import type { DiagnosisDto, FoundUserDto, VerdictDto } from '../contract.ts';
import { useLoad } from '../load.ts';
import { ask } from '../session/server.ts';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';
import { Shown } from '../ui/shown.tsx';
import { words } from '../words/words.ts';
import { Answer } from './answer.tsx';
import { AllVerdicts } from './all-verdicts.tsx';

/** One of them. */
export interface Subject {
  readonly user?: string;
  readonly number_ref?: string;
  readonly request_id?: string;
}

interface Props {
  readonly subject: Subject;
  /** Whom its buttons act on, where there is somebody. */
  readonly user?: FoundUserDto;
  readonly numberRef?: string;
  /** Counts what was done meanwhile. */
  readonly changes?: number;
  readonly onActed: () => void;
}

export function Diagnosis({ subject, user, numberRef, changes, onActed }: Props) {
  const { diagnosis, common } = words.value;
  const loaded = useLoad(
    JSON.stringify(subject),
    () => ask<DiagnosisDto>('POST', '/admin/diagnosis', subject),
    changes,
  );
  return (
    <Section
      title={diagnosis.title}
      actions={
        <Button look="quiet" onClick={loaded.reload}>
          {common.reload}
        </Button>
      }
    >
      <Shown loaded={loaded}>
        {({ verdicts }) => (
          <>
            <Answer
              verdict={answerIn(verdicts)}
              user={user}
              numberRef={numberRef ?? user?.number_ref ?? undefined}
              onActed={onActed}
            />
            <AllVerdicts verdicts={verdicts} />
          </>
        )}
      </Shown>
    </Section>
  );
}

/** The first that blocks is the answer; without one, the first that may be it. */
const answerIn = (verdicts: readonly VerdictDto[]) =>
  verdicts.find(({ verdict }) => verdict === 'blocks') ??
  verdicts.find(({ verdict }) => verdict === 'warns');
