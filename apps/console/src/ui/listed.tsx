import type { ComponentChildren } from 'preact';
import type { Pages } from '../pages.ts';
import { words } from '../words/words.ts';
import { Button } from './button.tsx';
import { Failed } from './failed.tsx';

/** A list as far as it was asked for, with what gets the rest. */
export function Listed<Row>({
  pages: { rows, isLoading, error, hasMore, more, reload },
  children,
}: {
  pages: Pages<Row>;
  children: ComponentChildren;
}) {
  const { common } = words.value;
  if (isLoading) {
    return (
      <p class="loading" role="status">
        {common.loading}
      </p>
    );
  }
  return (
    <>
      {(rows.length > 0 || !error) && children}
      {error && <Failed error={error} retry={reload} />}
      {hasMore && <Button onClick={more}>{common.more}</Button>}
    </>
  );
}
