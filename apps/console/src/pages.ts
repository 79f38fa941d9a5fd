import { useEffect, useState } from 'preact/hooks';
import type { TandemError } from '@tandem/client';
import { noted } from './session/gate.ts';

interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
  /** Where it goes on, if not behind the last row. */
  readonly next?: string | null;
}

interface State<Row> {
  readonly page?: Page<Row>;
  readonly error?: TandemError;
}

export interface Pages<Row> extends Page<Row> {
  readonly error?: TandemError;
  readonly isLoading: boolean;
  readonly more: () => Promise<void>;
  readonly reload: () => void;
}

/** A list of which there is always more. @param key begins anew when it changes. @param changes loads again when it changes. */
export function usePages<Row extends { id: string }>(
  key: string,
  load: (after?: string) => Promise<Page<Row>>,
  changes = 0,
): Pages<Row> {
  const [state, setState] = useState<State<Row>>({});
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    void attempt(load).then((found) => isCurrent && setState(found));
    return () => {
      isCurrent = false;
    };
  }, [key, turn, changes]);
  const { page = { rows: [], hasMore: false }, error } = state;
  const more = async () => {
    const found = await attempt(() => load(page.next ?? page.rows.at(-1)?.id));
    const rows = [...page.rows, ...(found.page?.rows ?? [])];
    setState({ page: { ...(found.page ?? page), rows }, error: found.error });
  };
  const reload = () => setTurn((one) => one + 1);
  return { ...page, error, isLoading: !state.page && !error, more, reload };
}

async function attempt<Row>(load: () => Promise<Page<Row>>): Promise<State<Row>> {
  try {
    return { page: await load() };
  } catch (cause) {
    return { error: noted(cause) };
  }
}
