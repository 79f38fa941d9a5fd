import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  attributes: Record<string, unknown>;
}

/** A collector of OpenTelemetry: takes traces as OTLP by HTTP, in protobuf. */
export class OtlpCollector {
  readonly spans: Span[] = [];
  readonly services = new Set<unknown>();
  /** The processes that have sent any. */
  readonly instances = new Set<unknown>();
  private readonly server = createServer(async (request, response) => {
    this.take(fieldsOf(await buffer(request)));
    response.end();
  });

  static async start(): Promise<OtlpCollector> {
    const collector = new OtlpCollector();
    collector.server.listen(0, '127.0.0.1').unref();
    await once(collector.server, 'listening');
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  named(name: string): Span[] {
    return this.spans.filter((span) => span.name === name);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** The numbers are those of the fields in opentelemetry-proto, trace/v1. */
  private take(request: Fields): void {
    for (const ofResource of all(request, 1)) {
      const [resource] = all(ofResource, 1);
      const { 'service.name': name, 'service.instance.id': id } = attributesOf(resource!, 1);
      this.services.add(name);
      this.instances.add(id);
      const spans = all(ofResource, 2).flatMap((ofScope) => all(ofScope, 2));
      this.spans.push(...spans.map(spanOf));
    }
  }
}

function spanOf(span: Fields): Span {
  const text = (field: number, encoding: BufferEncoding) => bytes(span, field).toString(encoding);
  return {
    traceId: text(1, 'hex'),
    spanId: text(2, 'hex'),
    parentSpanId: text(4, 'hex'),
    name: text(5, 'utf8'),
    attributes: attributesOf(span, 9),
  };
}

function attributesOf(message: Fields, field: number): Record<string, unknown> {
  const pairs = all(message, field).map((pair) => {
    const [value] = all(pair, 2);
    const text = value!.get(1)?.[0];
    return [bytes(pair, 1).toString(), text ? String(text) : value!.get(3)?.[0]];
  });
  return Object.fromEntries(pairs);
}

/** The values of a message of protobuf by the number of their field. */
type Fields = Map<number, (Buffer | number)[]>;

const bytes = (message: Fields, field: number) =>
  (message.get(field)?.[0] as Buffer | undefined) ?? Buffer.alloc(0);

const all = (message: Fields, field: number) =>
  (message.get(field) ?? []).map((value) => fieldsOf(value as Buffer));

function fieldsOf(message: Buffer): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = () => {
    for (let [value, scale] = [0, 1]; ; scale *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => message.subarray(at, (at += length));
  const READERS = [
    varint,
    () => take(8),
    () => take(varint()),
    undefined,
    undefined,
    () => take(4),
  ];
  while (at < message.length) {
    const tag = varint();
    const value = READERS[tag % 8]!();
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), value]);
  }
  return fields;
}
