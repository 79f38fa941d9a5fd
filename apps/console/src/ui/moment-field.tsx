import { LAST_LOCAL, localFrom, momentFrom } from '../words/times.ts';
import { useTyped } from './typed.ts';

interface Moment {
  readonly local: string;
  readonly setLocal: (text: string) => void;
  /** Empty for none. */
  readonly at: string;
}

/** A moment to be typed. Untouched it stays the one that was given, which may be more exact than the field. */
export function useMoment(given = ''): Moment {
  const first = localFrom(given);
  const [local, setLocal] = useTyped(first);
  return { local, setLocal, at: local === first ? given : momentFrom(local) };
}

export function MomentField({ label, of: { local, setLocal } }: { label: string; of: Moment }) {
  return (
    <label>
      <span>{label}</span>
      <input
        type="datetime-local"
        max={LAST_LOCAL}
        value={local}
        onInput={(event) => setLocal(event.currentTarget.value)}
      />
    </label>
  );
}
