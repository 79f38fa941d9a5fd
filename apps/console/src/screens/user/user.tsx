import { useRoute } from 'preact-iso/router';
import { useCallback, useState } from 'preact/hooks';
import { Diagnosis } from '../../diagnosis/diagnosis.tsx';
import type { UserDetailsDto } from '../../contract.ts';
import { LiveMark } from '../../live/live-mark.tsx';
import { useLive } from '../../live/live.ts';
import type { LiveEvent } from '../../live/stream.ts';
import { useLoad } from '../../load.ts';
import { ask } from '../../session/server.ts';
import { Failed } from '../../ui/failed.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Shown } from '../../ui/shown.tsx';
import { words } from '../../words/words.ts';
import { About } from './about.tsx';
import { Devices } from './devices.tsx';
import { Limits } from './limits.tsx';
import { Messages } from '../messages/messages.tsx';
import { Sessions } from './sessions.tsx';
import { Timeline } from './timeline.tsx';
import { UserActions } from './user-header.tsx';

export default function User() {
  const { id = '' } = useRoute().params;
  const [changes, setChanges] = useState(0);
  const acted = () => setChanges((count) => count + 1);
  useLive(useCallback(({ data }: LiveEvent) => data.user_id === id && acted(), [id]));
  const loaded = useLoad(
    id,
    () => ask<UserDetailsDto>('GET', `/admin/users/${encodeURIComponent(id)}`),
    changes,
  );
  const text = words.value.user;
  if (!loaded.data) {
    return (
      <Screen title={text.title} lead={<code>{id}</code>}>
        <Shown loaded={loaded}>{() => null}</Shown>
      </Screen>
    );
  }
  const user = loaded.data;
  return (
    <Screen
      title={user.name}
      lead={
        <>
          <code>{user.id}</code> <LiveMark />
        </>
      }
      actions={<UserActions user={user} onActed={acted} />}
    >
      {loaded.error && <Failed error={loaded.error} retry={loaded.reload} shown={loaded.at} />}
      <Diagnosis subject={{ user: user.id }} user={user} changes={changes} onActed={acted} />
      <div class="columns">
        <About user={user} />
        <Limits user={user} onActed={acted} />
      </div>
      <Sessions user={user} onActed={acted} />
      <Devices devices={user.devices} />
      <Messages deliveries={user.deliveries} title={text.messages} empty={text.noMessages} />
      <Timeline user={user.id} changes={changes} />
    </Screen>
  );
}
