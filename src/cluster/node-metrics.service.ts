import { on } from 'node:events';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AggregatorRegistry } from 'prom-client';
import { ApiException } from '../common/errors';
import { MetricsService } from '../observability/metrics.service';
import { isWorker } from './role';
import type { MetricsAnswer, MetricsMessage } from './metrics-relay';

/** For all workers to answer. */
const ANSWER_TIMEOUT_MS = 2000;

/**
 * The metrics of all workers of this node, whichever worker is scraped. `prom-client` can aggregate, too, but would
 * wait for workers that are starting or dead: here only those that listen are asked.
 */
@Injectable()
export class NodeMetricsService implements OnModuleInit, OnApplicationShutdown {
  private questions = 0;
  private underWay?: Promise<string>;

  constructor(private readonly metrics: MetricsService) {}

  onModuleInit(): void {
    if (isWorker) process.on('message', this.answer);
  }

  onApplicationShutdown(): void {
    process.off('message', this.answer);
  }

  /**
   * In the text format of Prometheus.
   *
   * @throws ApiException `UNAVAILABLE` when a worker does not answer: without it, counters would seem to go back.
   */
  read(): Promise<string> {
    if (!isWorker) return this.metrics.registry.metrics();
    // Scrapes at the same time share one round of questions.
    this.underWay ??= this.gather().finally(() => (this.underWay = undefined));
    return this.underWay;
  }

  private async gather(): Promise<string> {
    try {
      return await AggregatorRegistry.aggregate(await this.askAll()).metrics();
    } catch (error) {
      throw new ApiException('UNAVAILABLE', { cause: error });
    }
  }

  private async askAll(): Promise<object[]> {
    const question = ++this.questions;
    const answers: object[] = [];
    const messages = on(process, 'message', { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    send({ type: 'metrics-question', question, from: 0, of: 0 });
    for await (const [message] of messages as AsyncIterable<[MetricsMessage]>) {
      if (message.type !== 'metrics-answer' || message.question !== question) continue;
      answers.push(message.metrics);
      if (answers.length === message.of) break;
    }
    return answers;
  }

  private readonly answer = async (message: MetricsMessage): Promise<void> => {
    if (message.type !== 'metrics-question') return;
    const metrics = await this.metrics.registry.getMetricsAsJSON();
    send({ ...message, type: 'metrics-answer', metrics } satisfies MetricsAnswer);
  };
}

/** Ignores errors: without a primary process there is nobody to tell. */
function send(message: MetricsMessage): void {
  process.send?.(message, undefined, undefined, () => undefined);
}
