import type { WebhookDto } from '../../contract.ts';
import { useLoad } from '../../load.ts';
import { ask } from '../../session/server.ts';
import { Badge } from '../../ui/badge.tsx';
import { Link } from '../../ui/link.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Shown } from '../../ui/shown.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { words } from '../../words/words.ts';
import { AddWebhook } from './add-webhook.tsx';

export default function Webhooks() {
  const { webhooks: text, nav } = words.value;
  const loaded = useLoad('webhooks', () => ask<WebhookDto[]>('GET', '/admin/webhooks'));
  const columns: Column<WebhookDto>[] = [
    {
      head: text.endpoint,
      cell: ({ id, url }) => (
        <Link path={`/webhooks/${id}`}>
          <bdi>{url}</bdi>
        </Link>
      ),
    },
    { head: text.events, cell: ({ events }) => events.join(', ') },
    { head: text.state, cell: (webhook) => <State of={webhook} /> },
    { head: text.since, cell: ({ created_at: at }) => <Time at={at} /> },
  ];
  return (
    <Screen title={nav.webhooks} actions={<AddWebhook onActed={loaded.reload} />}>
      <Shown loaded={loaded}>
        {(webhooks) => (
          <Table
            caption={nav.webhooks}
            columns={columns}
            rows={webhooks}
            keyOf={({ id }) => id}
            empty={text.empty}
          />
        )}
      </Shown>
    </Screen>
  );
}

export function State({
  of: { status, disabled_reason: reason, failing_since: since },
}: {
  of: WebhookDto;
}) {
  const { webhooks: text } = words.value;
  if (status === 'disabled') {
    return (
      <>
        <Badge tone="bad">{text.disabled}</Badge> {reason}
      </>
    );
  }
  if (!since) return <Badge tone="good">{text.enabled}</Badge>;
  return (
    <>
      <Badge tone="warn">{text.failing}</Badge> <Time at={since} />
    </>
  );
}
