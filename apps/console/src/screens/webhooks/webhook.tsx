import { useLocation, useRoute } from 'preact-iso/router';
import type { WebhookDto } from '../../contract.ts';
import { useLoad } from '../../load.ts';
import { to } from '../../place.ts';
import { ask } from '../../session/server.ts';
import { NotHere } from '../../shell/not-here.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Shown } from '../../ui/shown.tsx';
import { Time } from '../../ui/time.tsx';
import { words } from '../../words/words.ts';
import { Attempts } from './attempts.tsx';
import { ReplayWebhook } from './replay-webhook.tsx';
import { RemoveWebhook, TestWebhook } from './webhook-actions.tsx';
import { State } from './webhooks.tsx';

export default function Webhook() {
  const { id = '' } = useRoute().params;
  const { route } = useLocation();
  const { webhooks: text, common } = words.value;
  const loaded = useLoad(
    id,
    async () =>
      (await ask<WebhookDto[]>('GET', '/admin/webhooks')).find((one) => one.id === id) ?? null,
  );
  const webhook = loaded.data;
  if (webhook === null) return <NotHere />;
  return (
    <Screen
      title={text.endpoint}
      lead={<code>{id}</code>}
      actions={
        webhook && (
          <>
            <TestWebhook id={id} onActed={loaded.reload} />
            <ReplayWebhook id={id} onActed={loaded.reload} />
            <RemoveWebhook webhook={webhook} onActed={() => route(to('/webhooks'))} />
          </>
        )
      }
    >
      {webhook ? (
        <>
          <Facts
            of={[
              [text.url, <bdi>{webhook.url}</bdi>],
              [text.state, <State of={webhook} />],
              [text.events, webhook.events.join(', ')],
              [text.pii, webhook.pii ? common.yes : common.no],
              [text.since, <Time at={webhook.created_at} />],
            ]}
          />
          <Attempts id={id} />
        </>
      ) : (
        <Shown loaded={loaded}>{() => null}</Shown>
      )}
    </Screen>
  );
}
