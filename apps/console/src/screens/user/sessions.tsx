import type { UserSessionDto } from '../../contract.ts';
import { Badge } from '../../ui/badge.tsx';
import { Section } from '../../ui/section.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { words } from '../../words/words.ts';

export function Sessions({ sessions }: { sessions: readonly UserSessionDto[] }) {
  const { user: text } = words.value;
  const columns: Column<UserSessionDto>[] = [
    { head: text.device, cell: ({ device }) => <bdi>{device ?? '–'}</bdi> },
    { head: text.network, cell: ({ network }) => <code>{network ?? '–'}</code> },
    { head: text.proved, cell: ({ amr }) => amr.join(' + ') },
    { head: text.began, cell: ({ created_at: at }) => <Time at={at} /> },
    { head: text.used, cell: ({ last_used_at: at }) => <Time at={at} /> },
    { head: text.ends, cell: (session) => <End of={session} /> },
  ];
  return (
    <Section title={text.sessions} id="sessions">
      <Table
        caption={text.sessions}
        columns={columns}
        rows={sessions}
        keyOf={({ id }) => id}
        empty={text.noSessions}
      />
    </Section>
  );
}

function End({
  of: { ended_at: endedAt, end_reason: reason, expires_at: expiresAt },
}: {
  of: UserSessionDto;
}) {
  if (!endedAt) {
    return (
      <>
        <Badge tone="good">{words.value.user.live}</Badge> <Time at={expiresAt} />
      </>
    );
  }
  return (
    <>
      <Badge>{reason}</Badge> <Time at={endedAt} />
    </>
  );
}
