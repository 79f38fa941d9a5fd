import { useLocation } from 'preact-iso/router';
import { useState } from 'preact/hooks';
import { to } from '../place.ts';
import { find } from '../screens/find/finding.ts';
import { words } from '../words/words.ts';

/** The field that is on every screen. What is typed stays out of the address. */
export function FindBox() {
  const [query, setQuery] = useState('');
  const { route } = useLocation();
  const { find: text } = words.value;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!query.trim()) return;
    route(to(await find(query)));
    setQuery('');
  };
  return (
    <form role="search" aria-label={text.short} class="find" onSubmit={submit}>
      <input
        type="search"
        aria-label={text.short}
        placeholder={text.hint}
        value={query}
        maxLength={128}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}
