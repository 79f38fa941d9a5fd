import { LocationProvider } from 'preact-iso/router';
import { GatePage } from '../gate/gate-page.tsx';
import { ProofDialog } from '../gate/proof-dialog.tsx';
import { ROOT } from '../place.ts';
import { gate } from '../session/gate.ts';
import { Notice } from '../ui/notice.tsx';
import { Shell } from './shell.tsx';

export function Console() {
  if (gate.value !== 'open') return <GatePage />;
  return (
    <LocationProvider scope={ROOT}>
      <Shell />
      <ProofDialog />
      <Notice />
    </LocationProvider>
  );
}
