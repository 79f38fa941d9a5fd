import type { UserSessionDto } from '../../contract.ts';
import { Badge } from '../../ui/badge.tsx';
import type { Column } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { words } from '../../words/words.ts';

/** What is told of a session, whosever it is. */
export function sessionColumns<Row extends UserSessionDto>(): Column<Row>[] {
  const { user: text } = words.value;
  return [
    { head: text.device, cell: ({ device }) => <bdi>{device ?? '–'}</bdi> },
    { head: text.network, cell: ({ network }) => <code class="whole">{network ?? '–'}</code> },
    { head: text.proved, cell: ({ amr }) => amr.join(' + ') },
    { head: text.began, cell: ({ created_at: at }) => <Time at={at} /> },
    { head: text.used, cell: ({ last_used_at: at }) => <Time at={at} /> },
    { head: text.ends, cell: (session) => <End of={session} /> },
  ];
}

export const isLive = ({ ended_at: endedAt, expires_at: expiresAt }: UserSessionDto): boolean =>
  endedAt === null && Date.parse(expiresAt) > Date.now();

function End({ of }: { of: UserSessionDto }) {
  if (!of.ended_at) {
    return (
      <>
        {isLive(of) && <Badge tone="good">{words.value.user.live}</Badge>}{' '}
        <Time at={of.expires_at} />
      </>
    );
  }
  return (
    <>
      <Badge>{of.end_reason}</Badge> <Time at={of.ended_at} />
    </>
  );
}
