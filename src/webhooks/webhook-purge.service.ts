import { Injectable } from '@nestjs/common';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { WebhookEndpointsService } from './webhook-endpoints.service';

const PURGE_MS = 10 * 60_000;
/** As long as events are kept. */
const RETENTION_MS = 30 * 86_400_000;

/** Forgets attempts when their events are forgotten. */
@Injectable()
export class WebhookPurgeService {
  constructor(clock: Clock, endpoints: WebhookEndpointsService, jobs: BackgroundJobsService) {
    jobs.every('purge of webhook attempts', PURGE_MS, () =>
      endpoints.purge(clock.now() - RETENTION_MS),
    );
  }
}
