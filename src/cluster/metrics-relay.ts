import cluster, { type Worker } from 'node:cluster';

/** From the scraped worker to the primary process, which passes it on to all workers. */
export interface MetricsQuestion {
  type: 'metrics-question';
  question: number;
  /** The worker that asks. */
  from: number;
  /** How many are asked. */
  of: number;
}

/** From each worker to the primary process, which passes it on to the one that asked. */
export interface MetricsAnswer extends Omit<MetricsQuestion, 'type'> {
  type: 'metrics-answer';
  /** As `prom-client` writes a registry to JSON. */
  metrics: object[];
}

export type MetricsMessage = MetricsQuestion | MetricsAnswer;

/** Workers can only talk to the primary process: it forwards questions and answers, and keeps nothing. */
export function relayMetrics(listening: () => Worker[]): void {
  cluster.on('message', (worker, message: MetricsMessage) => {
    if (message.type === 'metrics-answer') return tell(cluster.workers?.[message.from], message);
    if (message.type !== 'metrics-question') return;
    const asked = listening();
    for (const other of asked) tell(other, { ...message, from: worker.id, of: asked.length });
  });
}

/** Ignores a worker that is gone: whoever asked has a timeout. */
function tell(worker: Worker | undefined, message: MetricsMessage): void {
  worker?.send(message, undefined, undefined, () => undefined);
}
