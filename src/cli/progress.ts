/** Milliseconds after which people begin to wonder. */
const PATIENCE_MS = 2000;
const ERASE_LINE = '\r\u001B[K';

/** Tells on a terminal what a command waits for, once it takes longer than two seconds. */
export async function showProgress<T>(what: string, work: Promise<T>): Promise<T> {
  const { stderr } = process;
  if (!stderr.isTTY) return work;
  const startedAt = performance.now();
  const tell = () => {
    const elapsed = performance.now() - startedAt;
    if (elapsed >= PATIENCE_MS)
      stderr.write(`${ERASE_LINE}${what}… ${Math.floor(elapsed / 1000)} s`);
  };
  const timer = setInterval(tell, PATIENCE_MS / 2);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    stderr.write(ERASE_LINE);
  }
}
