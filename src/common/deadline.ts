/** So many turns of the event loop at least are left to what is waited for. */
const PARTS = 4;

/**
 * Ends a wait for somebody else. The time is counted in parts, after each of which is read what has come: while this
 * process itself is busy, however long, no more than one of them passes, so that nobody counts as silent who has answered.
 *
 * @returns what calls it off.
 */
export function deadline(milliseconds: number, tooLate: () => void): () => void {
  let timer: NodeJS.Timeout;
  let turn: NodeJS.Immediate | undefined;
  const wait = (parts: number) => {
    const next = parts === 1 ? tooLate : () => wait(parts - 1);
    timer = setTimeout(() => (turn = setImmediate(next)), milliseconds / PARTS);
  };
  wait(PARTS);
  return () => {
    clearTimeout(timer);
    clearImmediate(turn);
  };
}
