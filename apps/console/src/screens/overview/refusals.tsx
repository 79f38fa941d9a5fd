import type { RefusalsDto } from '../../contract.ts';
import { Link } from '../../ui/link.tsx';
import { Section } from '../../ui/section.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { amount } from '../../words/times.ts';
import { words } from '../../words/words.ts';

export function Refusals({ refusals }: { refusals: readonly RefusalsDto[] }) {
  const { overview: text, audit } = words.value;
  const columns: Column<RefusalsDto>[] = [
    { head: text.reason, cell: ({ reason }) => <code>{reason}</code> },
    {
      head: audit.action,
      cell: ({ action }) => <Link path={`/audit?action=${action}`}>{action}</Link>,
    },
    { head: text.count, isNumber: true, cell: ({ count }) => amount(count) },
  ];
  return (
    <Section title={text.refusals}>
      <Table
        caption={text.refusals}
        columns={columns}
        rows={refusals}
        keyOf={({ action, reason }) => `${action} ${reason}`}
        empty={text.noRefusals}
      />
    </Section>
  );
}
