import { Button } from '../../ui/button.tsx';
import { MomentField, useMoment } from '../../ui/moment-field.tsx';
import { useTyped } from '../../ui/typed.ts';
import { words } from '../../words/words.ts';
import { filterIn, type SessionFilter } from './session-filter.ts';

interface Props {
  readonly filter: SessionFilter;
  readonly onChange: (filter: SessionFilter) => void;
}

export function Filters({ filter, onChange }: Props) {
  const { sessions: text, common } = words.value;
  const [network, setNetwork] = useTyped(filter.network);
  const before = useMoment(filter.opened_before);
  const [live, setLive] = useTyped(filter.live);
  const submit = (event: Event) => {
    event.preventDefault();
    onChange(filterIn({ network: network.trim(), opened_before: before.at, live }));
  };
  return (
    <form class="filters" onSubmit={submit}>
      <label>
        <span>{text.network}</span>
        <input
          value={network}
          placeholder="203.0.113.0/24"
          maxLength={49}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => setNetwork(event.currentTarget.value)}
        />
      </label>
      <MomentField label={text.before} of={before} />
      <label>
        <span>{text.which}</span>
        <select value={live} onChange={(event) => setLive(event.currentTarget.value)}>
          <option value="">{text.allOfThem}</option>
          <option value="true">{text.liveOnes}</option>
        </select>
      </label>
      <Button type="submit">{common.apply}</Button>
    </form>
  );
}
