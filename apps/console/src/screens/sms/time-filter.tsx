import { Button } from '../../ui/button.tsx';
import { MomentField, useMoment } from '../../ui/moment-field.tsx';
import { words } from '../../words/words.ts';
import type { Filter } from './filters.tsx';

type Times = Pick<Filter, 'since' | 'until'>;

export function TimeFilter({ of, onChange }: { of: Times; onChange: (times: Times) => void }) {
  const { common } = words.value;
  const since = useMoment(of.since);
  const until = useMoment(of.until);
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ since: since.at, until: until.at });
      }}
    >
      <MomentField label={common.since} of={since} />
      <MomentField label={common.until} of={until} />
      <Button type="submit">{common.apply}</Button>
    </form>
  );
}
