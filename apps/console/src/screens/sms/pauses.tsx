import type { PauseDto } from '../../contract.ts';
import { useLoad } from '../../load.ts';
import { may } from '../../session/may.ts';
import { ask } from '../../session/server.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { Badge } from '../../ui/badge.tsx';
import { say } from '../../ui/notice.tsx';
import { Section } from '../../ui/section.tsx';
import { Shown } from '../../ui/shown.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { words } from '../../words/words.ts';

export function Pauses() {
  const { sms: text } = words.value;
  const loaded = useLoad('pauses', () => ask<PauseDto[]>('GET', '/admin/sms/pauses'));
  const columns: Column<PauseDto>[] = [
    { head: text.target, cell: ({ target }) => <code>{target}</code> },
    { head: text.by, cell: ({ by }) => <Badge>{text.pausedBy[by]}</Badge> },
    { head: text.holdsFor, cell: ({ everybody }) => (everybody ? text.everybody : text.strangers) },
    { head: text.until, cell: ({ expires_at: at }) => (at ? <Time at={at} /> : text.untilLifted) },
    ...(may('support') ? [lifting(loaded.reload)] : []),
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

function lifting(onActed: () => void): Column<PauseDto> {
  const { sms: text, common } = words.value;
  const questionFor = ({ scope, target }: PauseDto) => ({
    title: `${text.lift}: ${target}`,
    lead: text.liftLead,
    action: text.lift,
    act: async () => {
      await ask('DELETE', `/admin/sms/pauses/${encodeURIComponent(scope)}`);
      say(common.done);
      onActed();
    },
  });
  return {
    head: text.action,
    cell: (pause) => <AskFirst label={text.lift} question={questionFor(pause)} />,
  };
}
