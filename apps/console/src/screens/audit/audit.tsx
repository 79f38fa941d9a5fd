import { useLocation } from 'preact-iso/router';
import type { AuditEventDto, AuditPageDto } from '../../contract.ts';
import { usePages } from '../../pages.ts';
import { to } from '../../place.ts';
import { ask } from '../../session/server.ts';
import { UserLink } from '../../ui/link.tsx';
import { Listed } from '../../ui/listed.tsx';
import { Screen } from '../../ui/screen.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { words } from '../../words/words.ts';
import { Actor } from './actor.tsx';
import { AuditFilter } from './audit-filter.tsx';
import { Detail } from './detail.tsx';
import { Seals } from './seals.tsx';

export default function Audit() {
  const { audit: text, nav } = words.value;
  const { query, route } = useLocation();
  const { user, action, number, since, until } = query;
  const wanted = { user, action, number_ref: number, since, until };
  const given = Object.entries(wanted).filter((entry): entry is [string, string] => !!entry[1]);
  const pages = usePages<AuditEventDto>(JSON.stringify(given), async (after) => {
    const asked = new URLSearchParams([...given, ...(after ? [['after', after]] : [])]);
    const { events, has_more: hasMore } = await ask<AuditPageDto>('GET', `/admin/audit?${asked}`);
    return { rows: events, hasMore };
  });
  const columns: Column<AuditEventDto>[] = [
    { head: text.at, cell: ({ at }) => <Time at={at} /> },
    { head: text.action, cell: ({ action: done }) => <b>{done}</b> },
    { head: text.user, cell: ({ user_id: id }) => (id ? <UserLink id={id} /> : '–') },
    { head: text.actor, cell: (event) => <Actor of={event} /> },
    { head: text.detail, cell: (event) => <Detail of={event} /> },
  ];
  return (
    <Screen title={nav.audit}>
      <Seals />
      <AuditFilter
        {...{ user, action, since, until }}
        onChange={(next) => route(to(`/audit?${new URLSearchParams(next)}`))}
      />
      <Listed pages={pages}>
        <Table
          caption={nav.audit}
          columns={columns}
          rows={pages.rows}
          keyOf={({ id }) => id}
          empty={text.empty}
        />
      </Listed>
    </Screen>
  );
}
