import type { TandemError } from '@tandem/client';
import { useState } from 'preact/hooks';
import { asError } from '../session/failure.ts';
import { fill, words } from '../words/words.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Failed } from './failed.tsx';
import { Field } from './field.tsx';

export interface Question {
  readonly title: string;
  readonly lead: string;
  readonly action: string;
  readonly isDangerous?: boolean;
  readonly wantsReason?: boolean;
  /** What is to be typed, for what cannot be undone. */
  readonly word?: string;
  readonly act: (reason: string) => Promise<unknown>;
}

/** Asks once more, for a reason where the audit wants one. */
export function Confirm({ question, onClose }: { question: Question; onClose: () => void }) {
  const { common } = words.value;
  const { title, lead, action, isDangerous, wantsReason, word, act } = question;
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<TandemError>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy || (word && typed !== word)) return;
    setBusy(true);
    try {
      await act(reason);
      onClose();
    } catch (cause) {
      setError(asError(cause));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{lead}</p>
        {wantsReason && (
          <Field
            label={common.reason}
            hint={common.reasonHint}
            value={reason}
            onInput={setReason}
            maxLength={200}
            hasFocus
          />
        )}
        {word && (
          <Field
            label={fill(common.typeToConfirm, { word })}
            value={typed}
            onInput={setTyped}
            autocomplete="off"
          />
        )}
        {error && <Failed error={error} />}
        <div class="actions">
          <Button type="submit" look={isDangerous ? 'danger' : 'main'} isBusy={isBusy}>
            {action}
          </Button>
          <Button onClick={onClose}>{common.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}
