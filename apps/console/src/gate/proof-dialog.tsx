import { answerAll, asked } from '../session/proof.ts';
import { Dialog } from '../ui/dialog.tsx';
import { words } from '../words/words.ts';
import { Proof } from './proof.tsx';

/** In the way of an action that asks for a fresh proof. */
export function ProofDialog() {
  const { gate } = words.value;
  if (asked.value.length === 0) return null;
  return (
    <Dialog title={gate.again} onClose={cancel}>
      <p>{gate.againLead}</p>
      <Proof onProved={() => answerAll(true)} onCancel={cancel} />
    </Dialog>
  );
}

const cancel = () => answerAll(false);
