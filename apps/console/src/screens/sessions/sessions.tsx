import { useLocation } from 'preact-iso/router';
import type { SessionListDto, SessionOfUserDto } from '../../contract.ts';
import { usePages } from '../../pages.ts';
import { to } from '../../place.ts';
import { may } from '../../session/may.ts';
import { ask } from '../../session/server.ts';
import { UserLink } from '../../ui/link.tsx';
import { Listed } from '../../ui/listed.tsx';
import { Screen } from '../../ui/screen.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { words } from '../../words/words.ts';
import { EndSession } from '../user/end-session.tsx';
import { mayActOn } from '../user/may-act-on.ts';
import { isLive, sessionColumns } from '../user/session-columns.tsx';
import { EndAll } from './end-all.tsx';
import { Filters } from './filters.tsx';
import { filterIn } from './session-filter.ts';

/** Who is logged in from where, and how to end it in an incident. */
export default function Sessions() {
  const { sessions: text, nav, audit, sms } = words.value;
  const { query, route } = useLocation();
  const filter = filterIn(query);
  const key = JSON.stringify(filter);
  const pages = usePages<SessionOfUserDto>(key, async (after) => {
    const asked = new URLSearchParams({ ...filter, ...(after && { after }) });
    const {
      sessions: rows,
      has_more,
      next,
    } = await ask<SessionListDto>('GET', `/admin/sessions?${asked}`);
    return { rows, hasMore: has_more, next };
  });
  const columns: Column<SessionOfUserDto>[] = [
    { head: audit.user, cell: ({ user_id: id }) => <UserLink id={id} /> },
    ...sessionColumns<SessionOfUserDto>(),
    {
      head: sms.action,
      cell: (session) =>
        isLive(session) &&
        mayActOn({ roles: session.user_roles }) && (
          <EndSession user={session.user_id} session={session.id} onActed={pages.reload} />
        ),
    },
  ];
  return (
    <Screen
      title={nav.sessions}
      lead={<span class="quiet">{text.lead}</span>}
      actions={may('admin') && <EndAll filter={filter} onActed={pages.reload} />}
    >
      <Filters
        filter={filter}
        onChange={(next) => route(to(`/sessions?${new URLSearchParams({ ...next })}`))}
      />
      <Listed pages={pages}>
        <Table
          caption={nav.sessions}
          columns={columns}
          rows={pages.rows}
          keyOf={({ id }) => id}
          empty={pages.hasMore ? text.noneFits : text.none}
        />
      </Listed>
    </Screen>
  );
}
