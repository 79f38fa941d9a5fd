import { signal } from '@preact/signals';

type Answer = (isProved: boolean) => void;

/** Who waits for the operator to prove who they are, if anybody does. */
export const asked = signal<Answer[]>([]);

/** Shows the question; several calls at once share it. @returns whether it was answered. */
export function proveAgain(): Promise<boolean> {
  return new Promise((answer) => {
    asked.value = [...asked.value, answer];
  });
}

export function answerAll(isProved: boolean): void {
  const waiting = asked.value;
  asked.value = [];
  for (const answer of waiting) answer(isProved);
}
