/**
 * Ends a wait for somebody else. An answer that came while this process itself was busy is read first: a timer alone
 * fires before what is there is looked at.
 *
 * @returns what calls it off.
 */
export function deadline(milliseconds: number, tooLate: () => void): () => void {
  let turn: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (turn = setImmediate(tooLate)), milliseconds);
  return () => {
    clearTimeout(timer);
    clearImmediate(turn);
  };
}
