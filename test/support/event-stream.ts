import type { Client } from './client';

interface ShownEvent {
  id: string;
  type: string;
  position: string;
  data: Record<string, unknown>;
}

/** `GET /admin/events`, as a page that follows it reads it. */
export class OpenStream {
  private readonly parts: AsyncIterator<string>;
  private text = '';

  private constructor(
    readonly response: Response,
    private readonly leaving: AbortController,
  ) {
    this.parts = response.body!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  }

  static async open({ baseUrl }: Client, { token }: { token: string }, query = '') {
    const leaving = new AbortController();
    const headers = { authorization: `Bearer ${token}` };
    const { signal } = leaving;
    const response = await fetch(`${baseUrl}/admin/events${query}`, { headers, signal });
    if (response.status !== 200) throw new Error(`No stream: ${await response.text()}`);
    return new OpenStream(response, leaving);
  }

  /** The next line, undefined at the end. */
  async line(): Promise<string | undefined> {
    while (!this.text.includes('\n')) {
      const { done, value } = await this.parts.next();
      if (done) return undefined;
      this.text += value;
    }
    const [line, ...rest] = this.text.split('\n');
    this.text = rest.join('\n');
    return line;
  }

  async events(count: number): Promise<ShownEvent[]> {
    const events: ShownEvent[] = [];
    while (events.length < count) {
      const line = await this.line();
      if (line === undefined) break;
      if (line !== '') events.push(JSON.parse(line) as ShownEvent);
    }
    return events;
  }

  /** All that comes until the server ends it. @throws when the connection is cut instead. */
  rest(): Promise<ShownEvent[]> {
    return this.events(Infinity);
  }

  leave(): void {
    this.leaving.abort();
  }
}
