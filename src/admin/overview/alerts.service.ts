import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { nameIn, rowsOf, select } from '../../storage/queries';
import { type Integer, sql } from '../../storage/sql';
import { TANDEM } from '../../storage/tandem';
import { type Backlogs, BacklogsService } from '../../webhooks/backlogs.service';
import type { AlertDto, NodeDto } from '../dto/overview.dto';
import type { WatchedBudget } from './budgets.service';

/** Seconds, as `ops/prometheus/alerts.yml` has them. */
const LATE: readonly [AlertDto['kind'], keyof Backlogs, number][] = [
  ['audit_unsealed', 'auditSeconds', 120],
  ['events_late', 'outboxSeconds', 30],
  ['webhooks_late', 'webhookSeconds', 300],
];
/** Per cent of a budget of today. */
const NEARLY_SPENT = 80;
const HEALTHY: ReadonlySet<string> = new Set(['up', 'unused']);
/** Whoever has not brought a node back by then does without it. The list of nodes has it for a day. */
const MISSED_MS = 3_600_000;
/** As many as there may be. */
const MOST_ENDPOINTS = 20;

/** What somebody should look at, told where nobody has set up the alerts of Prometheus, too. */
@Injectable()
export class AlertsService {
  constructor(
    private readonly backlogs: BacklogsService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
  ) {}

  async list(
    nodes: readonly NodeDto[],
    budgets: readonly WatchedBudget[],
    now: number,
  ): Promise<AlertDto[]> {
    const [backlogs, endpoints] = await Promise.all([this.backlogs.read(), this.disabled()]);
    return [...ofNodes(nodes, now), ...late(backlogs), ...spent(budgets), ...endpoints];
  }

  private async disabled(): Promise<AlertDto[]> {
    const rows = await select(
      this.dataSource,
      rowsOf<{ id: Integer }>(sql`SELECT id FROM ${nameIn(this.dataSource, 'webhook_endpoints')}
        WHERE disabled_at > 0 LIMIT ${MOST_ENDPOINTS}`),
    );
    return rows.map(({ id }) => alert('webhook_disabled', String(id)));
  }
}

/** Processes of one machine have one name, which is told of once. */
function ofNodes(nodes: readonly NodeDto[], now: number): AlertDto[] {
  const up = nodes.filter(({ state }) => state === 'up');
  const cutOff = up.filter(({ redis }) => !HEALTHY.has(redis));
  const versions = distinct(up.map(({ version }) => version)).toSorted();
  return [
    ...namesOf(missedOf(nodes, now)).map((name) => alert('node_silent', name)),
    ...namesOf(cutOff).map((name) => alert('redis_away', name)),
    ...(versions.length > 1 ? [alert('versions_differ', versions.join(', '))] : []),
  ];
}

/**
 * The silent ones that nothing has come for since they were last heard of: neither a process of their name, nor, one for
 * one, processes of other names, as pods and machines of a group have a new one each time.
 */
function missedOf(nodes: readonly NodeDto[], now: number): NodeDto[] {
  const silent = nodes.filter(({ state }) => state === 'silent').toSorted(byTime('seen_at'));
  const lostNames = new Set(namesOf(silent));
  const others = nodes.filter(({ state, name }) => state === 'up' && !lostNames.has(name));
  const newcomers = others.toSorted(byTime('started_at'));
  return silent.filter((node) => {
    const { name, seen_at: lost } = node;
    if (nodes.some((other) => other.name === name && other.started_at > lost)) return false;
    const isReplaced = newcomers.length > 0 && newcomers[0]!.started_at > lost;
    if (isReplaced) newcomers.shift();
    return !isReplaced && now - lost.getTime() < MISSED_MS;
  });
}

/** The newest first. */
const byTime = (which: 'seen_at' | 'started_at') => (one: NodeDto, other: NodeDto) =>
  Number(other[which]) - Number(one[which]);

const distinct = (texts: readonly string[]) => [...new Set(texts)];

const namesOf = (nodes: readonly NodeDto[]) => distinct(nodes.map(({ name }) => name));

function late(backlogs: Backlogs): AlertDto[] {
  return LATE.filter(([, what, most]) => backlogs[what] > most).map(([kind, what]) =>
    alert(kind, null, Math.round(backlogs[what])),
  );
}

const spent = (budgets: readonly WatchedBudget[]): AlertDto[] =>
  budgets.flatMap(({ budget: { scope }, used: { total, fresh } }) => [
    ...(total >= NEARLY_SPENT ? [alert('budget_spent', scope, total)] : []),
    ...(fresh >= NEARLY_SPENT ? [alert('strangers_spent', scope, fresh)] : []),
  ]);

const alert = (
  kind: AlertDto['kind'],
  subject: string | null,
  value: number | null = null,
): AlertDto => ({ kind, subject, value });
