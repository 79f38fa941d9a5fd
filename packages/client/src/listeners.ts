/** Who is told of what has changed, and of the same only once. */
export class Listeners<T> {
  private readonly listeners = new Set<(what: T) => void>();
  private told?: string;

  /** @returns what takes it off again. */
  add(listener: (what: T) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  tell(what: T): void {
    const text = JSON.stringify(what);
    if (text === this.told) return;
    this.told = text;
    for (const listener of this.listeners) listener(what);
  }

  clear(): void {
    this.listeners.clear();
  }
}
