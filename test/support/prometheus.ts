import type { Client } from './client';

export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;

/** Reads the metrics of a server. */
export async function scrape(server: Client): Promise<Sample[]> {
  const { body } = await server.get('/metrics');
  return String(body)
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map(parse);
}

/** The sum of the samples with these labels; 0 before there is one. */
export function valueOf(samples: Sample[], name: string, labels: Sample['labels'] = {}): number {
  return samples
    .filter((sample) => sample.name === name && hasLabels(sample, labels))
    .reduce((sum, { value }) => sum + value, 0);
}

function parse(line: string): Sample {
  const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
  if (!name) throw new Error(`Not a Prometheus sample: ${line}`);
  const pairs = [...labels.matchAll(LABEL)].map(([, key, text]) => [key!, text!] as const);
  return { name, labels: Object.fromEntries(pairs), value: Number(value) };
}

function hasLabels({ labels }: Sample, wanted: Sample['labels']): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}
