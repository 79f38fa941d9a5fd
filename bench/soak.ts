import type { Exchange } from './exchange';
import { drive } from './load';
import type { Subject } from './subject';
import { residentMemory } from './usage';

/** Requests of one round. Of 200 in a row: one first login, three logins, sixteen refreshes; the others are guarded. */
const ROUND = 100_000;
const CYCLE = 200;
const FIRST_LOGINS = 1;
const LOGINS = 3;
const REFRESHES = 16;
const SESSIONS = 1000;

/** Sends so many requests of all kinds, and tells after each round what memory the server takes. */
export async function soak(
  subject: Subject,
  total: number,
  connections: number,
  report: (line: string) => void,
): Promise<void> {
  const memory = () => residentMemory(subject.pid)?.toFixed(0) ?? '–';
  report(`${subject.name}, at rest: ${memory()} MiB`);
  for (let sent = 0; sent < total;) {
    const amount = Math.min(ROUND, total - sent);
    const exchanges = await mixture(subject, amount);
    const { requestsPerSecond } = await drive(subject, exchanges, { amount, connections });
    sent += amount;
    report(`${sent} requests: ${memory()} MiB, ${requestsPerSecond.toFixed(0)} req/s`);
  }
}

async function mixture(subject: Subject, amount: number): Promise<Exchange[]> {
  const sessions = await subject.sessions(SESSIONS);
  const cycles = Math.ceil(amount / CYCLE);
  const firstLogins = await subject.logins(subject.newMobiles(cycles * FIRST_LOGINS));
  const logins = await subject.logins(await subject.knownMobiles(cycles * LOGINS));
  const { whoAmI, refresh = whoAmI } = subject.dialect;
  return Array.from({ length: amount }, (_, index) => {
    const turn = index % CYCLE;
    const session = sessions[(index + Math.floor(index / CYCLE)) % sessions.length]!;
    if (turn < FIRST_LOGINS) return firstLogins.pop()!;
    if (turn < FIRST_LOGINS + LOGINS) return logins.pop()!;
    if (turn < FIRST_LOGINS + LOGINS + REFRESHES) return refresh(session);
    return whoAmI(session);
  });
}
