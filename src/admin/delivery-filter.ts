import { type CountryCode, getCountries, getCountryCallingCode } from 'libphonenumber-js/mobile';
import { join, type Sql, sql } from '../storage/sql';
import type { TimesQueryDto } from './dto/page.dto';
import type { DeliveriesQueryDto } from './dto/sms.dto';

export type DeliveryFilter = Omit<DeliveriesQueryDto, 'number_ref' | keyof TimesQueryDto> & {
  /** References of one number. */
  readonly refs?: readonly string[];
};

/** What an index finds, and what is looked at in each row that it finds. */
export interface FilterPlan {
  /** By none: all rows, in the order of their ids. */
  readonly index?: string;
  readonly found?: Sql;
  readonly fits: readonly Sql[];
}

/** Finds by what most likely has the fewest rows, and looks at the rest. */
export function planOf(filter: DeliveryFilter): FilterPlan {
  const country = filter.country ?? onlyCountryOf(filter.prefix);
  const known = { ...filter, country };
  const [first, ...others] = conditionsOf(known);
  const fits = others.map(({ condition }) => condition);
  const looked = [...fits, ...prefixOf(filter), ...receiptOf(filter), ...useOf(filter)];
  return { index: first?.index, found: first?.condition, fits: looked };
}

interface Indexed {
  readonly index: string;
  readonly condition: Sql;
}

/** The rarest first: a number has few messages, and most are sent. */
function conditionsOf({ refs, country, provider, outcome }: DeliveryFilter): Indexed[] {
  const byOutcome = outcome ? [by('outcome', sql`outcome = ${outcome}`)] : [];
  return [
    ...(refs ? [by('number_ref', sql`number_ref IN (${join(refs)})`)] : []),
    ...(outcome === 'sent' ? [] : byOutcome),
    ...(country ? [by('country', sql`country = ${country}`)] : []),
    ...(provider ? [by('provider', sql`provider = ${provider}`)] : []),
    ...(outcome === 'sent' ? byOutcome : []),
  ];
}

const by = (column: string, condition: Sql): Indexed => ({
  index: `ix_sms_deliveries_${column}`,
  condition,
});

/** A number of few digits is told for fewer than the prefix has: then these decide. */
function prefixOf({ prefix }: DeliveryFilter): Sql[] {
  if (!prefix) return [];
  const shorter = Array.from({ length: prefix.length - 1 }, (_, index) =>
    prefix.slice(0, index + 1),
  );
  const patterns = [`${prefix}%`, ...shorter.map((known) => `${known}*%`)];
  return [
    sql`(${join(
      patterns.map((pattern) => sql`mobile LIKE ${pattern}`),
      ' OR ',
    )})`,
  ];
}

function receiptOf({ receipt }: DeliveryFilter): Sql[] {
  if (!receipt) return [];
  return [receipt === 'none' ? sql`receipt IS NULL` : sql`receipt = ${receipt}`];
}

function useOf({ used }: DeliveryFilter): Sql[] {
  if (!used) return [];
  return [used === 'true' ? sql`verified_at IS NOT NULL` : sql`verified_at IS NULL`];
}

/** Undefined where several countries share a calling code, or the prefix is shorter than any. */
function onlyCountryOf(prefix = ''): CountryCode | undefined {
  const [country, ...others] = getCountries().filter((one) =>
    prefix.startsWith(`+${getCountryCallingCode(one)}`),
  );
  return others.length === 0 ? country : undefined;
}
