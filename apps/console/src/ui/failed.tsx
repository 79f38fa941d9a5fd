import type { TandemError } from '@tandem/client';
import { sentenceOf, words } from '../words/words.ts';
import { Button } from './button.tsx';

/** What went wrong, what to do, and by what name the log knows it. */
export function Failed({ error, retry }: { error: TandemError; retry?: () => void }) {
  const { common } = words.value;
  return (
    <div class="failed" role="alert">
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
