import type { Clock } from '../common/clock';

const NOW = "julianday('now')";
const DAY_MS = 86_400_000;

interface Statement {
  [member: string]: unknown;
}

/** As much of libsql as matters here. */
interface Sqlite {
  prepare(sql: string): Statement;
}

/**
 * The time of one Tandem: that of its database, which it goes by. It goes on from where it is set. Timers and limits
 * count on as before.
 */
export class TestClock {
  /** What the clock of the database is ahead of that of this machine. */
  private shiftMs = 0;
  private clock?: Clock;
  /** SQLite with this clock, for TypeORM. */
  readonly driver = sqliteWith(() => this.shiftMs);

  attachTo(clock: Clock): void {
    this.clock = clock;
  }

  now(): Date {
    return new Date(Date.now() + this.shiftMs);
  }

  async set(time: Date | string | number): Promise<void> {
    this.shiftMs = new Date(time).getTime() - Date.now();
    await this.clock?.follow(async () => this.now().getTime());
  }

  advance(seconds: number): Promise<void> {
    return this.set(this.now().getTime() + seconds * 1000);
  }
}

/** A statement that reads the clock is prepared anew whenever it is used: TypeORM keeps them. */
function sqliteWith(shiftMs: () => number): new (...known: unknown[]) => Sqlite {
  const Libsql = require('libsql') as new (...known: unknown[]) => Sqlite;
  return class extends Libsql {
    override prepare(sql: string): Statement {
      if (!sql.includes(NOW)) return super.prepare(sql);
      const prepareAnew = () =>
        super.prepare(sql.replaceAll(NOW, `(${NOW} + ${shiftMs() / DAY_MS})`));
      return new Proxy<Statement>(
        {},
        {
          get(_, name: string) {
            const statement = prepareAnew();
            const member = statement[name];
            return typeof member === 'function' ? member.bind(statement) : member;
          },
        },
      );
    }
  };
}
