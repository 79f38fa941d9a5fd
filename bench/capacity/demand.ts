import figures from '../figures.json';
import type { Assumptions } from './assumptions';
import { type Kind, KINDS, type Rates, rates } from './rates';

/** What a population needs, in the busiest hour where nothing else is said. */
export interface Demand {
  readonly rates: Rates;
  /** Processes of one core each. */
  readonly nodes: number;
  /** The share of a core that each of them spends on reading which sessions ended. */
  readonly pollShare: number;
  readonly requests: number;
  readonly statements: number;
  readonly rowsWritten: number;
  /** Of those, the times of the last use. */
  readonly lastUses: number;
  /** Every one waits for the disk. */
  readonly commits: number;
  /** Rows that all nodes together read again and again to learn which sessions ended. */
  readonly polledRows: number;
  readonly connections: number;
  readonly sessionRows: number;
  readonly sqlBytes: number;
  readonly redisCommands: number;
  readonly redisBytes: number;
  /** On each node. */
  readonly revocations: number;
  readonly revocationBytes: number;
  readonly messagesPerMonth: number;
  readonly dollarsPerMonth: number;
}

const DAY = 86_400;
/** What no request asks for. */
const INTERNAL = new Set<Kind>(['activeMinutes', 'lastUses']);
const LEAST_NODES = 2;
const POOL_SIZE = 16;
const POLL_SECONDS = 0.5;
/** Each poll reads over the last minute again: see `RevocationFeedService`. */
const REREAD_SECONDS = 60 + POLL_SECONDS;
/** By how much the clock may be set: so much longer than access tokens are ended sessions held. */
const CLOCK_JUMP_HOURS = 65 / 60;
const PAGE = 1000;
const CODE_SECONDS = 300;
/** Of the limits that a code to a known number counts against, the windows together. */
const LIMIT_SECONDS = 3 * 3600 + 60 + DAY;
const DELIVERY_DAYS = 90;

type Costs = Partial<Record<Kind, number>>;

export function demandOf(assumptions: Assumptions): Demand {
  const nodes = nodesFor(assumptions);
  const of = rates(assumptions, nodes);
  const { peak, mean } = of;
  const ended = peak.logins + peak.firstLogins;
  const polls = nodes / (POLL_SECONDS + pollTime(ended));
  const messages = mean.codes * 30 * DAY;
  const sessionRows =
    of.liveSessions + (mean.logins + mean.firstLogins) * assumptions.retentionDays * DAY;
  const revocations = ended * 3600 * (assumptions.accessHours + CLOCK_JUMP_HOURS);
  return {
    rates: of,
    nodes,
    pollShare: pollShare(ended),
    requests: KINDS.reduce((sum, kind) => sum + (INTERNAL.has(kind) ? 0 : peak[kind]), 0),
    statements: total(peak, figures.statements) + polls * (3 + pagesOf(ended)),
    rowsWritten: total(peak, figures.rowsWritten),
    lastUses: peak.lastUses,
    commits: total(peak, figures.commits),
    polledRows: polls * ended * REREAD_SECONDS,
    connections: nodes * POOL_SIZE,
    sessionRows,
    sqlBytes: sqlBytes(assumptions, sessionRows, messages),
    redisCommands: total(peak, figures.redisCommands),
    redisBytes: redisBytes(of),
    revocations,
    revocationBytes: revocations * figures.bytes.revocation,
    messagesPerMonth: messages,
    dollarsPerMonth: messages * assumptions.messagePrice,
  };
}

/** More nodes see a session in a minute, so that some rounds are needed until the number holds. */
function nodesFor(assumptions: Assumptions): number {
  let nodes = LEAST_NODES;
  for (let round = 0; round < 50; round++) {
    const { peak } = rates(assumptions, nodes);
    const work = total(peak, figures.cpuMicroseconds) / 1e6;
    const left = assumptions.utilisation - pollShare(peak.logins + peak.firstLogins);
    if (left <= 0) return Infinity;
    nodes = Math.max(LEAST_NODES, Math.ceil(work / left));
  }
  return nodes;
}

function pollShare(ended: number): number {
  return pollTime(ended) / (POLL_SECONDS + pollTime(ended));
}

/** Seconds of a core. */
function pollTime(ended: number): number {
  const { poll, polledRow } = figures.cpuMicroseconds;
  return (poll + polledRow * ended * REREAD_SECONDS) / 1e6;
}

const pagesOf = (ended: number) => Math.floor((ended * REREAD_SECONDS) / PAGE);

function total(of: Record<Kind, number>, costs: Costs): number {
  return KINDS.reduce((sum, kind) => sum + of[kind] * (costs[kind] ?? 0), 0);
}

function sqlBytes(
  { users, accountsPerUser }: Assumptions,
  sessionRows: number,
  messagesPerMonth: number,
): number {
  const { user, profile, session, delivery } = figures.bytes;
  const deliveries = (messagesPerMonth / 30) * DELIVERY_DAYS;
  return users * accountsPerUser * (user + profile) + sessionRows * session + deliveries * delivery;
}

/** A code counts for a day, so that the mean tells. */
function redisBytes({ mean, peak }: Rates): number {
  const { challenge, limiterKey } = figures.bytes;
  return peak.codes * CODE_SECONDS * challenge + mean.codes * LIMIT_SECONDS * limiterKey;
}
