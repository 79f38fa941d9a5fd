import { useLocation } from 'preact-iso/router';
import { may } from '../../session/may.ts';
import { Screen } from '../../ui/screen.tsx';
import { words } from '../../words/words.ts';
import { Blocks } from './blocks.tsx';
import { Deliveries } from './deliveries.tsx';
import { Pauses } from './pauses.tsx';
import { Spend } from './spend.tsx';

export default function Sms() {
  const { number } = useLocation().query;
  return (
    <Screen title={words.value.nav.sms}>
      <Pauses />
      {may('admin') && <Blocks />}
      <Spend />
      <Deliveries number={number} />
    </Screen>
  );
}
