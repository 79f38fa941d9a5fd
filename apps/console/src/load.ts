import type { TandemError } from '@tandem/client';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { noted } from './session/gate.ts';

export interface Loaded<T> {
  readonly data?: T;
  readonly error?: TandemError;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

/** What a screen shows. @param key begins anew when it changes. @param changes loads again when it changes, and shows what was until then. */
export function useLoad<T>(key: string, load: () => Promise<T>, changes = 0): Loaded<T> {
  const [state, setState] = useState<{ key: string; data?: T; error?: TandemError }>({ key: '' });
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((one) => one + 1), []);
  useEffect(() => {
    let isCurrent = true;
    load().then(
      (data) => isCurrent && setState({ key, data }),
      (cause: unknown) => isCurrent && setState({ key, error: noted(cause) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [key, turn, changes]);
  const isKnown = state.key === key;
  return {
    data: isKnown ? state.data : undefined,
    error: isKnown ? state.error : undefined,
    isLoading: !isKnown,
    reload,
  };
}
