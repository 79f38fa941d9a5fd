import type { TandemError } from '@tandem/client';
import { useState } from 'preact/hooks';
import { asError } from '../../session/failure.ts';
import { ask } from '../../session/server.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failed } from '../../ui/failed.tsx';
import { Field } from '../../ui/field.tsx';
import { say } from '../../ui/notice.tsx';
import { fill, words } from '../../words/words.ts';

const ROLES = ['viewer', 'support', 'admin'];

export function Grant({ onActed }: { onActed: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const granted = () => {
    close();
    say(words.value.common.done);
    onActed();
  };
  return (
    <>
      <Button look="main" onClick={() => setOpen(true)}>
        {words.value.operators.grant}
      </Button>
      {isOpen && <GrantForm onClose={close} onGranted={granted} />}
    </>
  );
}

function GrantForm({ onClose, onGranted }: { onClose: () => void; onGranted: () => void }) {
  const { operators: text, common } = words.value;
  const [user, setUser] = useState('');
  const [role, setRole] = useState(ROLES[0]!);
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<TandemError>();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (typed !== role) return;
    const path = `/admin/users/${encodeURIComponent(user.trim())}/roles`;
    await ask('PUT', path, { roles: [role], reason }).then(onGranted, (cause: unknown) =>
      setError(asError(cause)),
    );
  };
  return (
    <Dialog title={text.grant} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{text.grantLead}</p>
        <Field label={text.userId} value={user} onInput={setUser} inputMode="numeric" hasFocus />
        <label>
          {text.role}
          <select value={role} onChange={(event) => setRole(event.currentTarget.value)}>
            {ROLES.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <p class="quiet">{text.may[role]}</p>
        <Field label={common.reason} value={reason} onInput={setReason} maxLength={200} />
        <Field
          label={fill(common.typeToConfirm, { word: role })}
          value={typed}
          onInput={setTyped}
          autocomplete="off"
        />
        {error && <Failed error={error} />}
        <div class="actions">
          <Button type="submit" look="main">
            {text.grant}
          </Button>
          <Button onClick={onClose}>{common.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}
