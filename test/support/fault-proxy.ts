import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What happens to what passes between a server and its store. */
export type NetworkFault =
  /** Milliseconds that every piece takes longer, each way. */
  | { kind: 'latency'; milliseconds: number }
  /** Nothing arrives either way until it heals, and nobody is told. */
  | { kind: 'black hole' }
  /** The store hears the server, which hears nothing. */
  | { kind: 'half-open' }
  /** Every connection is reset, and every new one. */
  | { kind: 'reset' }
  /** Pieces of a few bytes. */
  | { kind: 'slice' }
  /** Bytes a second, each way. */
  | { kind: 'bandwidth'; bytes: number }
  /** The connection is lost when the store answers a request that contains `text`. */
  | { kind: 'cut after'; text: string }
  /** The store dies in the place of an answer, counted on all connections: what it was asked is done, and nobody is told. */
  | { kind: 'dies'; atAnswer: number }
  /** A connection that is silent for so long is forgotten: nothing arrives on it any more, and nobody is told. */
  | { kind: 'forgetful'; milliseconds: number }
  /** What the server says is changed on its way. Both are of one length. */
  | { kind: 'replace'; text: string; by: string };

type Direction = 'to store' | 'to server';

const SLICE_BYTES = 3;

/** A TCP proxy in front of a store, whose faults begin and end while connections are open. */
export class FaultProxy {
  private fault?: NetworkFault;
  private answers = 0;
  private healed = Promise.resolve();
  private markHealed = () => undefined as void;
  private readonly links = new Set<Link>();
  private readonly server: Server;

  private constructor(public target: number) {
    this.server = createServer((client) => this.accept(client));
  }

  /** @param target the port of the store, on this machine. May change: a new one is for new connections. */
  static async before(target: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await once(proxy.server.listen(0, '127.0.0.1').unref(), 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  break(fault: NetworkFault): void {
    this.heal();
    this.fault = fault;
    this.answers = 0;
    this.healed = new Promise((resolve) => (this.markHealed = resolve));
    if (fault.kind === 'reset') this.cut();
  }

  heal(): void {
    this.fault = undefined;
    this.markHealed();
  }

  get isReset(): boolean {
    return this.fault?.kind === 'reset';
  }

  /** From now on nothing arrives on the connections that are open, and nobody is told. New ones are served. */
  forgetAll(): void {
    for (const link of this.links) link.forget();
  }

  /** Resets every connection that is open. */
  cut(): void {
    for (const link of this.links) link.cut();
  }

  async close(): Promise<void> {
    this.heal();
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: Socket): void {
    if (this.fault?.kind === 'reset') return void client.resetAndDestroy();
    const link = new Link(client, connect(this.target, '127.0.0.1'));
    this.links.add(link);
    link.onEnd(() => this.links.delete(link));
    const carry = (from: Socket, to: Socket, direction: Direction) => {
      let last = Promise.resolve();
      from.on('data', (piece) => {
        from.pause();
        last = last.then(() => this.pass(piece as Buffer, to, direction, link));
        void last.then(() => from.resume());
      });
      from.on('end', () => void last.then(() => to.end()));
    };
    carry(link.client, link.store, 'to store');
    carry(link.store, link.client, 'to server');
  }

  private async pass(piece: Buffer, to: Socket, direction: Direction, link: Link): Promise<void> {
    const { fault } = this;
    if (link.isLost) return;
    const silence = link.endSilence();
    switch (fault?.kind) {
      case 'latency':
        await Promise.race([delay(fault.milliseconds), this.healed]);
        break;
      case 'black hole':
        await this.healed;
        break;
      case 'half-open':
        if (direction === 'to server') await this.healed;
        break;
      case 'bandwidth':
        await Promise.race([delay((piece.length / fault.bytes) * 1000), this.healed]);
        break;
      case 'slice':
        return writeSliced(piece, to);
      case 'cut after':
        if (direction === 'to server' && link.isDoomed) return link.cut();
        if (direction === 'to store') link.isDoomed = piece.includes(fault.text);
        break;
      case 'dies':
        if (direction === 'to server' && ++this.answers === fault.atAnswer)
          return this.break({ kind: 'reset' });
        break;
      case 'forgetful':
        if (silence > fault.milliseconds) return link.forget();
        break;
      case 'replace':
        if (direction === 'to store') return void to.write(replaced(piece, fault));
        break;
      case 'reset':
      case undefined:
    }
    to.write(piece);
  }
}

/** A connection of the server and that to the store behind it: what ends one ends the other. */
class Link {
  isDoomed = false;
  isLost = false;
  private lastPieceAt = performance.now();

  constructor(
    readonly client: Socket,
    readonly store: Socket,
  ) {
    for (const socket of [client, store]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.cut());
    }
  }

  forget(): void {
    this.isLost = true;
  }

  /** How many milliseconds nothing has passed. */
  endSilence(): number {
    const silence = performance.now() - this.lastPieceAt;
    this.lastPieceAt += silence;
    return silence;
  }

  onEnd(done: () => void): void {
    this.client.once('close', done);
  }

  cut(): void {
    // One that is shutting down cannot be reset, and would stay for ever.
    if (this.client.writableEnded) this.client.destroy();
    else this.client.resetAndDestroy();
    this.store.destroy();
  }
}

const replaced = (piece: Buffer, { text, by }: { text: string; by: string }) =>
  Buffer.from(piece.toString('latin1').replaceAll(text, by), 'latin1');

async function writeSliced(piece: Buffer, to: Socket): Promise<void> {
  for (let start = 0; start < piece.length; start += SLICE_BYTES) {
    to.write(piece.subarray(start, start + SLICE_BYTES));
    await new Promise(setImmediate);
  }
}
