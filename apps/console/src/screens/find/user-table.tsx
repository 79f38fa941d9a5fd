import type { FoundUserDto } from '../../contract.ts';
import { Badge } from '../../ui/badge.tsx';
import { Link } from '../../ui/link.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { words } from '../../words/words.ts';

export function UserTable({ users }: { users: readonly FoundUserDto[] }) {
  const { find: text, status } = words.value;
  const columns: Column<FoundUserDto>[] = [
    {
      head: text.user,
      cell: ({ id, name }) => (
        <Link path={`/users/${id}`}>
          <bdi>{name}</bdi>
        </Link>
      ),
    },
    { head: text.number, cell: ({ mobile }) => <bdi class="digits">{mobile}</bdi> },
    { head: text.username, cell: ({ username }) => username ?? '–' },
    {
      head: text.state,
      cell: ({ status: state, roles }) => (
        <>
          <Badge tone={state === 'active' ? 'good' : 'bad'}>{status[state]}</Badge>
          {roles.map((role) => (
            <Badge key={role}>{role}</Badge>
          ))}
        </>
      ),
    },
    { head: text.lastLogin, cell: ({ last_login: at }) => <Time at={at} /> },
  ];
  return (
    <Table
      caption={text.users}
      columns={columns}
      rows={users}
      keyOf={({ id }) => id}
      empty={text.empty}
    />
  );
}
