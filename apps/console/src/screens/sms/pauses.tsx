import type { PauseDto } from '../../contract.ts';
import { useLoad } from '../../load.ts';
import { may } from '../../session/may.ts';
import { ask } from '../../session/server.ts';
import { Badge } from '../../ui/badge.tsx';
import { Section } from '../../ui/section.tsx';
import { Shown } from '../../ui/shown.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { words } from '../../words/words.ts';
import { LiftPause } from './lift-pause.tsx';

export function Pauses() {
  const { sms: text } = words.value;
  const loaded = useLoad('pauses', () => ask<PauseDto[]>('GET', '/admin/sms/pauses'));
  const lifting: Column<PauseDto> = {
    head: text.action,
    cell: (pause) => <LiftPause of={pause} onActed={loaded.reload} />,
  };
  const columns: Column<PauseDto>[] = [
    { head: text.target, cell: ({ target }) => <code>{target}</code> },
    { head: text.by, cell: ({ by }) => <Badge>{text.pausedBy[by]}</Badge> },
    { head: text.holdsFor, cell: ({ everybody }) => (everybody ? text.everybody : text.strangers) },
    { head: text.until, cell: ({ expires_at: at }) => (at ? <Time at={at} /> : text.untilLifted) },
    ...(may('support') ? [lifting] : []),
  ];
  return (
    <Section title={text.pauses} id="pauses">
      <Shown loaded={loaded}>
        {(pauses) => (
          <Table
            caption={text.pauses}
            columns={columns}
            rows={pauses}
            keyOf={({ scope }) => scope}
            empty={text.noPauses}
          />
        )}
      </Shown>
    </Section>
  );
}
