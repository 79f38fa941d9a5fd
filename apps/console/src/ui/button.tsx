import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

interface Props {
  readonly look?: 'main' | 'danger' | 'quiet';
  readonly type?: 'button' | 'submit';
  readonly isBusy?: boolean;
  readonly onClick?: () => unknown;
  readonly children: ComponentChildren;
}

/** It stays as it is while what it does is under way, and is not pressed twice. */
export function Button({ look, type = 'button', isBusy = false, onClick, children }: Props) {
  const [isActing, setActing] = useState(false);
  const busy = isBusy || isActing;
  const act = async () => {
    if (busy || !onClick) return;
    setActing(true);
    try {
      await onClick();
    } finally {
      setActing(false);
    }
  };
  return (
    <button
      type={type}
      class={look}
      aria-busy={busy}
      aria-disabled={busy}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else void act();
      }}
    >
      {children}
    </button>
  );
}
