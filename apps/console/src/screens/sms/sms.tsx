import type { RouteDto } from '../../contract.ts';
import { useLoad } from '../../load.ts';
import { may } from '../../session/may.ts';
import { ask } from '../../session/server.ts';
import { Screen } from '../../ui/screen.tsx';
import { words } from '../../words/words.ts';
import { Blocks } from './blocks.tsx';
import { Deliveries } from './deliveries.tsx';
import { Pauses } from './pauses.tsx';
import { SmsRoutes } from './sms-routes.tsx';
import { Spend } from './spend.tsx';

export default function Sms() {
  const routes = useLoad('routes', () => ask<RouteDto[]>('GET', '/admin/sms/routes'));
  return (
    <Screen title={words.value.nav.sms}>
      <Pauses />
      {may('admin') && <Blocks />}
      <SmsRoutes loaded={routes} />
      <Spend />
      <Deliveries routes={routes} />
    </Screen>
  );
}
