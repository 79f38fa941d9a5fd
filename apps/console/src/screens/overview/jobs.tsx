import type { JobDto, NodeDto } from '../../contract.ts';
import { Section } from '../../ui/section.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { words } from '../../words/words.ts';
import { NodeName } from './nodes.tsx';

interface Props {
  readonly jobs: readonly JobDto[];
  readonly nodes: readonly NodeDto[];
}

/** Which node does what only one does at a time. */
export function Jobs({ jobs, nodes }: Props) {
  const { overview: text } = words.value;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const columns: Column<JobDto>[] = [
    { head: text.job, cell: ({ name }) => name },
    {
      head: text.node,
      cell: ({ holder }) => {
        const node = byId.get(holder);
        return node ? <NodeName of={node} among={nodes} /> : <code>{holder.slice(0, 8)}</code>;
      },
    },
    { head: text.until, cell: ({ held_until: until }) => <Time at={until} /> },
  ];
  return (
    <Section title={text.jobs}>
      <p class="quiet">{text.jobsLead}</p>
      <Table
        caption={text.jobs}
        columns={columns}
        rows={jobs}
        keyOf={({ name }) => name}
        empty="–"
      />
    </Section>
  );
}
