import type { SpendDto } from '../../contract.ts';
import { useLoad } from '../../load.ts';
import { ask } from '../../session/server.ts';
import { Section } from '../../ui/section.tsx';
import { Shown } from '../../ui/shown.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { amount, percent } from '../../words/times.ts';
import { words } from '../../words/words.ts';

/** By day, country and provider, in the last seven days. */
export function Spend() {
  const { sms: text, delivery } = words.value;
  const loaded = useLoad('spend', () => ask<SpendDto[]>('GET', '/admin/sms/spend'));
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
    <Section title={text.spend} id="spend">
      <Shown loaded={loaded}>
        {(rows) => (
          <Table
            caption={text.spend}
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
