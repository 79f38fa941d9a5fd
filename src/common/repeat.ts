/**
 * Runs `work` again and again, each time `milliseconds` after it has ended, so that it never overtakes
 * itself. What fails is for `work` to handle.
 *
 * @returns what stops it.
 */
export function repeat(work: () => Promise<void>, milliseconds: number): () => void {
  let timer: NodeJS.Timeout;
  let isStopped = false;
  const scheduleNext = () => {
    timer = setTimeout(async () => {
      await work();
      if (!isStopped) scheduleNext();
    }, milliseconds).unref();
  };
  scheduleNext();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
