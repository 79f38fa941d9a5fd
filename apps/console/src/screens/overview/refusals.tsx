import type { OverviewDto, RefusalsDto } from '../../contract.ts';
import { Link } from '../../ui/link.tsx';
import { Section } from '../../ui/section.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { amount } from '../../words/times.ts';
import { words } from '../../words/words.ts';
import { listOf } from './list-of.ts';

export function Refusals({ overview }: { overview: OverviewDto }) {
  const { overview: text, audit } = words.value;
  const columns: Column<RefusalsDto>[] = [
    { head: text.reason, cell: ({ reason }) => <code>{reason}</code> },
    { head: audit.action, cell: ({ action }) => action },
    {
      head: text.count,
      isNumber: true,
      cell: ({ action, count }) => (
        <Link path={listOf(overview, '/audit', { action })}>{amount(count)}</Link>
      ),
    },
  ];
  return (
    <Section title={text.refusals}>
      <Table
        caption={text.refusals}
        columns={columns}
        rows={overview.refusals}
        keyOf={({ action, reason }) => `${action} ${reason}`}
        empty={text.noRefusals}
      />
    </Section>
  );
}
