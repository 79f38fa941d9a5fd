import { appendFileSync } from 'node:fs';

/** What an attack came to, with honest users beside it. */
export interface Outcome {
  /** Of the table in docs/abuse.md. */
  readonly row: string;
  readonly attack: string;
  /** Honest users who got what they wanted, of how many. */
  readonly honest: readonly [served: number, of: number];
  /** That the attacker had sent. */
  readonly messages: number;
  readonly gain: string;
}

/** What a message by webhook costs by the built-in prices. */
const PRICE = 0.05;

/** Adds a line to the table that `npm run simulate` prints. */
export function report({ row, attack, honest, messages, gain }: Outcome): void {
  const file = process.env.SIMULATION_REPORT;
  if (!file) return;
  const spend = (messages * PRICE).toFixed(2);
  const line = { row, attack, honest: honest.join(' of '), messages, spend, gain };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}
