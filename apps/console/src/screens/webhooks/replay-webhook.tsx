import type { TandemError } from '@tandem/client';
import { useState } from 'preact/hooks';
import type { ReplayedDto } from '../../contract.ts';
import { asError } from '../../session/failure.ts';
import { ask } from '../../session/server.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failed } from '../../ui/failed.tsx';
import { Field } from '../../ui/field.tsx';
import { say } from '../../ui/notice.tsx';
import { fill, words } from '../../words/words.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

interface Props {
  readonly id: string;
  readonly onActed: () => void;
}

/** Of a time. Receivers know each event by its id. */
export function ReplayWebhook({ id, onActed }: Props) {
  const { webhooks: text } = words.value;
  const [isOpen, setOpen] = useState(false);
  const replayed = (events: number) => {
    setOpen(false);
    say(fill(text.replayed, { events }));
    onActed();
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>{text.replay}</Button>
      {isOpen && <ReplayForm id={id} onClose={() => setOpen(false)} onReplayed={replayed} />}
    </>
  );
}

interface FormProps {
  readonly id: string;
  readonly onClose: () => void;
  readonly onReplayed: (events: number) => void;
}

function ReplayForm({ id, onClose, onReplayed }: FormProps) {
  const { webhooks: text, common } = words.value;
  const [since, setSince] = useState(localMinute(Date.now() - DAY_MS));
  const [until, setUntil] = useState('');
  const [error, setError] = useState<TandemError>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    const body = { since: utc(since), until: until ? utc(until) : undefined };
    await ask<ReplayedDto>('POST', `/admin/webhooks/${id}/replay`, body)
      .then(({ events }) => onReplayed(events))
      .catch((cause: unknown) => setError(asError(cause)));
    setBusy(false);
  };
  return (
    <Dialog title={text.replay} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{text.replayLead}</p>
        <Field
          label={text.replaySince}
          type="datetime-local"
          value={since}
          onInput={setSince}
          hasFocus
        />
        <Field
          label={text.replayUntil}
          hint={text.replayUntilHint}
          type="datetime-local"
          value={until}
          onInput={setUntil}
          isOptional
        />
        {error && <Failed error={error} />}
        <div class="actions">
          <Button type="submit" look="main" isBusy={isBusy}>
            {text.replay}
          </Button>
          <Button onClick={onClose}>{common.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** As `datetime-local` has it, in the zone of the viewer. */
function localMinute(moment: number): string {
  const shift = new Date(moment).getTimezoneOffset() * MINUTE_MS;
  return new Date(moment - shift).toISOString().slice(0, 16);
}

const utc = (local: string) => new Date(local).toISOString();
