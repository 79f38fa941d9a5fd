import { useRoute } from 'preact-iso/router';
import { useState } from 'preact/hooks';
import type { DeliveriesDto } from '../../contract.ts';
import { Diagnosis } from '../../diagnosis/diagnosis.tsx';
import { useLoad } from '../../load.ts';
import { may } from '../../session/may.ts';
import { ask } from '../../session/server.ts';
import { Link } from '../../ui/link.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Shown } from '../../ui/shown.tsx';
import { words } from '../../words/words.ts';
import { Messages } from '../messages/messages.tsx';
import { LiftLimits } from './lift-limits.tsx';

/** A number by its reference, whoever has it. */
export default function NumberScreen() {
  const { id = '' } = useRoute().params;
  const { number: text, user } = words.value;
  const [changes, setChanges] = useState(0);
  const acted = () => setChanges((count) => count + 1);
  const query = new URLSearchParams({ number_ref: id });
  const deliveries = useLoad(id, () => ask<DeliveriesDto>('GET', `/admin/sms/deliveries?${query}`));
  return (
    <Screen
      title={text.title}
      lead={<code>{id}</code>}
      actions={may('support') && <LiftLimits numberRef={id} onActed={acted} />}
    >
      <p class="quiet">{text.lead}</p>
      <Diagnosis subject={{ number_ref: id }} numberRef={id} changes={changes} onActed={acted} />
      <Shown loaded={deliveries}>
        {({ deliveries: rows }) => (
          <Messages deliveries={rows} title={user.messages} empty={user.noMessages} />
        )}
      </Shown>
      <p>
        <Link path={`/audit?number=${encodeURIComponent(id)}`}>{text.audit}</Link>
      </p>
    </Screen>
  );
}
