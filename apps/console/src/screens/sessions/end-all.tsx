import type { TandemError } from '@tandem/client';
import { useEffect, useState } from 'preact/hooks';
import { asError } from '../../session/failure.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failed } from '../../ui/failed.tsx';
import { Field } from '../../ui/field.tsx';
import { say } from '../../ui/notice.tsx';
import { amount, localTime } from '../../words/times.ts';
import { fill, words } from '../../words/words.ts';
import type { SessionFilter } from './session-filter.ts';
import { countSessions, endSessions, soFar } from './sweep.ts';

interface Props {
  readonly filter: SessionFilter;
  readonly onActed: () => void;
}

/** Logs everybody out whom the filter finds, or all: for incidents. */
export function EndAll({ filter, onActed }: Props) {
  const [isOpen, setOpen] = useState(false);
  const { sessions: text } = words.value;
  const close = () => {
    setOpen(false);
    onActed();
  };
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>
        {filter.network || filter.opened_before ? text.endThese : text.endEverything}
      </Button>
      {isOpen && <EndDialog filter={filter} onClose={close} />}
    </>
  );
}

function EndDialog({
  filter: { network, opened_before: before },
  onClose,
}: {
  filter: SessionFilter;
  onClose: () => void;
}) {
  const { sessions: text, common } = words.value;
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [count, setCount] = useState<number>();
  const [isEnding, setEnding] = useState(false);
  const [error, setError] = useState<TandemError>();
  const [stop] = useState(() => new AbortController());
  // Whoever logs in meanwhile is not logged out again.
  const [conditions] = useState(() => ({
    ...(network && { network }),
    opened_before: before ?? new Date().toISOString(),
  }));
  const failed = (cause: unknown) => {
    setError(asError(cause));
    setEnding(false);
  };
  useEffect(() => {
    countSessions(conditions, stop.signal).then(setCount, failed);
    return () => stop.abort();
  }, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isEnding || typed !== text.word) return;
    setEnding(true);
    setError(undefined);
    try {
      const ended = await endSessions(conditions, reason, stop.signal);
      say(fill(text.haveEnded, { count: amount(ended) }));
      onClose();
    } catch (cause) {
      failed(cause);
    }
  };
  return (
    <Dialog title={text.endTitle} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{text.endLead}</p>
        <ul>
          {network && <li>{fill(text.fromNetwork, { network })}</li>}
          <li>
            {fill(text.openedBefore, { time: localTime(new Date(conditions.opened_before)) })}
          </li>
        </ul>
        <p role="status">
          <b>{progress(count, isEnding)}</b>
        </p>
        <Field
          label={common.reason}
          hint={common.reasonHint}
          value={reason}
          onInput={setReason}
          maxLength={200}
          hasFocus
        />
        <Field
          label={fill(common.typeToConfirm, { word: text.word })}
          value={typed}
          onInput={setTyped}
          autocomplete="off"
        />
        {error && <Failed error={error} />}
        <div class="actions">
          <Button type="submit" look="danger" isBusy={isEnding || count === undefined}>
            {text.end}
          </Button>
          <Button onClick={onClose}>{isEnding ? text.stop : common.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function progress(count: number | undefined, isEnding: boolean): string {
  const { sessions: text } = words.value;
  if (isEnding)
    return fill(text.endedSoFar, { ended: amount(soFar.value), count: amount(count ?? 0) });
  if (count === undefined) return fill(text.counting, { count: amount(soFar.value) });
  return fill(text.wouldEnd, { count: amount(count) });
}
