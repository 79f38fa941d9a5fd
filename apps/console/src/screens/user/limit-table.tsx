import type { LimitDto } from '../../contract.ts';
import { type Column, Table } from '../../ui/table.tsx';
import { duration } from '../../words/times.ts';
import { words } from '../../words/words.ts';

export function LimitTable({ limits, empty }: { limits: readonly LimitDto[]; empty: string }) {
  const { user: text } = words.value;
  const columns: Column<LimitDto>[] = [
    {
      head: text.limit,
      cell: ({ limit, shared }) => (
        <>
          {limit} {shared && <span class="quiet">{text.shared}</span>}
        </>
      ),
    },
    { head: text.left, isNumber: true, cell: ({ used, left }) => `${left} / ${used + left}` },
    { head: text.wait, isNumber: true, cell: ({ wait }) => (wait ? duration(wait) : '–') },
  ];
  return (
    <Table
      caption={text.limits}
      columns={columns}
      rows={limits}
      keyOf={({ limit, shared }) => `${limit} ${shared}`}
      empty={empty}
    />
  );
}
