import { useLocation } from 'preact-iso/router';
import { useEffect, useRef, useState } from 'preact/hooks';
import { to } from '../../place.ts';
import { Button } from '../../ui/button.tsx';
import { Failed } from '../../ui/failed.tsx';
import { Screen } from '../../ui/screen.tsx';
import { words } from '../../words/words.ts';
import { find, finding } from './finding.ts';
import { Found } from './found.tsx';

export default function Find() {
  const text = words.value.find;
  const { route } = useLocation();
  const [query, setQuery] = useState(finding.value?.query ?? '');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = async (event?: Event) => {
    event?.preventDefault();
    if (query.trim()) route(to(await find(query)));
  };
  const { found, error } = finding.value ?? {};
  return (
    <Screen title={text.title}>
      <form role="search" aria-label={text.title} class="find-form" onSubmit={submit}>
        <label for="query">{text.label}</label>
        <div>
          <input
            ref={field}
            id="query"
            type="search"
            value={query}
            maxLength={128}
            autocomplete="off"
            spellcheck={false}
            required
            onInput={(event) => setQuery(event.currentTarget.value)}
          />
          <Button type="submit" look="main">
            {text.go}
          </Button>
        </div>
        <p class="quiet">{text.start}</p>
      </form>
      {error && <Failed error={error} retry={() => void submit()} />}
      {found && <Found found={found} />}
    </Screen>
  );
}
