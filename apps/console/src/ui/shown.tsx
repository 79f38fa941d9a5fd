import type { ComponentChildren } from 'preact';
import type { Loaded } from '../load.ts';
import { words } from '../words/words.ts';
import { Failed } from './failed.tsx';

/** What was loaded, or why it is not there, or not of now. */
export function Shown<T>({
  loaded: { data, error, at, reload },
  children,
}: {
  loaded: Loaded<T>;
  children: (data: T) => ComponentChildren;
}) {
  if (data === undefined) {
    if (error) return <Failed error={error} retry={reload} />;
    return (
      <p class="loading" role="status">
        {words.value.common.loading}
      </p>
    );
  }
  return (
    <>
      {error && <Failed error={error} retry={reload} shown={at} />}
      {children(data)}
    </>
  );
}
