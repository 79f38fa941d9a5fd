import type { DeliveryDto } from '../../contract.ts';
import { words } from '../../words/words.ts';
import { PREFIX_LENGTH, prefixOf } from './prefix.ts';

const OUTCOMES: readonly DeliveryDto['outcome'][] = ['sent', 'refused', 'failed', 'unknown'];
const RECEIPTS = ['delivered', 'failed', 'none'] as const;
const USES = ['true', 'false'] as const;
const NAMES = [
  'country',
  'prefix',
  'provider',
  'outcome',
  'receipt',
  'used',
  'since',
  'until',
] as const;

type Name = (typeof NAMES)[number];
export type Filter = Partial<Record<Name, string>>;

/** Of an address. */
export const filterIn = (query: Record<string, string>): Filter =>
  Object.fromEntries(NAMES.flatMap((name) => (query[name] ? [[name, query[name]]] : [])));

interface Props {
  readonly filter: Filter;
  readonly countries: readonly string[];
  readonly providers: readonly string[];
  readonly onChange: (filter: Filter) => void;
}

/** What the server looks for. */
export function Filters({ filter, countries, providers, onChange }: Props) {
  const { delivery, sms } = words.value;
  const change = (name: Name) => (value: string) =>
    onChange(filterIn({ ...filter, [name]: value }));
  const receipts = RECEIPTS.map((one) => [one, delivery.receipts[one]] as const);
  const uses = USES.map((one) => [one, sms.uses[one]] as const);
  const outcomes = OUTCOMES.map((one) => [one, delivery.outcomes[one]!] as const);
  return (
    <div class="filters">
      <Country value={filter.country} countries={countries} onChange={change('country')} />
      <Prefix value={filter.prefix} onChange={change('prefix')} />
      <Choice
        label={delivery.provider}
        value={filter.provider}
        values={withOwn(providers, filter.provider).map((one) => [one, one])}
        onChange={change('provider')}
      />
      <Choice
        label={delivery.outcome}
        value={filter.outcome}
        values={outcomes}
        onChange={change('outcome')}
      />
      <Choice
        label={delivery.receipt}
        value={filter.receipt}
        values={receipts}
        onChange={change('receipt')}
      />
      <Choice label={delivery.used} value={filter.used} values={uses} onChange={change('used')} />
    </div>
  );
}

interface FieldProps {
  readonly value?: string;
  readonly onChange: (value: string) => void;
}

interface ChoiceProps extends FieldProps {
  readonly label: string;
  readonly values: readonly (readonly [value: string, shown: string])[];
}

function Choice({ label, value = '', values, onChange }: ChoiceProps) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{words.value.sms.any}</option>
        {values.map(([one, shown]) => (
          <option key={one} value={one}>
            {shown}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Of two letters; those of which something is known are offered. */
function Country({
  value = '',
  countries,
  onChange,
}: FieldProps & { countries: readonly string[] }) {
  return (
    <label>
      <span>{words.value.delivery.country}</span>
      <input
        value={value}
        list="countries"
        maxLength={2}
        placeholder="CN"
        autocomplete="off"
        spellcheck={false}
        onChange={(event) => onChange(lettersOf(event.currentTarget.value))}
      />
      <datalist id="countries">
        {countries.map((country) => (
          <option key={country} value={country} />
        ))}
      </datalist>
    </label>
  );
}

function Prefix({ value = '', onChange }: FieldProps) {
  return (
    <label>
      <span>{words.value.sms.prefix}</span>
      <input
        value={value}
        inputMode="tel"
        placeholder="+86138"
        maxLength={PREFIX_LENGTH}
        autocomplete="off"
        onChange={(event) => onChange(prefixOf(event.currentTarget.value))}
      />
    </label>
  );
}

/** Nothing for what is no country. */
const lettersOf = (typed: string) => (/^[a-z]{2}$/i.exec(typed.trim())?.[0] ?? '').toUpperCase();

/** Also one that an address names and that nothing is known of. */
const withOwn = (known: readonly string[], own?: string) =>
  own && !known.includes(own) ? [...known, own] : known;
