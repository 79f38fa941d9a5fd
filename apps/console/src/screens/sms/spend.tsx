import { useLocation } from 'preact-iso/router';
import type { SpendDto } from '../../contract.ts';
import { useLoad } from '../../load.ts';
import { ask } from '../../session/server.ts';
import { Section } from '../../ui/section.tsx';
import { Shown } from '../../ui/shown.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { amount, percent } from '../../words/times.ts';
import { fill, words } from '../../words/words.ts';

/** By day, country and provider, in the last seven days or since the day of the address. */
export function Spend() {
  const { sms: text, delivery } = words.value;
  const { from } = useLocation().query;
  const asked = from ? `?${new URLSearchParams({ from })}` : '';
  const loaded = useLoad(`spend ${asked}`, () =>
    ask<SpendDto[]>('GET', `/admin/sms/spend${asked}`),
  );
  const title = from ? fill(text.spendSince, { day: from }) : text.spend;
  const columns: Column<SpendDto>[] = [
    { head: text.day, cell: ({ day }) => day },
    { head: delivery.country, cell: ({ country }) => country },
    { head: delivery.provider, cell: ({ provider }) => provider },
    { head: text.messages, isNumber: true, cell: ({ messages }) => amount(messages) },
    { head: text.sent, isNumber: true, cell: ({ sent }) => amount(sent) },
    {
      head: text.used,
      isNumber: true,
      cell: ({ used, sent }) => (sent ? `${amount(used)} · ${percent(used / sent)}` : '–'),
    },
    { head: text.spent, isNumber: true, cell: ({ spent }) => amount(spent, 2) },
  ];
  return (
    <Section title={title} id="spend">
      <Shown loaded={loaded}>
        {(rows) => (
          <Table
            caption={title}
            columns={columns}
            rows={rows}
            keyOf={({ day, country, provider }) => `${day} ${country} ${provider}`}
            empty={text.noSpend}
          />
        )}
      </Shown>
    </Section>
  );
}
