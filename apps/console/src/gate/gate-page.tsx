import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { keepPlace, takePlace } from './kept-place.ts';
import { enter, failure, gate, leave, type Gate } from '../session/gate.ts';
import { BASE } from '../place.ts';
import { Button } from '../ui/button.tsx';
import { Failed } from '../ui/failed.tsx';
import { words } from '../words/words.ts';
import { Proof } from './proof.tsx';

/** What stands in front of the screens, and how to get behind it. */
export function GatePage() {
  const text = words.value.gate;
  const shown = gate.value;
  useEffect(takePlace, []);
  useEffect(() => {
    document.title = `Tandem · ${words.value.shell.console}`;
  }, [shown]);
  const pages: Record<Exclude<Gate, 'open'>, ComponentChildren> = {
    starting: <p role="status">{words.value.common.loading}</p>,
    anonymous: (
      <Page title={text.login} lead={text.loginLead}>
        <a class="button main" href={`${BASE}/login?return_to=/console`} onClick={keepPlace}>
          {text.logIn}
        </a>
      </Page>
    ),
    unproved: (
      <Page title={text.prove} lead={text.proveLead}>
        <Proof />
        <SomeoneElse />
      </Page>
    ),
    locked: (
      <Page title={text.locked} lead={text.lockedLead}>
        <Proof action={text.unlock} />
        <SomeoneElse />
      </Page>
    ),
    refused: (
      <Page title={text.refused} lead={text.refusedLead}>
        <SomeoneElse />
      </Page>
    ),
    failed: (
      <Page title={text.failed}>
        {failure.value && <Failed error={failure.value} retry={() => void enter()} />}
      </Page>
    ),
  };
  return <main class="gate">{pages[shown as Exclude<Gate, 'open'>]}</main>;
}

interface PageProps {
  readonly title: string;
  readonly lead?: string;
  readonly children: ComponentChildren;
}

/** Readers begin at its name, unless there is a field to be filled in. */
function Page({ title, lead, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus();
  }, [title]);
  return (
    <div class="card">
      <p class="mark">Tandem</p>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {lead && <p class="quiet">{lead}</p>}
      {children}
    </div>
  );
}

const SomeoneElse = () => (
  <Button look="quiet" onClick={leave}>
    {words.value.gate.someoneElse}
  </Button>
);
