import type { UserDetailsDto, UserSessionDto } from '../../contract.ts';
import { Section } from '../../ui/section.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { words } from '../../words/words.ts';
import { EndSession } from './end-session.tsx';
import { mayActOn } from './may-act-on.ts';
import { isLive, sessionColumns } from './session-columns.tsx';

interface Props {
  readonly user: UserDetailsDto;
  readonly onActed: () => void;
}

export function Sessions({ user, onActed }: Props) {
  const { user: text, sms } = words.value;
  const ending: Column<UserSessionDto> = {
    head: sms.action,
    cell: (session) =>
      isLive(session) && <EndSession user={user.id} session={session.id} onActed={onActed} />,
  };
  const mayEnd = mayActOn(user);
  return (
    <Section title={text.sessions} id="sessions">
      <Table
        caption={text.sessions}
        columns={[...sessionColumns<UserSessionDto>(), ...(mayEnd ? [ending] : [])]}
        rows={user.sessions}
        keyOf={({ id }) => id}
        empty={text.noSessions}
      />
    </Section>
  );
}
