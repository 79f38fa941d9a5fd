import type { TandemError } from '@tandem/client';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { noted } from './session/gate.ts';

export interface Loaded<T> {
  readonly data?: T;
  /** Beside data: it could not be loaded again. */
  readonly error?: TandemError;
  /** When the data came. */
  readonly at?: Date;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

interface State<T> extends Pick<Loaded<T>, 'data' | 'error' | 'at'> {
  readonly key: string;
}

/**
 * What a screen shows.
 *
 * @param key begins anew when it changes.
 * @param changes loads again when it changes, and shows what was until then, also where that fails for some time.
 */
export function useLoad<T>(key: string, load: () => Promise<T>, changes = 0): Loaded<T> {
  const [state, setState] = useState<State<T>>({ key: '' });
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((one) => one + 1), []);
  useEffect(() => {
    let isCurrent = true;
    load().then(
      (data) => isCurrent && setState({ key, data, at: new Date() }),
      (cause: unknown) => isCurrent && setState((before) => failed(before, key, noted(cause))),
    );
    return () => {
      isCurrent = false;
    };
  }, [key, turn, changes]);
  const { data, error, at } = state.key === key ? state : ({} as Partial<State<T>>);
  return { data, error, at, isLoading: state.key !== key, reload };
}

function failed<T>(before: State<T>, key: string, error: TandemError): State<T> {
  return before.key === key && isTemporary(error) ? { ...before, error } : { key, error };
}

const isTemporary = ({ status = 503 }: TandemError) => status >= 500 || status === 429;
