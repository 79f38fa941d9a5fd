import cluster, { type Worker } from 'node:cluster';

/** From the worker that somebody asked, then from the first process to all. */
export interface MetricsQuestion {
  type: 'metrics-question';
  question: number;
  /** The worker that asks. */
  from: number;
  /** How many are asked. */
  of: number;
}

/** From each of them, then from the first process to the one that asks. */
export interface MetricsAnswer extends Omit<MetricsQuestion, 'type'> {
  type: 'metrics-answer';
  /** As `prom-client` writes a registry to JSON. */
  metrics: object[];
}

export type MetricsMessage = MetricsQuestion | MetricsAnswer;

/** Workers have no channel but that to the first process, which keeps nothing of what it passes on. */
export function relayMetrics(listening: () => Worker[]): void {
  cluster.on('message', (worker, message: MetricsMessage) => {
    if (message.type === 'metrics-answer') return tell(cluster.workers?.[message.from], message);
    if (message.type !== 'metrics-question') return;
    const asked = listening();
    for (const other of asked) tell(other, { ...message, from: worker.id, of: asked.length });
  });
}

/** One that is gone does not answer: whoever asks waits only so long. */
function tell(worker: Worker | undefined, message: MetricsMessage): void {
  worker?.send(message, undefined, undefined, () => undefined);
}
