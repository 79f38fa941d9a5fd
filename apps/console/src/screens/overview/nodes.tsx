import type { NodeDto } from '../../contract.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Section } from '../../ui/section.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { amount } from '../../words/times.ts';
import { words } from '../../words/words.ts';

const REDIS: Record<NodeDto['redis'], Tone> = {
  up: 'good',
  unused: 'plain',
  degraded: 'warn',
  down: 'bad',
  missing: 'bad',
};

/** The processes of the installation, as they told SQL of themselves. */
export function Nodes({ nodes }: { nodes: readonly NodeDto[] }) {
  const { overview: text } = words.value;
  const columns: Column<NodeDto>[] = [
    { head: text.node, cell: (node) => <NodeName of={node} among={nodes} /> },
    {
      head: text.nodeState,
      cell: ({ state }) => (
        <Badge tone={state === 'up' ? 'good' : 'bad'}>{text.nodeStates[state]}</Badge>
      ),
    },
    { head: text.version, cell: ({ version }) => version },
    {
      head: 'Redis',
      cell: ({ redis }) => <Badge tone={REDIS[redis]}>{text.redisStates[redis]}</Badge>,
    },
    { head: 'SQL', isNumber: true, cell: ({ sql_ms: waited }) => `${amount(waited)} ms` },
    { head: text.started, cell: ({ started_at: at }) => <Time at={at} /> },
    { head: text.seen, cell: ({ seen_at: at }) => <Time at={at} /> },
  ];
  return (
    <Section title={text.nodes}>
      <Table
        caption={text.nodes}
        columns={columns}
        rows={nodes}
        keyOf={({ id }) => id}
        empty={text.noNodes}
      />
    </Section>
  );
}

/** The processes of one machine have one name: a part of its id tells each. */
export function NodeName({ of: { id, name }, among }: { of: NodeDto; among: readonly NodeDto[] }) {
  const isShared = among.some((other) => other.name === name && other.id !== id);
  return (
    <>
      <b>{name}</b> {isShared && <code>{id.slice(0, 8)}</code>}
    </>
  );
}
