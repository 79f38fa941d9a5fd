import type { TandemError } from '@tandem/client';
import { useState } from 'preact/hooks';
import type { AddedWebhookDto } from '../../contract.ts';
import { asError } from '../../session/failure.ts';
import { ask } from '../../session/server.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failed } from '../../ui/failed.tsx';
import { Field } from '../../ui/field.tsx';
import { words } from '../../words/words.ts';

export function AddWebhook({ onActed }: { onActed: () => void }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button look="main" onClick={() => setOpen(true)}>
        {words.value.webhooks.add}
      </Button>
      {isOpen && <AddForm onClose={() => setOpen(false)} onAdded={onActed} />}
    </>
  );
}

function AddForm({ onClose, onAdded }: { onClose: () => void; onAdded: () => void }) {
  const { webhooks: text, common, help } = words.value;
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState('*');
  const [secret, setSecret] = useState<string>();
  const [error, setError] = useState<TandemError>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = { url: url.trim(), events: events.split(/[\s,]+/).filter(Boolean) };
    try {
      setSecret((await ask<AddedWebhookDto>('POST', '/admin/webhooks', body)).secret);
      onAdded();
    } catch (cause) {
      setError(asError(cause));
    }
  };
  return (
    <Dialog title={text.add} onClose={onClose}>
      {secret ? (
        <>
          <p>{text.secret}</p>
          <p>
            <code>{secret}</code>
          </p>
          <Button onClick={onClose}>{help.shut}</Button>
        </>
      ) : (
        <form onSubmit={submit}>
          <Field
            label={text.url}
            type="url"
            value={url}
            onInput={setUrl}
            maxLength={500}
            hasFocus
          />
          <Field label={text.events} hint={text.eventsHint} value={events} onInput={setEvents} />
          {error && <Failed error={error} />}
          <div class="actions">
            <Button type="submit" look="main">
              {text.add}
            </Button>
            <Button onClick={onClose}>{common.cancel}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
