import type { DataSource } from 'typeorm';
import { withRunner } from './runner';
import type { Sql } from './sql';
import { isOutage } from './sql-errors';

type Rows = Record<string, unknown>[];

interface LookUp {
  readonly statement: Sql;
  resolve(rows: Rows): void;
  reject(error: unknown): void;
}

/** Of one call. */
const MOST = 100;

/**
 * Sends the look-ups of one turn of the event loop in one call, which costs more than they do. What is alone waits for nothing
 * but the end of the turn.
 */
export class LookUps {
  private waiting: LookUp[] = [];

  constructor(private readonly on: DataSource) {}

  rowsOf(statement: Sql): Promise<Rows> {
    return new Promise((resolve, reject) => {
      if (this.waiting.length === 0) setImmediate(() => this.sendAll());
      this.waiting.push({ statement, resolve, reject });
    });
  }

  private sendAll(): void {
    const { waiting } = this;
    this.waiting = [];
    while (waiting.length > 0) void this.send(waiting.splice(0, MOST));
  }

  private async send(lookUps: readonly LookUp[]): Promise<void> {
    try {
      const answers = await this.answersTo(lookUps);
      for (const [index, lookUp] of lookUps.entries()) lookUp.resolve(answers[index]!);
    } catch (error) {
      // The server stops at the one that fails: the others are answered without it.
      const isOfOne = lookUps.length > 1 && !isOutage(error);
      for (const lookUp of lookUps) {
        if (isOfOne) void this.send([lookUp]);
        else lookUp.reject(error);
      }
    }
  }

  private answersTo(lookUps: readonly LookUp[]): Promise<Rows[]> {
    const text = lookUps.map(({ statement }) => statement.text).join(';\n');
    const values = lookUps.flatMap(({ statement }) => statement.values);
    return withRunner(this.on, async (runner) => {
      const answer = await runner.query(text, values);
      return lookUps.length === 1 ? [answer] : answer;
    });
  }
}
