import { signal } from '@preact/signals';
import type { TandemError } from '@tandem/client';
import { useState } from 'preact/hooks';
import { asError } from '../session/failure.ts';
import { me, proved } from '../session/gate.ts';
import { tandem } from '../session/server.ts';
import { Button } from '../ui/button.tsx';
import { Failed } from '../ui/failed.tsx';
import { Field } from '../ui/field.tsx';
import { fill, words } from '../words/words.ts';

type Factor = 'password' | 'code';

/** Whether a code is on its way, for which factor this is. */
const isSent = signal(false);

interface Props {
  readonly action?: string;
  readonly onProved?: () => unknown;
  readonly onCancel?: () => void;
}

/** Asks for the password, then for a code where the session has none, or the other way round. */
export function Proof({ action, onProved = proved, onCancel }: Props) {
  const text = words.value.gate;
  const [factor, setFactor] = useState<Factor>('password');
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<TandemError>();
  const [isBusy, setBusy] = useState(false);
  const attempt = async (act: () => Promise<unknown>) => {
    setBusy(true);
    setError(undefined);
    await act().catch((cause: unknown) => setError(asError(cause)));
    setBusy(false);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    return attempt(async () => {
      const { amr } = await tandem.stepUp(proofOf(factor, typed));
      setTyped('');
      isSent.value = false;
      if (amr.length > 1) await onProved();
      else setFactor(amr.includes('pwd') ? 'code' : 'password');
    });
  };
  const wantsCode = factor === 'code';
  return (
    <form class="proof" onSubmit={submit}>
      {wantsCode && !isSent.value ? (
        <Button look="main" isBusy={isBusy} onClick={() => attempt(sendCode)}>
          {fill(text.sendCode, { number: me.value?.mobile })}
        </Button>
      ) : (
        <>
          {wantsCode && <p role="status">{fill(text.sent, { number: me.value?.mobile })}</p>}
          <Field
            key={factor}
            label={wantsCode ? text.code : text.password}
            value={typed}
            onInput={setTyped}
            type={wantsCode ? 'text' : 'password'}
            autocomplete={wantsCode ? 'one-time-code' : 'current-password'}
            inputMode={wantsCode ? 'numeric' : undefined}
            hasFocus
          />
          <Button type="submit" look="main" isBusy={isBusy}>
            {action ?? text.go}
          </Button>
        </>
      )}
      {error && <Failed error={error} />}
      <div class="actions">
        <Button look="quiet" onClick={() => setFactor(wantsCode ? 'password' : 'code')}>
          {wantsCode ? text.usePassword : text.useCode}
        </Button>
        {onCancel && (
          <Button look="quiet" onClick={onCancel}>
            {text.cancel}
          </Button>
        )}
      </div>
    </form>
  );
}

const proofOf = (factor: Factor, typed: string) =>
  factor === 'password' ? { password: typed } : { mobile: ownNumber(), code: typed };

/** Nobody takes that of an operator. */
const ownNumber = () => me.value!.mobile!;

async function sendCode(): Promise<void> {
  await tandem.requestCode(ownNumber());
  isSent.value = true;
}
