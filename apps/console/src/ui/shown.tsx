import type { ComponentChildren } from 'preact';
import type { Loaded } from '../load.ts';
import { words } from '../words/words.ts';
import { Failed } from './failed.tsx';

/** What was loaded, or why it is not there. */
export function Shown<T>({
  loaded: { data, error, reload },
  children,
}: {
  loaded: Loaded<T>;
  children: (data: T) => ComponentChildren;
}) {
  if (error) return <Failed error={error} retry={reload} />;
  if (data === undefined) {
    return (
      <p class="loading" role="status">
        {words.value.common.loading}
      </p>
    );
  }
  return <>{children(data)}</>;
}
