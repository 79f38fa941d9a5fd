import { useEffect, useId, useRef } from 'preact/hooks';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onInput: (text: string) => void;
  readonly hint?: string;
  readonly type?: 'text' | 'password' | 'url' | 'datetime-local' | 'date';
  readonly autocomplete?: string;
  readonly inputMode?: 'numeric' | 'text';
  readonly maxLength?: number;
  readonly max?: string;
  readonly step?: 'any';
  readonly hasFocus?: boolean;
  readonly isOptional?: boolean;
}

export function Field({
  label,
  value,
  onInput,
  hint,
  hasFocus,
  isOptional,
  type = 'text',
  ...input
}: Props) {
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (hasFocus) box.current?.focus();
  }, []);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        ref={box}
        id={id}
        value={value}
        required={!isOptional}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
        {...({ type, ...input } as { type: 'text' })}
      />
      {hint && (
        <p class="quiet" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
