import type { TandemError } from '@tandem/client';
import { useState } from 'preact/hooks';
import { asError } from '../../session/failure.ts';
import { ask } from '../../session/server.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failed } from '../../ui/failed.tsx';
import { Field } from '../../ui/field.tsx';
import { say } from '../../ui/notice.tsx';
import { words } from '../../words/words.ts';

const HOUR = 3600;

/** @param target what the form begins with. */
export function AddBlock({ target, onActed }: { target?: string; onActed: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const added = () => {
    close();
    say(words.value.common.done);
    onActed();
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>{words.value.sms.block}</Button>
      {isOpen && <BlockForm target={target} onClose={close} onAdded={added} />}
    </>
  );
}

interface FormProps {
  readonly target?: string;
  readonly onClose: () => void;
  readonly onAdded: () => void;
}

function BlockForm({ target: first = '', onClose, onAdded }: FormProps) {
  const { sms: text, common } = words.value;
  const [target, setTarget] = useState(first);
  const [hours, setHours] = useState('24');
  const [reason, setReason] = useState('');
  const [error, setError] = useState<TandemError>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = { target: target.trim(), seconds: Math.round(Number(hours) * HOUR), reason };
    await ask('POST', '/admin/blocks', body).then(onAdded, (cause: unknown) =>
      setError(asError(cause)),
    );
  };
  return (
    <Dialog title={text.blockTitle} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{text.blockLead}</p>
        <Field
          label={text.target}
          hint={text.targetHint}
          value={target}
          onInput={setTarget}
          maxLength={64}
          hasFocus
        />
        <Field label={text.hours} value={hours} onInput={setHours} inputMode="numeric" />
        <Field label={common.reason} value={reason} onInput={setReason} maxLength={200} />
        {error && <Failed error={error} />}
        <div class="actions">
          <Button type="submit" look="danger">
            {text.block}
          </Button>
          <Button onClick={onClose}>{common.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}
