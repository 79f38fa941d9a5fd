import type { FoundUserDto } from '../../contract.ts';
import { useLoad } from '../../load.ts';
import { ask } from '../../session/server.ts';
import { Badge } from '../../ui/badge.tsx';
import { Link } from '../../ui/link.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Shown } from '../../ui/shown.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { words } from '../../words/words.ts';
import { ChangeRoles } from './change-roles.tsx';
import { Grant } from './grant.tsx';

export default function Operators() {
  const { operators: text, nav, find, status } = words.value;
  const loaded = useLoad('operators', () => ask<FoundUserDto[]>('GET', '/admin/operators'));
  const columns: Column<FoundUserDto>[] = [
    {
      head: find.user,
      cell: ({ id, name, username }) => (
        <Link path={`/users/${id}`}>
          <bdi>{username ?? name}</bdi>
        </Link>
      ),
    },
    {
      head: text.roles,
      cell: ({ roles }) => roles.map((role) => <Badge key={role}>{role}</Badge>),
    },
    {
      head: find.state,
      cell: ({ status: state }) => (
        <Badge tone={state === 'active' ? 'good' : 'bad'}>{status[state]}</Badge>
      ),
    },
    { head: find.lastLogin, cell: ({ last_login: at }) => <Time at={at} /> },
    { head: text.action, cell: (user) => <ChangeRoles user={user} onActed={loaded.reload} /> },
  ];
  return (
    <Screen
      title={nav.operators}
      lead={<span class="quiet">{text.lead}</span>}
      actions={<Grant onActed={loaded.reload} />}
    >
      <Shown loaded={loaded}>
        {(operators) => (
          <Table
            caption={nav.operators}
            columns={columns}
            rows={operators}
            keyOf={({ id }) => id}
            empty={text.empty}
          />
        )}
      </Shown>
    </Screen>
  );
}
