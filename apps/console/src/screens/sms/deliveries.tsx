import { useState } from 'preact/hooks';
import type { DeliveriesDto, DeliveryDto } from '../../contract.ts';
import { usePages } from '../../pages.ts';
import { ask } from '../../session/server.ts';
import { Link } from '../../ui/link.tsx';
import { Listed } from '../../ui/listed.tsx';
import { Section } from '../../ui/section.tsx';
import { words } from '../../words/words.ts';
import { DeliveryTable } from '../messages/delivery-table.tsx';
import { Filters, type Filter, fits } from './filters.tsx';

/** @param number the reference of one, whose messages alone are told. */
export function Deliveries({ number }: { number?: string }) {
  const { sms: text } = words.value;
  const [filter, setFilter] = useState<Filter>({});
  const pages = usePages<DeliveryDto>(number ?? '', async (after) => {
    const query = new URLSearchParams({
      ...(number && { number_ref: number }),
      ...(after && { after }),
    });
    const path = `/admin/sms/deliveries?${query}`;
    const { deliveries, has_more: hasMore } = await ask<DeliveriesDto>('GET', path);
    return { rows: deliveries, hasMore };
  });
  const shown = pages.rows.filter((row) => fits(row, filter));
  return (
    <Section
      title={text.deliveries}
      id="deliveries"
      actions={number && <Link path="/sms">{text.allNumbers}</Link>}
    >
      <Filters rows={pages.rows} filter={filter} onChange={setFilter} />
      <Listed pages={pages}>
        <DeliveryTable
          caption={text.deliveries}
          deliveries={shown}
          empty={pages.rows.length > 0 ? text.noneFits : text.noDeliveries}
          hasNumbers
        />
      </Listed>
    </Section>
  );
}
