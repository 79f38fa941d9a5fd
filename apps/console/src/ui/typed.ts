import { useEffect, useState } from 'preact/hooks';

/** What is typed into a field. It begins anew with what an address gives, and keeps the focus. */
export function useTyped(given = '') {
  const [typed, setTyped] = useState(given);
  useEffect(() => setTyped(given), [given]);
  return [typed, setTyped] as const;
}
