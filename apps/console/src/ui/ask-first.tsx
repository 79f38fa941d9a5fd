import { useState } from 'preact/hooks';
import { Button } from './button.tsx';
import { Confirm, type Question } from './confirm.tsx';

/** A button that asks before it acts. */
export function AskFirst({ label, question }: { label: string; question: Question }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{label}</Button>
      {isOpen && <Confirm question={question} onClose={() => setOpen(false)} />}
    </>
  );
}
