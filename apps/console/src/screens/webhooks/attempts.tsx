import type { WebhookAttemptDto, WebhookAttemptsDto } from '../../contract.ts';
import { usePages } from '../../pages.ts';
import { ask } from '../../session/server.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Listed } from '../../ui/listed.tsx';
import { Section } from '../../ui/section.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { amount } from '../../words/times.ts';
import { words } from '../../words/words.ts';

export function Attempts({ id }: { id: string }) {
  const { webhooks: text, common } = words.value;
  const pages = usePages<WebhookAttemptDto>(id, async (after) => {
    const query = after ? `?after=${after}` : '';
    const path = `/admin/webhooks/${id}/attempts${query}`;
    const { attempts, has_more: hasMore } = await ask<WebhookAttemptsDto>('GET', path);
    return { rows: attempts, hasMore };
  });
  const columns: Column<WebhookAttemptDto>[] = [
    {
      head: text.made,
      cell: ({ made_at: made, due_at: due }) => (made ? <Time at={made} /> : <Due at={due} />),
    },
    { head: text.type, cell: ({ type }) => type },
    { head: text.event, cell: ({ event }) => <code>{event}</code> },
    { head: text.attempt, isNumber: true, cell: ({ attempt }) => attempt },
    { head: text.answer, cell: (attempt) => <Answer of={attempt} /> },
    {
      head: text.took,
      isNumber: true,
      cell: ({ milliseconds: ms }) => (ms === null ? '–' : `${amount(ms)} ms`),
    },
  ];
  return (
    <Section
      title={text.attempts}
      actions={
        <Button look="quiet" onClick={pages.reload}>
          {common.reload}
        </Button>
      }
    >
      <Listed pages={pages}>
        <Table
          caption={text.attempts}
          columns={columns}
          rows={pages.rows}
          keyOf={({ id: one }) => one}
          empty={text.noAttempts}
        />
      </Listed>
    </Section>
  );
}

const Due = ({ at }: { at: string | null }) => (
  <span class="quiet">
    {words.value.webhooks.due} <Time at={at} />
  </span>
);

function Answer({ of: { status, failure, made_at: made } }: { of: WebhookAttemptDto }) {
  if (!made) return <>–</>;
  return (
    <Badge tone={failure ? 'bad' : 'good'}>{[status, failure].filter(Boolean).join(' ')}</Badge>
  );
}
