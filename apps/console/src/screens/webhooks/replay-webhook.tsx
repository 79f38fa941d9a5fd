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
import { LAST_LOCAL, localFrom, localTime, momentFrom } from '../../words/times.ts';
import { fill, words } from '../../words/words.ts';

const DAY_MS = 86_400_000;

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
  const [since, setSince] = useState(localFrom(Date.now() - DAY_MS));
  const [until, setUntil] = useState('');
  const [rest, setRest] = useState('');
  const [error, setError] = useState<TandemError>();
  const [isBusy, setBusy] = useState(false);
  const goOn = (events: number, next: string) => {
    setSince(localFrom(next, 23));
    setRest(fill(text.replayedSome, { events, time: localTime(new Date(next)) }));
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    const body = { since: momentFrom(since), until: until ? momentFrom(until) : undefined };
    await ask<ReplayedDto>('POST', `/admin/webhooks/${id}/replay`, body)
      .then(({ events, next }) => (next ? goOn(events, next) : onReplayed(events)))
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
          max={LAST_LOCAL}
          step="any"
          value={since}
          onInput={setSince}
          hasFocus
        />
        <Field
          label={text.replayUntil}
          hint={text.replayUntilHint}
          type="datetime-local"
          max={LAST_LOCAL}
          value={until}
          onInput={setUntil}
          isOptional
        />
        <p role="status">{rest}</p>
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
