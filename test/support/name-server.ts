import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import ipaddr from 'ipaddr.js';

const [A, AAAA] = [1, 28];
const HEADER_BYTES = 12;

/** A DNS server on this machine that knows a few names. It leaves names without addresses unanswered. */
export class NameServer {
  private readonly socket = createSocket('udp4');
  /** The names that it was asked for, one for each question of type A. */
  readonly asked: string[] = [];

  private constructor(private readonly addresses: Map<string, string[]>) {
    this.socket.on('message', (query, { port, address }) => {
      const answer = this.answer(query);
      if (answer) this.socket.send(answer, port, address);
    });
  }

  static async open(addresses: Record<string, string[]>): Promise<NameServer> {
    const server = new NameServer(new Map(Object.entries(addresses)));
    server.socket.bind(0, '127.0.0.1').unref();
    await once(server.socket, 'listening');
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  close(): void {
    this.socket.close();
  }

  private answer(query: Buffer): Buffer | undefined {
    const labels: string[] = [];
    let end = HEADER_BYTES;
    for (let size = query[end]!; size > 0; size = query[end]!) {
      labels.push(query.toString('latin1', end + 1, end + 1 + size));
      end += size + 1;
    }
    const [name, type] = [labels.join('.'), query.readUInt16BE(end + 1)];
    if (type === A) this.asked.push(name);
    const known = this.addresses.get(name);
    if (!known) return undefined;
    const records = known
      .map((text) => ipaddr.parse(text).toByteArray())
      .filter((bytes) => bytes.length === (type === A ? 4 : 16) && [A, AAAA].includes(type));
    const header = Buffer.from(query.subarray(0, HEADER_BYTES));
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(records.length, 6);
    header.fill(0, 8);
    const answers = records.map((bytes) =>
      Buffer.from([0xc0, HEADER_BYTES, 0, type, 0, 1, 0, 0, 0, 60, 0, bytes.length, ...bytes]),
    );
    return Buffer.concat([header, query.subarray(HEADER_BYTES, end + 5), ...answers]);
  }
}
