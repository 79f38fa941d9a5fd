import { useLocation } from 'preact-iso/router';
import type { DeliveriesDto, DeliveryDto, RouteDto } from '../../contract.ts';
import type { Loaded } from '../../load.ts';
import { usePages } from '../../pages.ts';
import { to } from '../../place.ts';
import { ask } from '../../session/server.ts';
import { Link } from '../../ui/link.tsx';
import { Listed } from '../../ui/listed.tsx';
import { Section } from '../../ui/section.tsx';
import { words } from '../../words/words.ts';
import { DeliveryTable } from '../messages/delivery-table.tsx';
import { type Filter, filterIn, Filters } from './filters.tsx';
import { TimeFilter } from './time-filter.tsx';

/** As the address filters them: by what the server looks for, and by the reference of a number. */
export function Deliveries({ routes: { data: routes = [] } }: { routes: Loaded<RouteDto[]> }) {
  const { sms: text } = words.value;
  const { query, route } = useLocation();
  const filter = filterIn(query);
  const kept = ['number', 'from'].flatMap((name) => (query[name] ? [[name, query[name]]] : []));
  const wanted = { ...filter, ...(query.number && { number_ref: query.number }) };
  const pages = usePages<DeliveryDto>(JSON.stringify(wanted), async (after) => {
    const asked = new URLSearchParams({ ...wanted, ...(after && { after }) });
    const path = `/admin/sms/deliveries?${asked}`;
    const { deliveries: rows, has_more, next } = await ask<DeliveriesDto>('GET', path);
    return { rows, hasMore: has_more, next };
  });
  const providers = routes.flatMap(({ steps }) => steps.map(({ provider }) => provider));
  const go = (next: Filter) =>
    route(to(`/sms?${new URLSearchParams({ ...Object.fromEntries(kept), ...next })}`));
  const isFiltered = Object.keys(wanted).length > 0;
  return (
    <Section
      title={text.deliveries}
      id="deliveries"
      actions={isFiltered && <Link path="/sms#deliveries">{text.allMessages}</Link>}
    >
      <Filters
        filter={filter}
        countries={routes.map(({ country }) => country).filter((country) => country !== '*')}
        providers={[...new Set(providers)].toSorted()}
        onChange={go}
      />
      <TimeFilter of={filter} onChange={(times) => go(filterIn({ ...filter, ...times }))} />
      <Listed pages={pages}>
        <DeliveryTable
          caption={text.deliveries}
          deliveries={pages.rows}
          empty={pages.hasMore ? text.noneFits : isFiltered ? text.noneFound : text.noDeliveries}
          hasNumbers
        />
      </Listed>
    </Section>
  );
}
