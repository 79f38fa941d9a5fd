import type { TandemError } from '@tandem/client';
import { localTime } from '../words/times.ts';
import { fill, sentenceOf, words } from '../words/words.ts';
import { Button } from './button.tsx';

interface Props {
  readonly error: TandemError;
  readonly retry?: () => void;
  /** Of when the rest of the screen is. */
  readonly shown?: Date;
}

/** What went wrong, what to do, and by what name the log knows it. */
export function Failed({ error, retry, shown }: Props) {
  const { common } = words.value;
  return (
    <div class="failed" role="alert">
      {shown && <p>{fill(common.old, { time: localTime(shown) })}</p>}
      <p>{sentenceOf(error)}</p>
      {error.requestId && (
        <p class="quiet">
          {common.request} <code>{error.requestId}</code>
        </p>
      )}
      {retry && <Button onClick={retry}>{common.reload}</Button>}
    </div>
  );
}
