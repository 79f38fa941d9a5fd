import type { DeliveryDto } from '../../contract.ts';
import { words } from '../../words/words.ts';

const FIELDS = ['country', 'provider', 'outcome', 'receipt'] as const;

export type Filter = Partial<Record<(typeof FIELDS)[number] | 'prefix', string>>;

interface Props {
  readonly rows: readonly DeliveryDto[];
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}

/** Chooses among what is loaded; `More` loads what is older. */
export function Filters({ rows, filter, onChange }: Props) {
  const { sms: text, delivery } = words.value;
  return (
    <div class="filters">
      <label>
        <span>{text.prefix}</span>
        <input
          value={filter.prefix ?? ''}
          placeholder="+86138"
          onInput={(event) => onChange({ ...filter, prefix: event.currentTarget.value })}
        />
      </label>
      {FIELDS.map((field) => (
        <label key={field}>
          <span>{delivery[field]}</span>
          <select
            value={filter[field] ?? ''}
            onChange={(event) => onChange({ ...filter, [field]: event.currentTarget.value })}
          >
            <option value="">{text.any}</option>
            {valuesOf(rows, field).map((value) => (
              <option key={value}>{value}</option>
            ))}
          </select>
        </label>
      ))}
    </div>
  );
}

const valuesOf = (rows: readonly DeliveryDto[], field: (typeof FIELDS)[number]) =>
  [...new Set(rows.map((row) => row[field]).filter((value) => value !== null))].toSorted();

/** Numbers are masked behind their first digits: a prefix is compared as far as they are told. */
export function fits(row: DeliveryDto, { prefix = '', ...wanted }: Filter): boolean {
  const [known = ''] = row.mobile.split('*');
  const isLike = prefix.startsWith(known) || known.startsWith(prefix);
  return isLike && FIELDS.every((field) => !wanted[field] || row[field] === wanted[field]);
}
