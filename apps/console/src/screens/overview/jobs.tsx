import type { JobDto } from '../../contract.ts';
import { Section } from '../../ui/section.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { words } from '../../words/words.ts';

/** What SQL knows of the nodes. */
export function Jobs({ jobs }: { jobs: readonly JobDto[] }) {
  const { overview: text } = words.value;
  const columns: Column<JobDto>[] = [
    { head: text.job, cell: ({ name }) => name },
    { head: text.node, cell: ({ holder }) => <code>{holder.slice(0, 8)}</code> },
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
