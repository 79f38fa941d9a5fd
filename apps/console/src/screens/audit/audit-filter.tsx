import { Button } from '../../ui/button.tsx';
import { MomentField, useMoment } from '../../ui/moment-field.tsx';
import { useTyped } from '../../ui/typed.ts';
import { words } from '../../words/words.ts';
import { ACTIONS } from './actions.ts';

type Wanted = Record<string, string>;

interface Props {
  readonly user?: string;
  readonly action?: string;
  readonly since?: string;
  readonly until?: string;
  readonly onChange: (wanted: Wanted) => void;
}

export function AuditFilter({ user: given, action = '', onChange, ...times }: Props) {
  const { audit: text, common } = words.value;
  const [user, setUser] = useTyped(given);
  const [since, until] = [useMoment(times.since), useMoment(times.until)];
  const want = (chosen: string) => {
    const next: Wanted = { user: user.trim(), action: chosen, since: since.at, until: until.at };
    onChange(Object.fromEntries(Object.entries(next).filter(([, value]) => value)));
  };
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        want(action);
      }}
    >
      <label>
        <span>{text.userId}</span>
        <input
          value={user}
          inputMode="numeric"
          pattern="[1-9][0-9]{0,18}"
          onInput={(event) => setUser(event.currentTarget.value)}
        />
      </label>
      <label>
        <span>{text.action}</span>
        <select value={action} onChange={(event) => want(event.currentTarget.value)}>
          <option value="">{text.every}</option>
          {ACTIONS.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <MomentField label={common.since} of={since} />
      <MomentField label={common.until} of={until} />
      <Button type="submit">{common.apply}</Button>
    </form>
  );
}
